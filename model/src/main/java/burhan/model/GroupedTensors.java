package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.TensorInfo;
import burhan.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Names and shapes of the tensors of the families with grouped attention, for those whose folders
 * name them as Llama's does. Knows no values.
 */
final class GroupedTensors {
  private final Json json;
  private final DecoderConfig c;
  private final ExpectedTensors.TensorList entries;

  private GroupedTensors(Json json, ExpectedTensors.TensorList entries) {
    this.json = json;
    this.c = DecoderConfig.parse(json);
    this.entries = entries;
  }

  static List<TensorInfo> of(Json json, DType type) {
    ExpectedTensors.TensorList list = new ExpectedTensors.TensorList(type, new ArrayList<>());
    new GroupedTensors(json, list).model();
    return list.entries();
  }

  private void model() {
    entries.matrix("model.embed_tokens.weight", c.vocabSize(), c.hiddenSize());
    for (int layer = 0; layer < c.numHiddenLayers(); layer++) {
      String at = Layers.layer(layer);
      entries.vector(at + "input_layernorm.weight", c.hiddenSize());
      attention(at + "self_attn.");
      entries.vector(at + "post_attention_layernorm.weight", c.hiddenSize());
      feedForward(at + "mlp.", layer);
    }
    entries.vector("model.norm.weight", c.hiddenSize());
    if (!c.tieWordEmbeddings()) {
      entries.matrix("lm_head.weight", c.vocabSize(), c.hiddenSize());
    }
  }

  private void attention(String at) {
    long queries = (long) c.numAttentionHeads() * c.headDim();
    long keys = (long) c.numKeyValueHeads() * c.headDim();
    boolean isGiven = json.flag("attention_bias", false);
    boolean hasBias = isGiven || c.modelType().equals("qwen2");
    projection(at + "q_proj", queries, c.hiddenSize(), hasBias);
    projection(at + "k_proj", keys, c.hiddenSize(), hasBias);
    projection(at + "v_proj", keys, c.hiddenSize(), hasBias);
    projection(at + "o_proj", c.hiddenSize(), queries, isGiven && hasOutputBias());
    if (c.modelType().startsWith("qwen3")) {
      entries.vector(at + "q_norm.weight", c.headDim());
      entries.vector(at + "k_norm.weight", c.headDim());
    }
  }

  private boolean hasOutputBias() {
    return !c.modelType().equals("qwen2");
  }

  private void projection(String name, long rows, long cols, boolean hasBias) {
    entries.matrix(name + ".weight", rows, cols);
    if (hasBias) {
      entries.vector(name + ".bias", rows);
    }
  }

  private void feedForward(String at, int layer) {
    switch (c.modelType()) {
      case "llama", "mistral", "qwen2", "qwen3", "granite" ->
          entries.feedForward(at, c.hiddenSize(), c.intermediateSize());
      case "qwen3_moe" -> {
        if ((layer + 1) % json.integer("decoder_sparse_step", 1, 10_000, 1) == 0) {
          experts(at, json.integer("num_experts", 1, 1 << 16));
        } else {
          entries.feedForward(at, c.hiddenSize(), c.intermediateSize());
        }
      }
      default ->
          throw json.bad(
              "model_type",
              "is \"%s\", whose tensors this version cannot list".formatted(c.modelType()));
    }
  }

  private void experts(String at, int count) {
    entries.matrix(at + "gate.weight", count, c.hiddenSize());
    int inner = json.integer("moe_intermediate_size", 1, DecoderConfig.LARGEST);
    for (int expert = 0; expert < count; expert++) {
      entries.feedForward(at + "experts." + expert + ".", c.hiddenSize(), inner);
    }
  }
}
