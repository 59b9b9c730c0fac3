package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Router;

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
    GroupedLayers layers = GroupedLayers.of(weights, kernels, config, flags);
    if (config.experts() == 0) {
      return layers.model(layers::dense);
    }
    int inner = json.integer("moe_intermediate_size", 1, DecoderConfig.LARGEST);
    int step = json.integer("decoder_sparse_step", 1, 10_000, 1);
    Router.Rule rule =
        Router.Rule.softmax(config.expertsPerToken(), json.flag("norm_topk_prob", false));
    return layers.model(
        i -> (i + 1) % step == 0 ? layers.experts(i, inner, 0, rule) : layers.dense(i));
  }
}
