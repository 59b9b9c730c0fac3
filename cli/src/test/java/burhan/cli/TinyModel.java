package burhan.cli;

import burhan.bench.RandomModel;
import burhan.model.DeepSeekConfig;
import burhan.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A model folder of random weights, small enough to be copied and damaged at will. */
record TinyModel(Path folder) {
  static final int CONTEXT = 64;

  static TinyModel write(Path folder) {
    DeepSeekConfig config =
        new DeepSeekConfig(
            "deepseek_v3",
            300, // vocab_size
            32, // hidden_size
            48, // intermediate_size
            16, // moe_intermediate_size
            2, // num_hidden_layers
            0, // num_nextn_predict_layers
            2, // num_attention_heads
            1, // n_shared_experts
            4, // n_routed_experts
            2, // num_experts_per_tok
            1, // n_group
            1, // topk_group
            "noaux_tc",
            "sigmoid",
            true, // norm_topk_prob
            1, // routed_scaling_factor
            1, // first_k_dense_replace
            0, // q_lora_rank
            16, // kv_lora_rank
            8, // qk_nope_head_dim
            8, // qk_rope_head_dim
            8, // v_head_dim
            CONTEXT,
            10_000, // rope_theta
            null, // rope_scaling
            1e-6, // rms_norm_eps
            false, // tie_word_embeddings
            -1,
            -1);
    try {
      RandomModel.write(folder, config, DType.F32, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TinyModel(folder);
  }

  /** A copy to be damaged. */
  TinyModel copy(Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return new TinyModel(to);
  }

  void edit(String file, UnaryOperator<String> change) throws IOException {
    String before = Files.readString(folder.resolve(file));
    String after = change.apply(before);
    if (after.equals(before)) {
      throw new AssertionError(file + " is what it was");
    }
    Files.writeString(folder.resolve(file), after);
  }

  /** Rewrites the header of the weights, the data behind it untouched. */
  void editHeader(UnaryOperator<String> change) throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String before = new String(bytes, 8, length, StandardCharsets.UTF_8);
    byte[] header = change.apply(before).getBytes(StandardCharsets.UTF_8);
    if (List.of(before).contains(new String(header, StandardCharsets.UTF_8))) {
      throw new AssertionError("the header is what it was");
    }
    ByteBuffer out =
        ByteBuffer.allocate(bytes.length - length + header.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(header.length).put(header).put(bytes, 8 + length, bytes.length - 8 - length);
    Files.write(file, out.array());
  }

  /** Overwrites the length of the header alone. */
  void writeHeaderLength(long length) throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Files.write(file, bytes);
  }

  void truncateWeights(long bytes) throws IOException {
    Path file = folder.resolve("model.safetensors");
    byte[] all = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(all, (int) (all.length - bytes)));
  }
}
