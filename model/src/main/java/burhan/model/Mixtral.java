package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Router;
import burhan.nn.Scratch;

/** Mixtral: Mistral with a choice of experts in every layer. Wiring only. */
final class Mixtral {
  private Mixtral() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = DecoderConfig.parse(json);
    int experts = json.integer("num_local_experts", 1, 1 << 16);
    int chosen = json.integer("num_experts_per_tok", 1, experts);
    GroupedLayers layers =
        GroupedLayers.of(
            new Layers(
                weights, kernels, new Scratch(), config.hiddenSize(), (float) config.normEps()),
            config,
            new GroupedFlags(config));
    Router.Rule rule = Router.Rule.softmax(chosen, true);
    return layers.model(
        i ->
            layers
                .layers()
                .experts(
                    Layers.layer(i) + "mlp.", experts, config.intermediateSize(), 0, rule, null),
        config.facts(experts, chosen));
  }
}
