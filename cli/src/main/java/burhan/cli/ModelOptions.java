package burhan.cli;

import burhan.kernel.Kernels;
import burhan.kernel.ScalarKernels;
import burhan.kernel.VectorKernels;
import burhan.kernel.Workers;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model, and what it runs on. */
final class ModelOptions {
  /** The inner loops to choose from. */
  enum KernelSet {
    auto,
    scalar,
    vector
  }

  private static final String IN_THE_BOX = "burhan-nano";

  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH|NAME",
      description = "A model folder, or the name of a model in the box (${DEFAULT-VALUE}).",
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
      description = "Inner loops: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).",
      defaultValue = "auto")
  private KernelSet kernels = KernelSet.auto;

  /** The name as given. */
  String model() {
    return model;
  }

  /**
   * The folder of the model.
   *
   * @throws BadInputException if there is none of that name
   */
  Path folder() {
    Path given = Path.of(model);
    if (Files.exists(given) || model.contains("/") || model.contains("\\")) {
      return given;
    }
    String box = System.getProperty("burhan.models", "");
    if (!box.isEmpty() && Files.isDirectory(Path.of(box, model))) {
      return Path.of(box, model);
    }
    throw new BadInputException(
        "%s: no such folder, and no model of that name in the box, which holds %s; give -m FOLDER"
            .formatted(model, names(box)));
  }

  private static String names(String box) {
    if (box.isEmpty() || !Files.isDirectory(Path.of(box))) {
      return "none";
    }
    try (Stream<Path> folders = Files.list(Path.of(box))) {
      List<String> names =
          folders.filter(Files::isDirectory).map(f -> f.getFileName().toString()).sorted().toList();
      return names.isEmpty() ? "none" : String.join(", ", names);
    } catch (IOException e) {
      return "none";
    }
  }

  /** How many threads compute. */
  int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1 || threads > 1024) {
      throw new UsageException("--threads is " + threads + ", expected 1 to 1024");
    }
    return threads;
  }

  /** The inner loops, on a pool of their own. */
  Kernels kernels(Workers workers) {
    return switch (kernels) {
      case scalar -> new ScalarKernels();
      case vector, auto -> {
        if (!VectorKernels.isSupported()) {
          throw new BadInputException(
              "the Vector API is not available; start Java with --add-modules"
                  + " jdk.incubator.vector, or choose --kernels scalar");
        }
        yield new VectorKernels(workers);
      }
    };
  }
}
