package burhan.bench;

import burhan.model.DeepSeekConfig;
import burhan.nn.YarnScaling;
import burhan.tensor.BadInputException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Models whose sizes are known by heart, so that their speed and their memory can be had without
 * their weights. Only shapes: no tokenizer, no numbers that anybody trained.
 */
public enum Shape {
  /** The model in the box, with a context that the usual tests fit into. */
  NANO("nano"),
  /** DeepSeek-V2-Lite: 15.7 B parameters, 2.4 B of them active per token. */
  DEEPSEEK_V2_LITE("deepseek-v2-lite"),
  /** DeepSeek-V3 and R1 at full width, cut to one dense layer and one with experts. */
  DEEPSEEK_V3_2LAYERS("deepseek-v3-2layers");

  private final String label;

  Shape(String label) {
    this.label = label;
  }

  /** As the command line writes it. */
  public String label() {
    return label;
  }

  /**
   * The shape of that label.
   *
   * @throws BadInputException naming all that are known
   */
  public static Shape of(String label) {
    return Arrays.stream(values())
        .filter(shape -> shape.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new BadInputException(
                "shape '%s' is not known; this version runs DeepSeek models: %s"
                    .formatted(
                        label,
                        Arrays.stream(values())
                            .map(Shape::label)
                            .collect(Collectors.joining(", ")))));
  }

  /** The config of the model. */
  public DeepSeekConfig config() {
    return switch (this) {
      case NANO -> nano();
      case DEEPSEEK_V2_LITE -> v2Lite();
      case DEEPSEEK_V3_2LAYERS -> v3TwoLayers();
    };
  }

  private static DeepSeekConfig nano() {
    return new DeepSeekConfig(
        "deepseek_v3",
        512, // vocab_size
        128, // hidden_size
        384, // intermediate_size
        96, // moe_intermediate_size
        5, // num_hidden_layers
        0, // num_nextn_predict_layers
        4, // num_attention_heads
        1, // n_shared_experts
        16, // n_routed_experts
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
        4096, // max_position_embeddings
        10_000, // rope_theta
        null, // rope_scaling
        1e-6, // rms_norm_eps
        false, // tie_word_embeddings
        0,
        1);
  }

  private static DeepSeekConfig v2Lite() {
    return new DeepSeekConfig(
        "deepseek_v2",
        102_400, // vocab_size
        2048, // hidden_size
        10_944, // intermediate_size
        1408, // moe_intermediate_size
        27, // num_hidden_layers
        0, // num_nextn_predict_layers
        16, // num_attention_heads
        2, // n_shared_experts
        64, // n_routed_experts
        6, // num_experts_per_tok
        1, // n_group
        1, // topk_group
        "greedy",
        "softmax",
        false, // norm_topk_prob
        1.0, // routed_scaling_factor
        1, // first_k_dense_replace
        0, // q_lora_rank
        512, // kv_lora_rank
        128, // qk_nope_head_dim
        64, // qk_rope_head_dim
        128, // v_head_dim
        163_840, // max_position_embeddings
        10_000, // rope_theta
        new YarnScaling(40, 4096, 32, 1, 0.707, 0.707),
        1e-6, // rms_norm_eps
        false, // tie_word_embeddings
        100_000,
        100_001);
  }

  private static DeepSeekConfig v3TwoLayers() {
    return new DeepSeekConfig(
        "deepseek_v3",
        129_280, // vocab_size
        7168, // hidden_size
        18_432, // intermediate_size
        2048, // moe_intermediate_size
        2, // num_hidden_layers, of 61
        0, // num_nextn_predict_layers
        128, // num_attention_heads
        1, // n_shared_experts
        256, // n_routed_experts
        8, // num_experts_per_tok
        8, // n_group
        4, // topk_group
        "noaux_tc",
        "sigmoid",
        true, // norm_topk_prob
        2.5, // routed_scaling_factor
        1, // first_k_dense_replace, of 3
        1536, // q_lora_rank
        512, // kv_lora_rank
        128, // qk_nope_head_dim
        64, // qk_rope_head_dim
        128, // v_head_dim
        163_840, // max_position_embeddings
        10_000, // rope_theta
        new YarnScaling(40, 4096, 32, 1, 1, 1),
        1e-6, // rms_norm_eps
        false, // tie_word_embeddings
        0,
        1);
  }
}
