package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Router;

/**
 * The first DeepSeekMoE (16B): ordinary attention, dense leading layers, then routed and shared
 * experts. Wiring only.
 */
final class DeepSeekMoe {
  private DeepSeekMoe() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = DecoderConfig.parse(json);
    GroupedFlags flags = new GroupedFlags(config);
    flags.hasBias = json.flag("attention_bias", false);
    flags.hasOutputBias = flags.hasBias;
    GroupedLayers layers = GroupedLayers.of(weights, kernels, config, flags);
    if (config.experts() == 0) {
      return layers.model(layers::dense);
    }
    int inner = json.integer("moe_intermediate_size", 1, DecoderConfig.LARGEST);
    int shared = inner * json.integer("n_shared_experts", 0, 1 << 10, 0);
    int dense = json.integer("first_k_dense_replace", 0, 10_000, 0);
    int every = json.integer("moe_layer_freq", 1, 10_000, 1);
    Router.Rule rule =
        Router.Rule.softmax(config.expertsPerToken(), json.flag("norm_topk_prob", false));
    return layers.model(i ->
        i >= dense && i % every == 0 ? layers.experts(i, inner, shared, rule) : layers.dense(i));
  }
}
