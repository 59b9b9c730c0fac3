package burhan.cli;

import burhan.api.Model;
import burhan.api.ModelNames;
import burhan.api.OpenOptions;
import burhan.engine.Speculation;
import burhan.kernel.CacheType;
import burhan.kernel.KernelChoice;
import burhan.kernel.Kernels;
import burhan.kernel.Precision;
import burhan.kernel.ScalarKernels;
import burhan.kernel.Workers;
import burhan.tensor.BadInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model, and what it runs on. */
final class ModelOptions {
  private static final String IN_THE_BOX = "burhan-nano";

  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH|NAME",
      description =
          "A model's path, the name of one that was pulled, such as org/repo or org/repo:Q4_K_M, or"
              + " of the one in the box (${DEFAULT-VALUE}).",
      defaultValue = IN_THE_BOX)
  private String model = IN_THE_BOX;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with (all cores).")
  private @Nullable Integer threads;

  @Option(
      names = "--kernels",
      paramLabel = "SET",
      description =
          "Inner loops: auto, x86, vector or scalar (${DEFAULT-VALUE}); a policy of the machine may"
              + " forbid the faster ones.",
      defaultValue = "auto")
  private KernelChoice kernels = KernelChoice.AUTO;

  @Option(
      names = "--no-repack",
      description =
          "Multiply weights where they lie in the file: opens at once and takes no memory, but is"
              + " slower.")
  private boolean noRepack;

  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      description =
          "What attention remembers numbers as: f32, bf16, or auto, which is bf16 with x86 kernels"
              + " and f32 with the others, who know no other (${DEFAULT-VALUE}).",
      defaultValue = "auto")
  private CacheType cacheType = CacheType.AUTO;

  @Option(
      names = "--ctx",
      paramLabel = "N",
      description = "Most tokens of prompt and answer together (what the model was made for).")
  private @Nullable Integer context;

  /** The name as given. */
  String model() {
    return model;
  }

  /**
   * Where the model lies.
   *
   * @throws BadInputException if there is none of that name
   */
  Path path() {
    return ModelNames.path(model);
  }

  /** Opens the model to answer without guesses: the steps of many sequences are wide as it is. */
  Model open(Console console) {
    return open(console, Speculation.OFF);
  }

  /** Opens the model as an application does, and says what a user should know of it. */
  Model open(Console console, Speculation speculation) {
    Model opened;
    try (OpeningLine line = new OpeningLine(console, model)) {
      opened = Model.open(model, options().withSpeculation(speculation).withLoadListener(line));
    }
    if (opened.engine().writesPlainLines()) {
      console.error(
          "burhan: %s has no chat template; the conversation is written as plain lines"
              .formatted(model));
    }
    return opened;
  }

  /**
   * How it is opened.
   *
   * @throws UsageException if an option is out of range
   */
  OpenOptions options() {
    try {
      OpenOptions options =
          OpenOptions.DEFAULT.withKernels(chosen()).withRepack(!noRepack).withCacheType(cacheType);
      if (threads != null) {
        options = options.withThreads(threads);
      }
      return context == null ? options : options.withContextLength(context);
    } catch (BadInputException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  /**
   * The launcher starts Java without vectors for the model in the box: it has answered before they
   * would be compiled. For any other model that would be a slow path, which must not be silent.
   */
  private KernelChoice chosen() {
    return kernels == KernelChoice.AUTO
            && model.equals(IN_THE_BOX)
            && System.getProperty("burhan.kernels", "").equals("scalar")
        ? KernelChoice.SCALAR
        : kernels;
  }

  /** How many threads compute. */
  int threads() {
    return options().threads();
  }

  /**
   * The same for what is compared with references: without a choice, kernels that round nothing.
   */
  Kernels exactKernels(Workers workers) {
    KernelChoice choice = chosen();
    return (choice == KernelChoice.AUTO ? KernelChoice.VECTOR : choice)
        .kernels(workers, !noRepack, cacheType, Precision.EXACT);
  }

  /** The same where nothing is computed: without a choice, any will do where none can run. */
  Kernels describedKernels(Workers workers) {
    try {
      return kernels(workers);
    } catch (BadInputException e) {
      if (kernels != KernelChoice.AUTO || cacheType != CacheType.AUTO) {
        throw e;
      }
      return new ScalarKernels();
    }
  }

  /** The inner loops, on a pool of their own. */
  Kernels kernels(Workers workers) {
    return chosen().kernels(workers, !noRepack, cacheType);
  }
}
