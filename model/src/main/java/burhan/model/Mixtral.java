package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Router;

/** Mixtral: Mistral with a choice of experts in every layer. Wiring only. */
final class Mixtral {
  private Mixtral() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = DecoderConfig.parse(json);
    Router.Rule rule = Router.Rule.softmax(config.expertsPerToken(), true);
    GroupedLayers layers = GroupedLayers.of(weights, kernels, config, new GroupedFlags(config));
    return layers.model(i -> layers.experts(i, config.intermediateSize(), 0, rule));
  }
}
