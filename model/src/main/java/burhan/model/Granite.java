package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Router;

/**
 * Granite, dense or with experts: Llama with four multipliers, of the embedding, the scores, each
 * half's output, and (dividing) the logits. Wiring only.
 */
final class Granite {
  private Granite() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = DecoderConfig.parse(json);
    GroupedFlags flags = new GroupedFlags(config);
    flags.hasBias = json.flag("attention_bias", false);
    flags.hasOutputBias = flags.hasBias;
    flags.attentionScale = json.number("attention_multiplier", 1);
    flags.residualScale = json.number("residual_multiplier", 1);
    flags.embeddingScale = json.number("embedding_multiplier", 1);
    double logitsScaling = json.number("logits_scaling", 1);
    if (logitsScaling == 0) {
      throw json.bad("logits_scaling", "is 0, expected what logits are divided by");
    }
    flags.logitScale = 1 / logitsScaling;
    GroupedLayers layers = GroupedLayers.of(weights, kernels, config, flags);
    if (config.experts() == 0) {
      return layers.model(layers::dense);
    }
    int shared = json.integer("shared_intermediate_size", 0, DecoderConfig.LARGEST, 0);
    // The softmax over the chosen alone is the normalised softmax over all.
    Router.Rule rule = Router.Rule.softmax(config.expertsPerToken(), true);
    return layers.model(i -> layers.experts(i, config.intermediateSize(), shared, rule));
  }
}
