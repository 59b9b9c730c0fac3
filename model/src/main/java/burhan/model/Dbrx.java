package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Rope;
import burhan.nn.RopeScaling;
import burhan.nn.Router;
import java.util.Collections;

/**
 * DBRX: clipped queries, keys and values from one tensor, layer norm, experts in every layer. Its
 * config has names of its own. Wiring only.
 */
final class Dbrx {
  // The default of PyTorch's layer norm, which the config does not name.
  private static final double NORM_EPS = 1e-5;

  private Dbrx() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = config(json);
    GroupedFlags flags = new GroupedFlags(config);
    flags.hasLayerNorm = true;
    flags.isFused = true;
    flags.clip = json.object("attn_config").number("clip_qkv", 0);
    GroupedLayers layers = GroupedLayers.of(weights, kernels, config, flags);
    Router.Rule rule = Router.Rule.softmax(config.expertsPerToken(), isNormalised(json));
    return layers.model(i -> layers.experts(i, config.intermediateSize(), 0, rule));
  }

  /** A norm of 1 over positive weights is their sum; null leaves them as they are. */
  private static boolean isNormalised(Json json) {
    Json ffn = json.object("ffn_config");
    String field = "moe_normalize_expert_weights";
    if (ffn.number(field, 1) != 1) {
      throw ffn.bad(field, "is not 1, the only norm that this version knows");
    }
    return ffn.has(field) || !ffn.names().contains(field);
  }

  static DecoderConfig config(Json json) {
    Json ffn = json.object("ffn_config");
    Json attention = json.object("attn_config");
    int experts = ffn.integer("moe_num_experts", 1, 1 << 16);
    int width = json.integer("d_model", 1, DecoderConfig.LARGEST);
    int heads = json.integer("n_heads", 1, width);
    int layers = json.integer("n_layers", 1, 10_000);
    DecoderConfig config =
        new DecoderConfig(
            json.text("model_type"),
            json.integer("vocab_size", 1, DecoderConfig.LARGEST),
            width,
            ffn.integer("ffn_hidden_size", 1, DecoderConfig.LARGEST),
            layers,
            heads,
            attention.integer("kv_n_heads", 1, heads, 1),
            width / heads,
            json.integer("max_seq_len", 1, 1 << 30),
            attention.number("rope_theta", 10_000),
            new RopeScaling.None(),
            Rope.Layout.HALF_SPLIT,
            json.number("layer_norm_epsilon", NORM_EPS),
            json.flag("tie_word_embeddings", false),
            experts,
            ffn.integer("moe_top_k", 1, experts),
            0,
            Collections.nCopies(layers, true));
    config.validate(json);
    return config;
  }
}
