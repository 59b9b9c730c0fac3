package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Router;
import burhan.nn.Scratch;

/**
 * The first DeepSeekMoE (16B): ordinary attention, dense leading layers, then routed and shared
 * experts. Without experts it is DeepSeek LLM's and Coder's form. Wiring only.
 */
final class DeepSeekMoe {
  private DeepSeekMoe() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = DecoderConfig.parse(json);
    GroupedFlags flags = new GroupedFlags(config);
    flags.hasBias = json.flag("attention_bias", false);
    flags.hasOutputBias = flags.hasBias;
    GroupedLayers layers =
        GroupedLayers.of(
            new Layers(
                weights, kernels, new Scratch(), config.hiddenSize(), (float) config.normEps()),
            config,
            flags);
    int experts = json.integer("n_routed_experts", 0, 1 << 16, 0);
    int chosen = experts == 0 ? 0 : json.integer("num_experts_per_tok", 1, experts);
    int inner = experts == 0 ? 0 : json.integer("moe_intermediate_size", 1, DecoderConfig.LARGEST);
    int shared = inner * json.integer("n_shared_experts", 0, 1 << 16, 0);
    int dense = json.integer("first_k_dense_replace", 0, 10_000, 0);
    int every = json.integer("moe_layer_freq", 1, 10_000, 1);
    Router.Rule rule = Router.Rule.softmax(chosen, json.flag("norm_topk_prob", false));
    return layers.model(
        i ->
            experts > 0 && i >= dense && i % every == 0
                ? layers
                    .layers()
                    .experts(Layers.layer(i) + "mlp.", experts, inner, shared, rule, null)
                : layers.layers().feedForward(Layers.layer(i) + "mlp.", config.intermediateSize()),
        config.facts(experts, chosen));
  }
}
