package burhan.train;

import burhan.checkpoint.AtomicFile;
import burhan.checkpoint.Json;
import burhan.model.DeepSeekConfig;
import burhan.tensor.BadInputException;
import burhan.token.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The shape of burhan-nano: DeepSeek-V3 in every part, about a million active parameters. Chosen by
 * the tokens per second that one core trains; see docs/training.md.
 */
public final class NanoShape {
  private NanoShape() {}

  /** The config that goes with a tokenizer. */
  public static DeepSeekConfig config(Tokenizer tokenizer) {
    return new DeepSeekConfig(
        "deepseek_v3",
        tokenizer.size(),
        128, // hidden_size
        384, // intermediate_size
        96, // moe_intermediate_size
        5, // num_hidden_layers
        1, // num_nextn_predict_layers
        4, // num_attention_heads
        1, // n_shared_experts
        8, // n_routed_experts
        2, // num_experts_per_tok
        1, // n_group
        1, // topk_group
        "noaux_tc",
        "sigmoid",
        true, // norm_topk_prob
        1.0, // routed_scaling_factor
        1, // first_k_dense_replace
        0, // q_lora_rank
        64, // kv_lora_rank
        24, // qk_nope_head_dim
        16, // qk_rope_head_dim
        32, // v_head_dim
        384, // max_position_embeddings
        10_000, // rope_theta
        null, // rope_scaling
        1e-6, // rms_norm_eps
        false, // tie_word_embeddings
        id(tokenizer, NanoTemplate.BEGIN),
        id(tokenizer, NanoTemplate.END));
  }

  /** Writes a folder that a pre-training can start from: shape and tokenizer, no weights. */
  public static void write(Path folder) throws IOException {
    NanoTokenizer.write(folder);
    Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
    byte[] text =
        Json.mapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(config(tokenizer).toJson("float32"));
    AtomicFile.write(
        folder.resolve("config.json"), channel -> channel.write(ByteBuffer.wrap(text)));
  }

  private static int id(Tokenizer tokenizer, String token) {
    return tokenizer
        .id(token)
        .orElseThrow(() -> new BadInputException("tokenizer.json: no token '" + token + "'"));
  }
}
