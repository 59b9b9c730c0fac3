package burhan.kernel;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What whoever runs a machine allows on it: the widest kernel set, for places where no memory may
 * be made executable. One file, {@code /etc/burhan/policy.toml}, with {@code kernels = "vector"};
 * where there is none, the file that {@code BURHAN_POLICY} names. No option widens it. Fails
 * closed: what is not understood is an error, not ignored.
 *
 * @param where the file, or what is said in its place
 * @param kernels the widest set
 */
public record KernelPolicy(String where, KernelChoice kernels) {
  private static final Path MACHINE = Path.of("/etc/burhan/policy.toml");
  private static final String VARIABLE = "BURHAN_POLICY";
  private static final KernelPolicy NONE = new KernelPolicy("no policy", KernelChoice.AUTO);

  /**
   * That of this machine and this process.
   *
   * @throws BadInputException if a policy is there and cannot be read
   */
  public static KernelPolicy machine() {
    return of(MACHINE, System.getenv());
  }

  static KernelPolicy of(Path machine, Map<String, String> environment) {
    if (Files.exists(machine)) {
      return read(machine);
    }
    String named = environment.getOrDefault(VARIABLE, "");
    return named.isEmpty() ? NONE : read(Path.of(named));
  }

  /** Whether that set may run. */
  public boolean allows(KernelChoice choice) {
    return kernels.allows(choice);
  }

  /** Whether there is one that forbids anything. */
  public boolean isLocked() {
    return kernels != KernelChoice.AUTO;
  }

  /**
   * What that choice comes to here.
   *
   * @throws BadInputException if it is wider than the policy
   */
  KernelChoice narrowed(KernelChoice wanted) {
    if (wanted == KernelChoice.AUTO) {
      return kernels == KernelChoice.X86 ? KernelChoice.AUTO : kernels;
    }
    if (!allows(wanted)) {
      throw new BadInputException(
          "--kernels %s: the policy %s allows %s at most, and no option widens it"
              .formatted(wanted.label(), where, kernels.label()));
    }
    return wanted;
  }

  private static KernelPolicy read(Path file) {
    KernelChoice kernels = KernelChoice.AUTO;
    try {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        String text = (line.contains("#") ? line.substring(0, line.indexOf('#')) : line).strip();
        if (!text.isEmpty()) {
          kernels = kernels(text, file + ": line " + number);
        }
      }
    } catch (NoSuchFileException e) {
      throw new BadInputException(file + ": no such policy, though " + VARIABLE + " names it", e);
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
    return new KernelPolicy(file.toString(), kernels);
  }

  private static KernelChoice kernels(String text, String where) {
    int equals = text.indexOf('=');
    String value = equals < 0 ? "" : text.substring(equals + 1).strip();
    if (equals < 0
        || !text.substring(0, equals).strip().equals("kernels")
        || value.length() < 2
        || !value.startsWith("\"")
        || !value.endsWith("\"")) {
      throw new BadInputException(
          where + ": '" + text + "' is not understood; a policy says kernels = \"vector\"");
    }
    return KernelChoice.of(value.substring(1, value.length() - 1), where);
  }
}
