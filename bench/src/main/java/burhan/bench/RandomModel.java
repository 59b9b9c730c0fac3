package burhan.bench;

import burhan.checkpoint.AtomicFile;
import burhan.checkpoint.Json;
import burhan.checkpoint.SafetensorsWriter;
import burhan.checkpoint.TensorInfo;
import burhan.model.DeepSeekConfig;
import burhan.model.ExpectedTensors;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.token.AddedToken;
import burhan.token.BpeTrainer;
import burhan.token.PreTokenizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a model folder with the weights of a config drawn at random: for measuring and for tests,
 * which need the sizes and not the sense. The same config, type and seed give the same bytes.
 * Weights go to disk as they are made, so a model may be larger than memory.
 */
public final class RandomModel {
  private static final String BOS = "<｜begin▁of▁sentence｜>";
  private static final String EOS = "<｜end▁of▁sentence｜>";
  private static final String USER = "<｜User｜>";
  private static final String ASSISTANT = "<｜Assistant｜>";

  // A conversation in DeepSeek's tokens, with the thinking opened for the model.
  private static final String TEMPLATE =
      "{{ bos_token }}"
          + "{% for message in messages %}"
          + "{% if message['role'] == 'system' %}{{ message['content'] }}"
          + "{% elif message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}"
          + "{% elif message['role'] == 'assistant' %}"
          + "{{ '<｜Assistant｜>' + message['content'] + eos_token }}"
          + "{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}";

  // Uniform numbers of the standard deviation that DeepSeek-V3 begins with (report 4.2: 0.006) die
  // out in a small model; this is the usual 0.02 times sqrt(3), the half width of a uniform range.
  private static final float HALF_WIDTH = 0.02f * 1.7320508f;

  private RandomModel() {}

  /** Bytes of all weights; the other files are small. */
  public static long weightBytes(DeepSeekConfig config, DType type) {
    return ExpectedTensors.of(config, type).stream()
        .mapToLong(entry -> entry.type().byteSize(entry.elements()))
        .sum();
  }

  /**
   * Writes config, weights, tokenizer and chat template; the weights last and whole or not at all.
   *
   * @param type of the matrices: F32, F16 or BF16; norms and biases are F32
   * @throws BadInputException if safetensors has no such type, or the vocabulary is too small
   */
  public static void write(Path folder, DeepSeekConfig config, DType type, long seed)
      throws IOException {
    if (type != DType.F32 && type != DType.F16 && type != DType.BF16) {
      throw new BadInputException(
          "a random model of type %s: expected F32, F16 or BF16".formatted(type));
    }
    writeText(folder.resolve("tokenizer.json"), tokenizer(config.vocabSize()));
    writeText(
        folder.resolve("tokenizer_config.json"),
        Json.mapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(
                Map.of("bos_token", BOS, "eos_token", EOS, "chat_template", TEMPLATE)));
    writeText(
        folder.resolve("config.json"),
        Json.mapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(config.toJson(dtype(type))));
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"),
        ExpectedTensors.of(config, type),
        Map.of("format", "pt"),
        (entry, first, count, piece) -> fill(entry, seed, first, count, piece));
  }

  private static String dtype(DType type) {
    return switch (type) {
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      default -> "float32";
    };
  }

  private static void fill(
      TensorInfo entry, long seed, long first, int count, MemorySegment piece) {
    float[] values = new float[count];
    boolean isGain = entry.name().endsWith("norm.weight");
    long stream = mix(seed ^ ((long) entry.name().hashCode() << 32));
    for (int i = 0; i < count; i++) {
      int bits = (int) (mix(stream + first + i) >>> 40); // 24 bits, as many as a float is exact in
      float centred = bits * 0x1p-23f - 1;
      values[i] = isGain ? 1 : centred * HALF_WIDTH;
    }
    Elements.encode(entry.type(), values, 0, count, piece, 0);
  }

  // The finaliser of SplitMix64: any element can be made without those before it.
  private static long mix(long x) {
    long z = x * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static String tokenizer(int vocabSize) {
    List<AddedToken> added =
        List.of(
            AddedToken.control(0, BOS),
            AddedToken.control(0, EOS),
            AddedToken.control(0, USER),
            AddedToken.control(0, ASSISTANT),
            AddedToken.control(0, "<think>"),
            AddedToken.control(0, "</think>"));
    int bytes = 256;
    if (vocabSize < bytes + added.size()) {
      throw new BadInputException(
          "a random model with a vocabulary of %d, expected at least %d: bytes and control tokens"
              .formatted(vocabSize, bytes + added.size()));
    }
    return BpeTrainer.train(
        new BpeTrainer.Recipe(
            bytes, List.of(), List.of(), List.of(PreTokenizer.Split.qwen2()), added, 1),
        List.of());
  }

  private static void writeText(Path file, String text) throws IOException {
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }
}
