package burhan.bench;

import burhan.checkpoint.AtomicFile;
import burhan.checkpoint.Json;
import burhan.checkpoint.SafetensorsWriter;
import burhan.checkpoint.TensorContent;
import burhan.checkpoint.TensorInfo;
import burhan.model.DeepSeekConfig;
import burhan.model.ExpectedTensors;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a model folder with the weights of a config drawn at random: for measuring and for tests,
 * which need the sizes and not the sense. The same config, type and seed give the same bytes.
 * Weights go to disk as they are made, so a model may be larger than memory. {@link RandomGguf} is
 * the other form.
 */
public final class RandomModel {
  /** Rows and columns under one scale, as DeepSeek publishes FP8. */
  private static final int SCALED = 128;

  private RandomModel() {}

  /**
   * What lies in {@code model.safetensors}.
   *
   * @param type of the matrices: F32, F16, BF16, or F8_E4M3 for DeepSeek's form of FP8, which
   *     leaves embedding, head and routers in BF16 and has a {@code weight_scale_inv} for each
   *     other matrix
   * @throws BadInputException if safetensors has no such type
   */
  public static List<TensorInfo> tensors(Json config, DType type) {
    return switch (type) {
      case F32, F16, BF16 -> ExpectedTensors.of(config, type);
      case F8_E4M3 -> scaled(ExpectedTensors.of(config, DType.F8_E4M3));
      default ->
          throw new BadInputException(
              "a folder of safetensors of type %s: expected F32, F16, BF16 or F8_E4M3"
                  .formatted(type));
    };
  }

  private static List<TensorInfo> scaled(List<TensorInfo> plain) {
    List<TensorInfo> all = new ArrayList<>();
    for (TensorInfo tensor : plain) {
      long[] shape = tensor.shape();
      if (tensor.type() != DType.F8_E4M3) {
        all.add(tensor);
      } else if (isKeptExact(tensor.name())) {
        all.add(new TensorInfo(tensor.name(), DType.BF16, shape));
      } else {
        all.add(tensor);
        long rows = Math.ceilDiv(shape[0], SCALED);
        long cols = Math.ceilDiv(shape[1], SCALED);
        all.add(new TensorInfo(tensor.name() + "_scale_inv", DType.F32, rows, cols));
      }
    }
    return all;
  }

  private static boolean isKeptExact(String name) {
    return name.endsWith("embed_tokens.weight")
        || name.endsWith("lm_head.weight")
        || name.endsWith(".eh_proj.weight")
        || name.endsWith(".mlp.gate.weight");
  }

  /** Bytes of all weights; the other files are small. */
  public static long weightBytes(Json config, DType type) {
    return tensors(config, type).stream().mapToLong(TensorInfo::byteSize).sum();
  }

  /** The same for a config that is already read. */
  public static void write(Path folder, DeepSeekConfig config, DType type, long seed)
      throws IOException {
    write(folder, Json.of("config", config.toJson("float32")), type, seed);
  }

  /**
   * Writes config, weights, tokenizer and chat template; the weights last and whole or not at all.
   *
   * @param config what {@code config.json} shall say, but for the type of the numbers and the ids
   *     of the control tokens
   * @param type as for {@link #tensors}
   * @throws BadInputException if safetensors has no such type, the vocabulary is too small, or the
   *     disk has no room
   */
  public static void write(Path folder, Json config, DType type, long seed) throws IOException {
    List<TensorInfo> tensors = tensors(config, type);
    String tokenizer =
        RandomVocabulary.tokenizer(config.integer("vocab_size", 1, Integer.MAX_VALUE));
    DiskSpace.require(folder, weightBytes(config, type));
    writeText(folder.resolve("tokenizer.json"), tokenizer);
    writeText(folder.resolve("tokenizer_config.json"), RandomVocabulary.config());
    writeText(folder.resolve("config.json"), config(config, type));
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"),
        tensors,
        Map.of("format", "pt"),
        new RandomContent(seed));
  }

  /** The text of {@code config.json} for numbers of that type. */
  public static String config(Json config, DType type) {
    ObjectNode node = ((ObjectNode) config.node()).deepCopy();
    node.put("bos_token_id", RandomVocabulary.BOS_ID);
    node.put("eos_token_id", RandomVocabulary.EOS_ID);
    node.put(
        "torch_dtype",
        switch (type) {
          case F32 -> "float32";
          case F16 -> "float16";
          default -> "bfloat16";
        });
    if (type == DType.F8_E4M3) {
      node.putObject("quantization_config")
          .put("quant_method", "fp8")
          .put("fmt", "e4m3")
          .put("activation_scheme", "dynamic")
          .putArray("weight_block_size")
          .add(SCALED)
          .add(SCALED);
    }
    return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  private static void writeText(Path file, String text) throws IOException {
    AtomicFile.write(
        file, channel -> TensorContent.writeFully(channel, StandardCharsets.UTF_8.encode(text)));
  }
}
