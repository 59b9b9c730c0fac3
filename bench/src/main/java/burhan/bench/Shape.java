package burhan.bench;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Models whose sizes are known by heart, so that their speed and their memory can be had without
 * their weights. Only shapes, each as its {@code config.json}: no tokenizer, no numbers that
 * anybody trained.
 */
public enum Shape {
  /** The model in the box, with a context that the usual tests fit into. */
  NANO("nano", Configs.NANO),
  /** The smallest of R1's distilled models: Qwen2.5's shape, 1.8 B parameters. */
  R1_DISTILL_QWEN_1_5B("r1-distill-qwen-1.5b", Configs.QWEN),
  /** R1 distilled into Llama 3.1's shape: 8.0 B parameters. */
  R1_DISTILL_LLAMA_8B("r1-distill-llama-8b", Configs.LLAMA),
  /** DeepSeek-V2-Lite: 15.7 B parameters, 2.4 B of them active per token. */
  DEEPSEEK_V2_LITE("deepseek-v2-lite", Configs.V2_LITE),
  /** DeepSeek-V3 and R1 at full width, cut to one dense layer and one with experts. */
  DEEPSEEK_V3_2LAYERS("deepseek-v3-2layers", Configs.V3_TWO_LAYERS);

  private final String label;
  private final String config;

  Shape(String label, String config) {
    this.label = label;
    this.config = config;
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
                "shape '%s' is not known, expected one of %s"
                    .formatted(
                        label,
                        Arrays.stream(values())
                            .map(Shape::label)
                            .collect(Collectors.joining(", ")))));
  }

  /** What the model's {@code config.json} says, without a type of its numbers. */
  public Json config() {
    return Json.parse(label, config);
  }

  private static final class Configs {
    static final String NANO =
        """
        {
          "architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3",
          "attention_bias": false, "bos_token_id": 0, "eos_token_id": 1,
          "first_k_dense_replace": 1, "hidden_act": "silu", "hidden_size": 128,
          "intermediate_size": 384, "kv_lora_rank": 64, "max_position_embeddings": 4096,
          "moe_intermediate_size": 96, "moe_layer_freq": 1, "n_group": 1,
          "n_routed_experts": 16, "n_shared_experts": 1, "norm_topk_prob": true,
          "num_attention_heads": 4, "num_experts_per_tok": 2, "num_hidden_layers": 5,
          "num_key_value_heads": 4, "num_nextn_predict_layers": 0, "q_lora_rank": null,
          "qk_nope_head_dim": 24, "qk_rope_head_dim": 16, "rms_norm_eps": 1e-06,
          "rope_scaling": null, "rope_theta": 10000, "routed_scaling_factor": 1.0,
          "scoring_func": "sigmoid", "tie_word_embeddings": false, "topk_group": 1,
          "topk_method": "noaux_tc", "v_head_dim": 32, "vocab_size": 512
        }
        """;

    static final String QWEN =
        """
        {
          "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "bos_token_id": 151646,
          "eos_token_id": 151643, "hidden_act": "silu", "hidden_size": 1536,
          "intermediate_size": 8960, "max_position_embeddings": 131072, "max_window_layers": 21,
          "num_attention_heads": 12, "num_hidden_layers": 28, "num_key_value_heads": 2,
          "rms_norm_eps": 1e-06, "rope_theta": 10000, "sliding_window": 4096,
          "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 151936
        }
        """;

    static final String LLAMA =
        """
        {
          "architectures": ["LlamaForCausalLM"], "model_type": "llama", "attention_bias": false,
          "bos_token_id": 128000, "eos_token_id": 128001, "hidden_act": "silu",
          "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 131072,
          "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
          "rms_norm_eps": 1e-05,
          "rope_scaling": {
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 8192
          },
          "rope_theta": 500000, "tie_word_embeddings": false, "vocab_size": 128256
        }
        """;

    static final String V2_LITE =
        """
        {
          "architectures": ["DeepseekV2ForCausalLM"], "model_type": "deepseek_v2",
          "attention_bias": false, "bos_token_id": 100000, "eos_token_id": 100001,
          "first_k_dense_replace": 1, "hidden_act": "silu", "hidden_size": 2048,
          "intermediate_size": 10944, "kv_lora_rank": 512, "max_position_embeddings": 163840,
          "moe_intermediate_size": 1408, "moe_layer_freq": 1, "n_group": 1,
          "n_routed_experts": 64, "n_shared_experts": 2, "norm_topk_prob": false,
          "num_attention_heads": 16, "num_experts_per_tok": 6, "num_hidden_layers": 27,
          "num_key_value_heads": 16, "q_lora_rank": null, "qk_nope_head_dim": 128,
          "qk_rope_head_dim": 64, "rms_norm_eps": 1e-06,
          "rope_scaling": {
            "type": "yarn", "factor": 40, "original_max_position_embeddings": 4096,
            "beta_fast": 32, "beta_slow": 1, "mscale": 0.707, "mscale_all_dim": 0.707
          },
          "rope_theta": 10000, "routed_scaling_factor": 1.0, "scoring_func": "softmax",
          "tie_word_embeddings": false, "topk_group": 1, "topk_method": "greedy",
          "v_head_dim": 128, "vocab_size": 102400
        }
        """;

    // 2 layers of 61, 1 of 3 dense
    static final String V3_TWO_LAYERS =
        """
        {
          "architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3",
          "attention_bias": false, "bos_token_id": 0, "eos_token_id": 1,
          "first_k_dense_replace": 1, "hidden_act": "silu", "hidden_size": 7168,
          "intermediate_size": 18432, "kv_lora_rank": 512, "max_position_embeddings": 163840,
          "moe_intermediate_size": 2048, "moe_layer_freq": 1, "n_group": 8,
          "n_routed_experts": 256, "n_shared_experts": 1, "norm_topk_prob": true,
          "num_attention_heads": 128, "num_experts_per_tok": 8, "num_hidden_layers": 2,
          "num_key_value_heads": 128, "num_nextn_predict_layers": 0, "q_lora_rank": 1536,
          "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "rms_norm_eps": 1e-06,
          "rope_scaling": {
            "type": "yarn", "factor": 40, "original_max_position_embeddings": 4096,
            "beta_fast": 32, "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 1.0
          },
          "rope_theta": 10000, "routed_scaling_factor": 2.5, "scoring_func": "sigmoid",
          "tie_word_embeddings": false, "topk_group": 4, "topk_method": "noaux_tc",
          "v_head_dim": 128, "vocab_size": 129280
        }
        """;

    private Configs() {}
  }
}
