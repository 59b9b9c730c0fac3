package burhan.model;

import burhan.checkpoint.GgufMetadata;
import burhan.checkpoint.Json;
import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of a GGUF file as the {@code config.json} that the same model has on the hub, so that an
 * architecture has one config. An error names the key of the file.
 */
final class GgufConfig {
  /** Keys behind the architecture's name, and the fields they are. */
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          Map.entry("vocab_size", "vocab_size"),
          Map.entry("context_length", "max_position_embeddings"),
          Map.entry("embedding_length", "hidden_size"),
          Map.entry("feed_forward_length", "intermediate_size"),
          Map.entry("block_count", "num_hidden_layers"),
          Map.entry("attention.head_count", "num_attention_heads"),
          Map.entry("attention.head_count_kv", "num_key_value_heads"),
          Map.entry("attention.key_length", "head_dim"),
          Map.entry("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
          Map.entry("attention.sliding_window", "sliding_window"),
          Map.entry("rope.freq_base", "rope_theta"),
          Map.entry("expert_used_count", "num_experts_per_tok"),
          Map.entry("expert_feed_forward_length", "moe_intermediate_size"),
          Map.entry("expert_weights_norm", "norm_topk_prob"),
          Map.entry("expert_weights_scale", "routed_scaling_factor"),
          Map.entry("expert_shared_count", "n_shared_experts"),
          Map.entry("expert_group_count", "n_group"),
          Map.entry("expert_group_used_count", "topk_group"),
          Map.entry("leading_dense_block_count", "first_k_dense_replace"),
          Map.entry("nextn_predict_layers", "num_nextn_predict_layers"),
          Map.entry("attention.q_lora_rank", "q_lora_rank"),
          Map.entry("attention.kv_lora_rank", "kv_lora_rank"),
          Map.entry("attention.scale", "attention_multiplier"),
          Map.entry("embedding_scale", "embedding_multiplier"),
          Map.entry("residual_scale", "residual_multiplier"),
          Map.entry("logit_scale", "logits_scaling"),
          Map.entry("expert_shared_feed_forward_length", "shared_intermediate_size"));

  private final GgufMetadata keys;
  private final Weights file;
  private final String architecture;
  private final ObjectNode config = Json.mapper().createObjectNode();
  private final Map<String, String> origin = new HashMap<>(); // field to key

  private GgufConfig(GgufMetadata keys, Weights file, String architecture) {
    this.keys = keys;
    this.file = file;
    this.architecture = architecture;
  }

  /**
   * @throws burhan.tensor.BadInputException if the architecture is unknown or a key is impossible
   */
  static Json of(GgufMetadata keys, Weights file) {
    String architecture = keys.text("general.architecture");
    GgufConfig translation = new GgufConfig(keys, file, architecture);
    translation.translate();
    return Json.of(
        keys.where(),
        translation.config,
        field -> "key '" + translation.origin.getOrDefault(field, field) + "'");
  }

  private void translate() {
    config.put("model_type", modelType());
    origin.put("model_type", "general.architecture");
    FIELDS.forEach((key, field) -> {
      origin.put(field, architecture + "." + key);
      put(field, key);
    });
    config.put("tie_word_embeddings", !file.names().contains("output.weight"));
    config.put("attention_bias", file.names().contains("blk.0.attn_q.bias"));
    config.put("rope_interleave", isInterleaved());
    if (!config.has("vocab_size")) {
      config.put("vocab_size", rowsOf("token_embd.weight"));
    }
    scaling();
    if (!architecture.equals("deepseek2")) {
      requireWhole("rope.dimension_count");
      requireWhole("attention.value_length");
    }
    switch (architecture) {
      case "deepseek2" -> latentAttention();
      case "dbrx" -> dbrx();
      default -> experts();
    }
  }

  /** No family here rotates a part of a head, or has values of another width than its keys. */
  private void requireWhole(String key) {
    if (has(key) && has("attention.key_length")) {
      long size = keys.integer(architecture + ".attention.key_length", 1, 1 << 16);
      keys.integer(architecture + "." + key, size, size);
    }
  }

  private String modelType() {
    return switch (architecture) {
      case "llama" -> has("expert_count") && count("expert_count") > 0 ? "mixtral" : "llama";
      case "mistral3" -> "ministral3";
      case "qwen2", "qwen3", "granite", "granitemoe", "dbrx", "deepseek" -> architecture;
      case "qwen3moe" -> "qwen3_moe";
      // Only V3 has sigmoid scores; V2 and V2-Lite leave the key out or say softmax.
      case "deepseek2" ->
          has("expert_gating_func") && count("expert_gating_func") == 2
              ? "deepseek_v3"
              : "deepseek_v2";
      default -> throw Models.unknown(keys.where(), architecture);
    };
  }

  /** The files whose query and key rows were permuted for it, and DeepSeek's, which are made so. */
  private boolean isInterleaved() {
    return switch (architecture) {
      case "llama", "mistral3", "granite", "granitemoe", "deepseek", "deepseek2" -> true;
      default -> false;
    };
  }

  private boolean has(String key) {
    return keys.has(architecture + "." + key);
  }

  private long count(String key) {
    return keys.integer(architecture + "." + key, 0, 1 << 16);
  }

  private void put(String field, String key) {
    if (has(key)) {
      config.set(field, Json.mapper().valueToTree(keys.copy(architecture + "." + key)));
    }
  }

  private long rowsOf(String name) {
    for (TensorInfo info : file.infos()) {
      if (info.name().equals(name)) {
        return info.shape()[0];
      }
    }
    return 0;
  }

  private void scaling() {
    String type = keys.text(architecture + ".rope.scaling.type", "none");
    if (type.equals("none")) {
      if (has("rope.scale_linear") && keys.number(architecture + ".rope.scale_linear") > 0) {
        // The older key for the same.
        ObjectNode linear = config.putObject("rope_scaling").put("type", "linear");
        linear.put("factor", keys.number(architecture + ".rope.scale_linear"));
      }
      return;
    }
    ObjectNode scaling = config.putObject("rope_scaling");
    scaling.put("type", type);
    scalingField(scaling, "factor", "factor");
    scalingField(scaling, "original_max_position_embeddings", "original_context_length");
    scalingField(scaling, "beta_fast", "yarn_beta_fast");
    scalingField(scaling, "beta_slow", "yarn_beta_slow");
    String attention = architecture + ".rope.scaling.attn_factor";
    if (type.equals("yarn") && keys.has(attention)) {
      double factor = keys.number(architecture + ".rope.scaling.factor");
      scaling.put("attention_factor", keys.number(attention) * (1 + 0.1 * Math.log(factor)));
    }
    String logarithm = architecture + ".rope.scaling.yarn_log_multiplier";
    if (architecture.equals("mistral3") && keys.has(logarithm)) {
      scaling.put("mscale", 1);
      scaling.put("mscale_all_dim", keys.number(logarithm));
    }
    String temperature = architecture + ".attention.temperature_scale";
    if (keys.has(temperature)) {
      scaling.put("llama_4_scaling_beta", keys.number(temperature));
    }
  }

  private void scalingField(ObjectNode scaling, String field, String key) {
    String name = architecture + ".rope.scaling." + key;
    origin.put("rope_scaling." + field, name);
    if (keys.has(name)) {
      scaling.set(field, Json.mapper().valueToTree(keys.copy(name)));
    }
  }

  private void experts() {
    String field =
        switch (architecture) {
          case "llama", "granitemoe" -> "num_local_experts";
          case "qwen3moe" -> "num_experts";
          default -> "n_routed_experts";
        };
    origin.put(field, architecture + ".expert_count");
    put(field, "expert_count");
    if (architecture.equals("qwen3moe")) {
      // The file does not say; every published model of the family has it.
      config.put("norm_topk_prob", true);
    }
    if (architecture.equals("granitemoe") && has("expert_feed_forward_length")) {
      config.set("intermediate_size", Objects.requireNonNull(config.get("moe_intermediate_size")));
    }
    if (architecture.equals("deepseek") || architecture.equals("granitemoe")) {
      config.remove("head_dim"); // not every such file says it rightly; the width does
    }
  }

  private void dbrx() {
    ObjectNode attention = config.putObject("attn_config");
    ObjectNode ffn = config.putObject("ffn_config");
    move("max_position_embeddings", config, "max_seq_len", "max_seq_len");
    move("hidden_size", config, "d_model", "d_model");
    move("num_hidden_layers", config, "n_layers", "n_layers");
    move("num_attention_heads", config, "n_heads", "n_heads");
    move("num_key_value_heads", attention, "kv_n_heads", "attn_config.kv_n_heads");
    move("rope_theta", attention, "rope_theta", "attn_config.rope_theta");
    move("intermediate_size", ffn, "ffn_hidden_size", "ffn_config.ffn_hidden_size");
    move("num_experts_per_tok", ffn, "moe_top_k", "ffn_config.moe_top_k");
    put("clip", "attention.clamp_kqv");
    move("clip", attention, "clip_qkv", "attn_config.clip_qkv");
    put("experts", "expert_count");
    move("experts", ffn, "moe_num_experts", "ffn_config.moe_num_experts");
    origin.put("ffn_config.moe_num_experts", architecture + ".expert_count");
    put("layer_norm_epsilon", "attention.layer_norm_epsilon");
  }

  private void move(String from, ObjectNode to, String field, String path) {
    origin.put(path, origin.getOrDefault(from, from));
    if (config.has(from)) {
      to.set(field, config.remove(from));
    }
  }

  /** DeepSeek-V2 and V3, with the defaults that older files leave to the reader. */
  private void latentAttention() {
    boolean isThird = modelType().equals("deepseek_v3");
    long rope = keys.integer(architecture + ".rope.dimension_count", 2, 1 << 16);
    // Newer files say the width of the cached row first and the head's own width beside it.
    String keyLength = has("attention.key_length_mla") ? "key_length_mla" : "key_length";
    String valueLength = has("attention.value_length_mla") ? "value_length_mla" : "value_length";
    long key = keys.integer(architecture + ".attention." + keyLength, rope + 1, 1 << 16);
    config.put("qk_rope_head_dim", rope);
    config.put("qk_nope_head_dim", key - rope);
    config.put("v_head_dim", keys.integer(architecture + ".attention." + valueLength, 1, 1 << 16));
    config.put("scoring_func", isThird ? "sigmoid" : "softmax");
    origin.put("n_routed_experts", architecture + ".expert_count");
    put("n_routed_experts", "expert_count");
    groups(isThird);
    long draft = has("nextn_predict_layers") ? count("nextn_predict_layers") : 0;
    // The count of blocks has the draft layer among them, the config does not.
    config.put(
        "num_hidden_layers",
        keys.integer(architecture + ".block_count", 1 + draft, 10_000) - draft);
    if (config.get("rope_scaling") instanceof ObjectNode scaling) {
      String logarithm = architecture + ".rope.scaling.yarn_log_multiplier";
      double released = isThird || has("attention.q_lora_rank") ? 1 : 0.707;
      double mscale = keys.has(logarithm) ? 10 * keys.number(logarithm) : released;
      scaling.put("mscale", mscale);
      scaling.put("mscale_all_dim", mscale);
    }
  }

  private void groups(boolean isThird) {
    long experts = has("expert_count") ? count("expert_count") : 0;
    if (!has("expert_group_count") && (experts == 256 || experts == 160)) {
      config.put("n_group", 8); // R1's and V2's, in files older than the key
      config.put("topk_group", experts == 256 ? 4 : 3);
    }
    boolean isGrouped = config.path("n_group").asInt(1) > 1;
    config.put("topk_method", isThird ? "noaux_tc" : isGrouped ? "group_limited_greedy" : "greedy");
  }
}
