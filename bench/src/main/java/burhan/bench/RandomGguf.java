package burhan.bench;

import burhan.checkpoint.FileType;
import burhan.checkpoint.GgufWriter;
import burhan.checkpoint.Json;
import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.TypeMix;
import burhan.model.GgufForm;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model of random numbers as one GGUF file, of any type that GGUF has: as large and as fast as a
 * published one, with its keys, its tensors and its mix of types, and it says nothing. The same
 * config, type and seed give the same bytes.
 *
 * @param metadata its keys, tokenizer included
 * @param tensors in file order
 */
public record RandomGguf(Map<String, Object> metadata, List<TensorInfo> tensors) {
  /**
   * Plans the file.
   *
   * @param name of the model
   * @param config what its {@code config.json} says
   * @param type a usual mix such as Q4_K_M, which Q4_K is short for, or the type of a block such as
   *     IQ3_XXS for all matrices
   * @throws BadInputException if there is no such type, GGUF cannot say what the config says, or
   *     the vocabulary is too small
   */
  public static RandomGguf of(String name, Json config, String type) {
    GgufForm form = GgufForm.of(name, config);
    Map<String, Object> metadata = new LinkedHashMap<>(form.metadata());
    metadata.put("general.quantization_version", 2);
    FileType mix = FileType.of(type);
    if (mix != null) {
      metadata.put("general.file_type", mix.number());
    }
    metadata.putAll(RandomVocabulary.keys(config.integer("vocab_size", 1, Integer.MAX_VALUE)));
    List<TensorInfo> tensors =
        mix == null
            ? pure(form.tensors(), block(type))
            : TypeMix.choose(mix, false, TypeMix.Facts.of(form.metadata()), form.tensors());
    return new RandomGguf(metadata, tensors);
  }

  private static DType block(String name) {
    DType type =
        Arrays.stream(DType.values())
            .filter(one -> one.name().equals(name.toUpperCase(Locale.ROOT)))
            .findFirst()
            .orElse(null);
    if (type == null || !isPossible(type)) {
      throw new BadInputException(
          "type '%s' is not known, expected a mix (%s) or a block type (%s)"
              .formatted(
                  name,
                  joined(FileType.values()),
                  Arrays.stream(DType.values())
                      .filter(one -> isPossible(one) && FileType.of(one.name()) == null)
                      .map(DType::name)
                      .collect(Collectors.joining(", "))));
    }
    return type;
  }

  private static boolean isPossible(DType type) {
    return type.isFloat() && type.ggmlId() >= 0 && type != DType.F64;
  }

  private static String joined(FileType[] types) {
    return Arrays.stream(types).map(FileType::name).collect(Collectors.joining(", "));
  }

  private static List<TensorInfo> pure(List<TensorInfo> tensors, DType type) {
    return tensors.stream()
        .map(tensor ->
            TypeMix.isQuantizable(tensor)
                ? new TensorInfo(tensor.name(), fitting(tensor, type), tensor.shape())
                : tensor)
        .toList();
  }

  private static DType fitting(TensorInfo tensor, DType type) {
    long columns = tensor.shape()[tensor.shape().length - 1];
    if (columns % type.blockElements() == 0) {
      return type;
    }
    return columns % DType.Q8_0.blockElements() == 0 ? DType.Q8_0 : DType.F16;
  }

  /** Bytes of all weights; the header in front of them is small. */
  public long weightBytes() {
    return tensors.stream().mapToLong(TensorInfo::byteSize).sum();
  }

  /**
   * Writes the file, which is complete or not there.
   *
   * @throws BadInputException if the disk has no room for it
   */
  public void write(Path file, long seed) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + ": not a file");
    }
    DiskSpace.require(folder, weightBytes());
    GgufWriter.write(file, metadata, tensors, new RandomContent(seed));
  }
}
