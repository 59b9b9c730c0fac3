package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.FeedForward;
import burhan.nn.Router;
import burhan.nn.Scratch;

/**
 * Qwen2 with biases on its queries, keys and values; Qwen3 with a norm over each head instead,
 * dense or with experts. Wiring only.
 */
final class Qwen {
  private Qwen() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = DecoderConfig.parse(json);
    boolean isSecond = config.modelType().equals("qwen2");
    GroupedFlags flags = new GroupedFlags(config);
    flags.hasBias = isSecond || json.flag("attention_bias", false);
    flags.hasOutputBias = !isSecond && flags.hasBias;
    flags.hasHeadNorm = !isSecond;
    GroupedLayers layers =
        GroupedLayers.of(
            new Layers(
                weights, kernels, new Scratch(), config.hiddenSize(), (float) config.normEps()),
            config,
            flags);
    int experts = json.integer("num_experts", 0, 1 << 16, 0);
    if (experts == 0) {
      return layers.model(
          i -> layers.layers().feedForward(Layers.layer(i) + "mlp.", config.intermediateSize()),
          config.facts(0, 0));
    }
    int chosen = json.integer("num_experts_per_tok", 1, experts);
    int step = json.integer("decoder_sparse_step", 1, 10_000, 1);
    Router.Rule rule = Router.Rule.softmax(chosen, json.flag("norm_topk_prob", false));
    return layers.model(
        i ->
            (i + 1) % step == 0
                ? experts(layers.layers(), i, json, experts, rule)
                : layers.layers().feedForward(Layers.layer(i) + "mlp.", config.intermediateSize()),
        config.facts(experts, chosen));
  }

  private static FeedForward experts(
      Layers layers, int layer, Json json, int count, Router.Rule rule) {
    int inner = json.integer("moe_intermediate_size", 1, DecoderConfig.LARGEST);
    return layers.experts(Layers.layer(layer) + "mlp.", count, inner, 0, rule, null);
  }
}
