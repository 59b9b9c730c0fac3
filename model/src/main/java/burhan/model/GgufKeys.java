package burhan.model;

import burhan.checkpoint.Json;
import burhan.nn.RopeScaling;
import burhan.nn.YarnScaling;
import burhan.tensor.BadInputException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@code config.json} as the keys that a GGUF file of the same model has: {@link GgufConfig} the
 * other way round. Knows no tensor and no tokenizer.
 */
final class GgufKeys {
  private final Json config;
  private final String architecture;
  private final Map<String, Object> keys = new LinkedHashMap<>();

  private GgufKeys(Json config, String architecture) {
    this.config = config;
    this.architecture = architecture;
  }

  /** What GGUF calls the architecture of a config. */
  static String architecture(Json config) {
    String type = config.text("model_type");
    return switch (type) {
      case "llama", "mistral", "mixtral" -> "llama";
      case "qwen2", "qwen3", "granite", "dbrx", "deepseek" -> type;
      case "qwen3_moe" -> "qwen3moe";
      case "granitemoe", "granitemoeshared" -> "granitemoe";
      case "deepseek_v2", "deepseek_v3" -> "deepseek2";
      default ->
          throw config.bad(
              "model_type", "is \"%s\", which this version cannot write as GGUF".formatted(type));
    };
  }

  /**
   * @param name of the model
   * @throws BadInputException if the config says what GGUF cannot
   */
  static Map<String, Object> of(String name, Json config) {
    GgufKeys keys = new GgufKeys(config, architecture(config));
    keys.keys.put("general.architecture", keys.architecture);
    keys.keys.put("general.type", "model");
    keys.keys.put("general.name", name);
    switch (keys.architecture) {
      case "deepseek2" -> keys.latent(DeepSeekConfig.parse(config));
      case "dbrx" -> keys.dbrx(Dbrx.config(config));
      default -> keys.grouped(DecoderConfig.parse(config));
    }
    return keys.keys;
  }

  private void put(String key, Object value) {
    keys.put(architecture + "." + key, value);
  }

  /** GGUF's fractions are float32. */
  private void fraction(String key, double value) {
    put(key, (float) value);
  }

  private void sizes(DecoderConfig c) {
    put("block_count", c.numHiddenLayers());
    put("context_length", c.maxPositionEmbeddings());
    put("embedding_length", c.hiddenSize());
    put("feed_forward_length", c.intermediateSize());
    put("attention.head_count", c.numAttentionHeads());
    put("attention.head_count_kv", c.numKeyValueHeads());
    fraction("rope.freq_base", c.ropeTheta());
    put("vocab_size", c.vocabSize());
  }

  private void grouped(DecoderConfig c) {
    sizes(c);
    fraction("attention.layer_norm_rms_epsilon", c.normEps());
    put("attention.key_length", c.headDim());
    put("attention.value_length", c.headDim());
    put("rope.dimension_count", c.headDim());
    if (c.slidingWindow() > 0) {
      put("attention.sliding_window", c.slidingWindow());
    }
    scaling(c.ropeScaling());
    switch (architecture) {
      case "granite", "granitemoe" -> multipliers();
      case "deepseek" -> firstExperts();
      case "qwen3moe" -> {
        if (!config.flag("norm_topk_prob", false)) {
          throw config.bad("norm_topk_prob", "is false, which a GGUF file of Qwen3 cannot say");
        }
        put("expert_feed_forward_length", config.integer("moe_intermediate_size", 1, 1 << 24));
      }
      default -> {}
    }
    for (String field : new String[] {"num_local_experts", "num_experts"}) {
      if (config.has(field) && config.integer(field, 0, 1 << 16) > 0) {
        put("expert_count", config.integer(field, 1, 1 << 16));
        put("expert_used_count", config.integer("num_experts_per_tok", 1, 1 << 16));
      }
    }
  }

  private void scaling(RopeScaling scaling) {
    switch (scaling) {
      case YarnScaling yarn -> {
        yarn(yarn);
        if (yarn.mscale() != 1 || yarn.mscaleAllDim() != 0) {
          double usual = 1 + 0.1 * Math.log(yarn.factor());
          fraction("rope.scaling.attn_factor", yarn.rotationScale() / usual);
        }
      }
      case RopeScaling.Linear linear -> {
        put("rope.scaling.type", "linear");
        fraction("rope.scaling.factor", linear.factor());
      }
      // Llama 3's is a tensor of divisors in GGUF.
      case RopeScaling.Llama3 llama -> {}
      case RopeScaling.Divisors divisors -> {}
      case RopeScaling.None none -> {}
    }
  }

  private void yarn(YarnScaling yarn) {
    put("rope.scaling.type", "yarn");
    fraction("rope.scaling.factor", yarn.factor());
    put("rope.scaling.original_context_length", yarn.originalContext());
    if (yarn.betaFast() != 32 || yarn.betaSlow() != 1) {
      fraction("rope.scaling.yarn_beta_fast", yarn.betaFast());
      fraction("rope.scaling.yarn_beta_slow", yarn.betaSlow());
    }
  }

  private void multipliers() {
    fraction("attention.scale", config.number("attention_multiplier", 1));
    fraction("embedding_scale", config.number("embedding_multiplier", 1));
    fraction("residual_scale", config.number("residual_multiplier", 1));
    fraction("logit_scale", config.number("logits_scaling", 1));
    int shared = config.integer("shared_intermediate_size", 0, 1 << 24, 0);
    if (shared > 0) {
      put("expert_shared_feed_forward_length", shared);
    }
  }

  /** The first DeepSeekMoE. */
  private void firstExperts() {
    int every = config.integer("moe_layer_freq", 1, 10_000, 1);
    if (every != 1) {
      throw config.bad("moe_layer_freq", "is " + every + ", which a GGUF file cannot say");
    }
    put("rope.scaling.type", "none");
    put("leading_dense_block_count", config.integer("first_k_dense_replace", 0, 10_000, 0));
    int experts = config.integer("n_routed_experts", 0, 1 << 16, 0);
    if (experts > 0) {
      put("expert_count", experts);
      put("expert_used_count", config.integer("num_experts_per_tok", 1, experts));
      put("expert_feed_forward_length", config.integer("moe_intermediate_size", 1, 1 << 24));
      put("expert_shared_count", config.integer("n_shared_experts", 0, 1 << 16, 0));
      put("expert_weights_norm", config.flag("norm_topk_prob", false));
      fraction("expert_weights_scale", 1);
    }
  }

  private void dbrx(DecoderConfig c) {
    sizes(c);
    Json experts = config.object("ffn_config");
    put("expert_count", experts.integer("moe_num_experts", 1, 1 << 16));
    put("expert_used_count", experts.integer("moe_top_k", 1, 1 << 16));
    fraction("attention.clamp_kqv", config.object("attn_config").number("clip_qkv", 0));
    fraction("attention.layer_norm_epsilon", c.normEps());
  }

  /** DeepSeek-V2 and V3, with keys and values apart as newer files have them. */
  private void latent(DeepSeekConfig c) {
    put("block_count", c.numHiddenLayers() + c.numNextnPredictLayers());
    if (c.numNextnPredictLayers() > 0) {
      put("nextn_predict_layers", c.numNextnPredictLayers());
    }
    put("context_length", c.maxPositionEmbeddings());
    put("embedding_length", c.hiddenSize());
    put("feed_forward_length", c.intermediateSize());
    put("attention.head_count", c.numAttentionHeads());
    put("attention.head_count_kv", 1);
    fraction("attention.layer_norm_rms_epsilon", c.rmsNormEps());
    fraction("rope.freq_base", c.ropeTheta());
    put("vocab_size", c.vocabSize());
    if (c.qLoraRank() > 0) {
      put("attention.q_lora_rank", c.qLoraRank());
    }
    put("attention.kv_lora_rank", c.kvLoraRank());
    put("attention.key_length", c.kvLoraRank() + c.qkRopeHeadDim());
    put("attention.value_length", c.kvLoraRank());
    put("attention.key_length_mla", c.qkNopeHeadDim() + c.qkRopeHeadDim());
    put("attention.value_length_mla", c.vHeadDim());
    put("rope.dimension_count", c.qkRopeHeadDim());
    latentExperts(c);
    YarnScaling yarn = c.ropeScaling();
    if (yarn != null) {
      if (yarn.mscale() != yarn.mscaleAllDim()) {
        throw new BadInputException(
            "%s: 'mscale' is %s and 'mscale_all_dim' %s; a GGUF file can only say that they are equal"
                .formatted(config.where(), yarn.mscale(), yarn.mscaleAllDim()));
      }
      yarn(yarn);
      fraction("rope.scaling.yarn_log_multiplier", 0.1 * yarn.mscaleAllDim());
    }
  }

  private void latentExperts(DeepSeekConfig c) {
    put("leading_dense_block_count", c.firstKDenseReplace());
    put("expert_gating_func", c.scoringFunc().equals("sigmoid") ? 2 : 1);
    if (c.nRoutedExperts() == 0) {
      return;
    }
    put("expert_count", c.nRoutedExperts());
    put("expert_used_count", c.numExpertsPerTok());
    put("expert_feed_forward_length", c.moeIntermediateSize());
    put("expert_shared_count", c.nSharedExperts());
    put("expert_weights_norm", c.normTopkProb());
    fraction("expert_weights_scale", c.routedScalingFactor());
    put("expert_group_count", c.nGroup());
    put("expert_group_used_count", c.topkGroup());
  }
}
