package burhan.kernel;

import burhan.assembler.ExecutableMemoryException;
import burhan.tensor.BadInputException;
import java.util.List;
import java.util.Locale;

/**
 * Which set of inner loops somebody wants. Knows what each needs of Java and of the machine, and
 * asks the machine's {@link KernelPolicy}; knows no kernel.
 */
public enum KernelChoice {
  /** The fastest that this machine has and its policy allows. */
  AUTO,
  /** Machine code that Burhan writes itself; needs memory that may be made executable. */
  X86,
  /** The Vector API, which needs {@code --add-modules jdk.incubator.vector}. */
  VECTOR,
  /** Plain loops: the slow reference. */
  SCALAR;

  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String NO_VECTORS = "this processor has no vectors that Java can use";

  /**
   * Whether a set can run here.
   *
   * @param name of the set, with what it found, such as {@code vector-256}
   * @param reason one sentence: what it is, or why it cannot run
   */
  public record Report(KernelChoice choice, String name, boolean isAvailable, String reason) {}

  /** As the command line writes it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The choice of that label.
   *
   * @throws BadInputException naming all that are known
   */
  static KernelChoice of(String label, String where) {
    for (KernelChoice choice : values()) {
      if (choice.label().equals(label)) {
        return choice;
      }
    }
    throw new BadInputException(
        where + ": there are no kernels '" + label + "'; expected auto, x86, vector or scalar");
  }

  /** Whether a policy of this name allows that set. */
  boolean allows(KernelChoice other) {
    // They stand above from wide to narrow.
    return this == AUTO || other.compareTo(this) >= 0;
  }

  /**
   * The kernels.
   *
   * @param workers shared by all products of a model
   * @throws BadInputException if the policy forbids them, or Java or the machine does not have what
   *     they need
   */
  public Kernels kernels(Workers workers) {
    return kernels(workers, true, CacheType.AUTO);
  }

  /**
   * The same with a choice of whether weights are packed, and of what attention remembers.
   *
   * @param repack false multiplies weights where they lie in the file: a model opens at once and
   *     takes no memory, and is slower. Emitted code knows packed weights only
   * @throws BadInputException also if the kernels cannot keep that cache type
   */
  public Kernels kernels(Workers workers, boolean repack, CacheType cacheType) {
    return kernels(workers, repack, cacheType, Precision.FAST);
  }

  /** The same with a choice of how exactly they compute. */
  public Kernels kernels(
      Workers workers, boolean repack, CacheType cacheType, Precision precision) {
    Kernels kernels = chosen(workers, repack, cacheType, precision);
    if (cacheType != CacheType.AUTO && kernels.cacheType() != cacheType) {
      throw new BadInputException(
          "--cache-type %s: %s kernels remember %s only; choose --cache-type %3$s or auto"
              .formatted(cacheType.label(), kernels.name(), kernels.cacheType().label()));
    }
    return kernels;
  }

  private Kernels chosen(
      Workers workers, boolean repack, CacheType cacheType, Precision precision) {
    KernelChoice allowed = KernelPolicy.machine().narrowed(this);
    String missing = allowed == SCALAR ? "" : vectorsMissing();
    if (this == AUTO && allowed != SCALAR && !missing.isEmpty() && hasVectorModule()) {
      System.getLogger(KernelChoice.class.getName())
          .log(
              System.Logger.Level.WARNING,
              NO_VECTORS + "; the scalar kernels are used, which are slow");
      return new ScalarKernels();
    }
    if (!missing.isEmpty() && allowed != X86) {
      throw new BadInputException(missing);
    }
    return switch (allowed) {
      case SCALAR -> new ScalarKernels();
      case VECTOR -> new VectorKernels(workers, repack);
      case X86 -> {
        if (!repack) {
          throw new BadInputException(
              "kernels x86 multiply packed weights only; choose vector to leave them as they are");
        }
        yield x86(workers, missing, cacheType, precision);
      }
      case AUTO ->
          repack ? Kernels.best(workers, precision, cacheType) : new VectorKernels(workers, false);
    };
  }

  private static Kernels x86(
      Workers workers, String missing, CacheType cacheType, Precision precision) {
    if (!missing.isEmpty()) {
      throw new BadInputException("x86 kernels cannot run here: " + missing);
    }
    try {
      return new X86Kernels(workers, precision, cacheType);
    } catch (ExecutableMemoryException e) {
      throw new BadInputException(
          "x86 kernels cannot run here: %s; choose --kernels auto".formatted(e.getMessage()), e);
    }
  }

  /** What each set says about this machine, the fastest first; the policy forbids, never widens. */
  public static List<Report> reports() {
    String missing = vectorsMissing();
    String vector = missing.isEmpty() ? "vector-" + 32 * VectorSupport.LANES : VECTOR.label();
    return List.of(
        x86Report(missing),
        new Report(
            VECTOR,
            vector,
            missing.isEmpty(),
            missing.isEmpty() ? "the Vector API of Java" : missing),
        new Report(SCALAR, SCALAR.label(), true, "plain loops, the slow reference"));
  }

  private static Report x86Report(String missing) {
    if (!KernelPolicy.machine().allows(X86)) {
      return new Report(X86, X86.label(), false, "the policy forbids machine code of our own");
    }
    try (Workers one = new Workers(1)) {
      String name = x86(one, missing, CacheType.AUTO, Precision.FAST).name();
      return new Report(X86, name, true, "machine code written for this processor");
    } catch (BadInputException e) {
      return new Report(X86, X86.label(), false, String.valueOf(e.getMessage()));
    }
  }

  /** Why the Vector API cannot be used; empty if it can. */
  private static String vectorsMissing() {
    if (!hasVectorModule()) {
      return "Java runs without the Vector API; start it with --add-modules "
          + VECTOR_MODULE
          + ", or ask for scalar kernels, which are many times slower";
    }
    return VectorKernels.isSupported() ? "" : NO_VECTORS + "; ask for scalar kernels";
  }

  // Looked for by name first: without it the vector classes cannot even be loaded.
  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }
}
