package burhan.model;

import burhan.checkpoint.TensorInfo;
import burhan.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Names and shapes of every tensor that a config asks for. Knows no values. */
public final class ExpectedTensors {
  private final DeepSeekConfig c;
  private final DType type;
  private final List<TensorInfo> entries = new ArrayList<>();

  private ExpectedTensors(DeepSeekConfig config, DType type) {
    this.c = config;
    this.type = type;
  }

  /**
   * @param type of the matrices; norms and biases are F32
   */
  public static List<TensorInfo> of(DeepSeekConfig config, DType type) {
    ExpectedTensors tensors = new ExpectedTensors(config, type);
    tensors.model();
    return tensors.entries;
  }

  private void model() {
    long d = c.hiddenSize();
    matrix("model.embed_tokens.weight", c.vocabSize(), d);
    for (int layer = 0; layer < c.numHiddenLayers(); layer++) {
      block("model.layers." + layer + ".", c.isExpertLayer(layer));
    }
    for (int depth = 0; depth < c.numNextnPredictLayers(); depth++) {
      String at = "model.layers." + (c.numHiddenLayers() + depth) + ".";
      block(at, c.isExpertLayer(c.numHiddenLayers()));
      vector(at + "enorm.weight", d);
      vector(at + "hnorm.weight", d);
      matrix(at + "eh_proj.weight", d, 2 * d);
      vector(at + "shared_head.norm.weight", d);
    }
    vector("model.norm.weight", d);
    if (!c.tieWordEmbeddings()) {
      matrix("lm_head.weight", c.vocabSize(), d);
    }
  }

  private void block(String at, boolean hasExperts) {
    vector(at + "input_layernorm.weight", c.hiddenSize());
    attention(at + "self_attn.");
    vector(at + "post_attention_layernorm.weight", c.hiddenSize());
    if (!hasExperts) {
      feedForward(at + "mlp.", c.intermediateSize());
      return;
    }
    matrix(at + "mlp.gate.weight", c.nRoutedExperts(), c.hiddenSize());
    if (c.topkMethod().equals("noaux_tc")) {
      vector(at + "mlp.gate.e_score_correction_bias", c.nRoutedExperts());
    }
    for (int expert = 0; expert < c.nRoutedExperts(); expert++) {
      feedForward(at + "mlp.experts." + expert + ".", c.moeIntermediateSize());
    }
    if (c.nSharedExperts() > 0) {
      feedForward(at + "mlp.shared_experts.", c.nSharedExperts() * c.moeIntermediateSize());
    }
  }

  private void attention(String at) {
    long d = c.hiddenSize();
    long heads = c.numAttentionHeads();
    if (c.qLoraRank() > 0) {
      matrix(at + "q_a_proj.weight", c.qLoraRank(), d);
      vector(at + "q_a_layernorm.weight", c.qLoraRank());
      matrix(at + "q_b_proj.weight", heads * c.qkHeadDim(), c.qLoraRank());
    } else {
      matrix(at + "q_proj.weight", heads * c.qkHeadDim(), d);
    }
    matrix(at + "kv_a_proj_with_mqa.weight", c.latentWidth(), d);
    vector(at + "kv_a_layernorm.weight", c.kvLoraRank());
    matrix(at + "kv_b_proj.weight", heads * (c.qkNopeHeadDim() + c.vHeadDim()), c.kvLoraRank());
    matrix(at + "o_proj.weight", d, heads * c.vHeadDim());
  }

  private void feedForward(String at, int inner) {
    matrix(at + "gate_proj.weight", inner, c.hiddenSize());
    matrix(at + "up_proj.weight", inner, c.hiddenSize());
    matrix(at + "down_proj.weight", c.hiddenSize(), inner);
  }

  private void matrix(String name, long rows, long cols) {
    entries.add(new TensorInfo(name, type, rows, cols));
  }

  private void vector(String name, long size) {
    entries.add(new TensorInfo(name, DType.F32, size));
  }
}
