package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Router;
import burhan.nn.Scratch;

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
    GroupedLayers layers =
        GroupedLayers.of(
            new Layers(
                weights, kernels, new Scratch(), config.hiddenSize(), (float) config.normEps()),
            config,
            flags);
    int experts = json.integer("num_local_experts", 0, 1 << 16, 0);
    if (experts == 0) {
      return layers.model(
          i -> layers.layers().feedForward(Layers.layer(i) + "mlp.", config.intermediateSize()),
          config.facts(0, 0));
    }
    int chosen = json.integer("num_experts_per_tok", 1, experts);
    int shared = json.integer("shared_intermediate_size", 0, DecoderConfig.LARGEST, 0);
    // The softmax over the chosen alone is the normalised softmax over all.
    Router.Rule rule = Router.Rule.softmax(chosen, true);
    return layers.model(
        i ->
            layers
                .layers()
                .experts(
                    Layers.layer(i) + "mlp.",
                    experts,
                    config.intermediateSize(),
                    shared,
                    rule,
                    null),
        config.facts(experts, chosen));
  }
}
