package burhan.cli;

import burhan.bench.RandomGguf;
import burhan.bench.RandomModel;
import burhan.bench.Shape;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where {@code bench} keeps its models of random numbers, and in which of the two forms. Knows
 * names of types as people write them, no speed.
 *
 * @param type of GGUF or of safetensors; FP8 is DeepSeek's
 */
record RandomModels(Console console, String type) {
  private static final long SEED = 1;
  private static final long LARGE = 1_000_000_000;
  private static final String GGUF = ".gguf";

  /**
   * The kept model of that shape, made now if it is not there.
   *
   * @throws BadInputException if there is no such type, or no room on the disk
   */
  Path kept(Shape shape) throws IOException {
    Path caches = Caches.folder(console.environment(), "bench");
    if (isFp8()) {
      Path folder = caches.resolve(shape.label() + "-FP8-" + SEED);
      // The weights come last, and are complete or not there.
      if (!Files.exists(folder.resolve("model.safetensors"))) {
        writeFolder(shape, folder, LARGE);
      }
      return folder;
    }
    RandomGguf random = RandomGguf.of(shape.label(), shape.config(), type);
    String name = shape.label() + "-" + type.toUpperCase(Locale.ROOT) + "-" + SEED + GGUF;
    Path file = caches.resolve(name);
    if (!Files.exists(file)) {
      writeFile(random, file, LARGE);
    }
    return file;
  }

  /**
   * Writes the model of that shape: one file if the name ends in .gguf, otherwise a folder.
   *
   * @throws BadInputException if the form has no such type, or there is no room on the disk
   */
  void write(Shape shape, Path path) throws IOException {
    if (!path.toString().endsWith(GGUF)) {
      writeFolder(shape, path, 0);
    } else if (isFp8()) {
      throw new BadInputException(
          path + ": GGUF has no FP8; give a folder's name, without .gguf, or another --type");
    } else {
      writeFile(RandomGguf.of(shape.label(), shape.config(), type), path, 0);
    }
  }

  private boolean isFp8() {
    return type.equalsIgnoreCase("FP8") || type.equalsIgnoreCase(DType.F8_E4M3.name());
  }

  private void writeFile(RandomGguf random, Path file, long large) throws IOException {
    announce(random.weightBytes(), large, file);
    random.write(file, SEED);
  }

  private void writeFolder(Shape shape, Path folder, long large) throws IOException {
    announce(RandomModel.weightBytes(shape.config(), folderType()), large, folder);
    RandomModel.write(folder, shape.config(), folderType(), SEED);
  }

  private void announce(long bytes, long large, Path path) {
    if (bytes >= large) {
      console.error(
          "burhan: making %s of random weights, kept as %s"
              .formatted(ShowCommand.bytes(bytes), path));
    }
  }

  private DType folderType() {
    return switch (type.toUpperCase(Locale.ROOT)) {
      case "F32" -> DType.F32;
      case "F16" -> DType.F16;
      case "BF16" -> DType.BF16;
      case "FP8", "F8_E4M3" -> DType.F8_E4M3;
      default ->
          throw new BadInputException(
              "--type '%s': a folder of safetensors has F32, F16, BF16 or FP8; end the name in .gguf for this type"
                  .formatted(type));
    };
  }
}
