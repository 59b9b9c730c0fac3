package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.GroupedAttention;

/** Llama, Mistral with its sliding window, and Ministral. Wiring only. */
final class Llama {
  private Llama() {}

  static LanguageModel load(Weights weights, Json json, Kernels kernels) {
    DecoderConfig config = DecoderConfig.parse(json);
    GroupedFlags flags = new GroupedFlags(config);
    flags.hasBias = json.flag("attention_bias", false);
    flags.hasOutputBias = flags.hasBias;
    flags.temperature = temperature(json);
    GroupedLayers layers = GroupedLayers.of(weights, kernels, config, flags);
    return layers.model(layers::dense);
  }

  private static GroupedAttention.Temperature temperature(Json json) {
    Json rope = json.objectOrNull(json.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
    return rope == null || !rope.has("llama_4_scaling_beta")
        ? GroupedAttention.Temperature.NONE
        : new GroupedAttention.Temperature(
            rope.number("llama_4_scaling_beta"),
            rope.integer("original_max_position_embeddings", 1, 1 << 30));
  }
}
