package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What makes the start fast is used, and nobody notices where it does not fit: the launcher as a
 * process, on the checkout and on a copy of what it built there.
 */
@Tag("full")
class StartUpTest {
  private static final List<String> ASK = List.of("ask", "--seed", "1", "17 + 25");

  @TempDir Path folder;

  private final Path checkout = Path.of("").toAbsolutePath().getParent();

  private record Ended(int code, String out, String err) {}

  private Ended end(Process process, Path err) throws Exception {
    String out;
    try (InputStream in = process.getInputStream()) {
      out = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return new Ended(process.waitFor(), out, Files.readString(err));
  }

  private Process start(Path home, Map<String, String> environment, List<String> args, Path err)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("burhan").toString()));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("BURHAN_"));
    builder.environment().put("XDG_CONFIG_HOME", folder.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ended run(Path home, Map<String, String> environment, List<String> args)
      throws Exception {
    Path err = folder.resolve("stderr");
    return end(start(home, environment, args, err), err);
  }

  @BeforeEach
  void build() throws Exception {
    assertEquals(0, run(checkout, Map.of(), List.of("--version")).code());
  }

  /** A home with the launcher, the model and the last build, but without sources. */
  private Path copy() throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.copy(checkout.resolve("burhan"), home.resolve("burhan"));
    home.resolve("burhan").toFile().setExecutable(true);
    Files.createSymbolicLink(home.resolve("models"), checkout.resolve("models"));
    Path work = Files.createDirectory(home.resolve(".burhan"));
    String current = Files.readString(checkout.resolve(".burhan/current")).strip();
    Files.writeString(work.resolve("current"), current + "\n");
    Path app = Files.createDirectory(work.resolve(current));
    try (Stream<Path> files = Files.list(checkout.resolve(".burhan").resolve(current))) {
      for (Path file : files.toList()) {
        Files.copy(file, app.resolve(file.getFileName()));
      }
    }
    return home;
  }

  /** A JDK that writes down which classes it loads, and says it is of that version. */
  private Path tellingJdk(String version, Path log) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("jdk-" + version).resolve("bin"));
    Path real = Path.of(System.getProperty("java.home"), "bin");
    Files.createSymbolicLink(bin.resolve("javac"), real.resolve("javac"));
    Files.writeString(
        bin.resolve("java"),
        """
        #!/bin/sh
        for one; do
          shift
          set -- "$@" "$one"
          [ "$one" = -Xlog:disable ] && set -- "$@" -Xlog:class+load:file=%s
        done
        exec %s/java "$@"
        """
            .formatted(log, real));
    bin.resolve("java").toFile().setExecutable(true);
    Files.writeString(bin.resolveSibling("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return bin.getParent();
  }

  @Test
  void aRecordingThatDoesNotFitOrIsDamagedIsNobodysBusiness() throws Exception {
    String expected = run(checkout, Map.of(), ASK).out();
    Path home = copy(); // where the jars have other paths than those recorded
    assertEquals(new Ended(0, expected, ""), run(home, Map.of(), ASK));
    try (Stream<Path> files = Files.walk(home.resolve(".burhan"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".aot")).toList()) {
        Files.writeString(file, "not a recording");
      }
    }
    assertEquals(new Ended(0, expected, ""), run(home, Map.of(), ASK));
  }

  /**
   * Another JDK, two calls at once: one records, the other goes on without; later both are quick.
   */
  @Test
  void aChangedJdkIsRecordedOnceAndThenHardlyAnythingComesFromJars() throws Exception {
    String expected = run(checkout, Map.of(), ASK).out();
    Path home = copy();
    Path log = folder.resolve("classes");
    Map<String, String> other = Map.of("JAVA_HOME", tellingJdk("99.0.1", log).toString());
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(start(home, other, ASK, folder.resolve("stderr" + i)));
    }
    int said = 0;
    for (int i = 0; i < 2; i++) {
      Ended ended = end(both.get(i), folder.resolve("stderr" + i));
      assertEquals(0, ended.code(), ended.err());
      assertEquals(expected, ended.out());
      said += ended.err().contains("preparing for Java 99.0.1") ? 1 : 0;
    }
    assertEquals(1, said);
    assertEquals(new Ended(0, expected, ""), run(home, other, ASK));
    List<String> classes = Files.readAllLines(log);
    List<String> fromJars =
        classes.stream().filter(line -> line.contains("source: file:")).toList();
    assertTrue(classes.size() > 1000, "only " + classes.size() + " classes");
    assertTrue(fromJars.size() < 30, fromJars.toString());
  }
}
