package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Rope;
import burhan.nn.RopeScaling;
import burhan.nn.Router;
import burhan.nn.Scratch;
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
    Json ffn = json.object("ffn_config");
    Json attention = json.object("attn_config");
    int experts = ffn.integer("moe_num_experts", 1, 1 << 16);
    int chosen = ffn.integer("moe_top_k", 1, experts);
    DecoderConfig config = config(json);
    GroupedFlags flags = new GroupedFlags(config);
    flags.hasLayerNorm = true;
    flags.isFused = true;
    flags.clip = attention.number("clip_qkv", 0);
    GroupedLayers layers =
        GroupedLayers.of(
            new Layers(
                weights, kernels, new Scratch(), config.hiddenSize(), (float) config.normEps()),
            config,
            flags);
    // A norm of 1 over positive weights is their sum; 0 or null leaves them as they are.
    double norm =
        ffn.number(
            "moe_normalize_expert_weights",
            ffn.names().contains("moe_normalize_expert_weights") ? 0 : 1);
    if (norm != 0 && norm != 1) {
      throw ffn.bad(
          "moe_normalize_expert_weights", "is " + norm + ", this version knows 1 and null");
    }
    Router.Rule rule = Router.Rule.softmax(chosen, norm == 1);
    return layers.model(
        i ->
            layers
                .layers()
                .experts(
                    Layers.layer(i) + "mlp.", experts, config.intermediateSize(), 0, rule, null),
        config.facts(experts, chosen));
  }

  static DecoderConfig config(Json json) {
    Json attention = json.object("attn_config");
    Json ffn = json.object("ffn_config");
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
            0,
            Collections.nCopies(layers, true));
    config.validate(json);
    return config;
  }
}
