package burhan.train;

import burhan.model.DeepSeekConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which parameters a DeepSeek model has: Hugging Face checkpoint name, shape, and place in one of
 * two flat vectors (matrices, which decay, and gains, which do not). Knows no values and no
 * libtorch.
 */
final class ParameterLayout {
  /**
   * One parameter.
   *
   * @param name checkpoint name
   * @param shape sizes, row-major, [out, in] for a linear map
   * @param matrix true in the flat vector of matrices, false in that of gains
   * @param offset index of the first element in its flat vector
   * @param initStd standard deviation of the first values; a gain starts as 1
   */
  record Slot(String name, long[] shape, boolean matrix, long offset, double initStd) {
    /** A linear map inside the blocks, as against embedding, head and router. */
    boolean isHidden() {
      return matrix && (name.endsWith("proj.weight") || name.endsWith("proj_with_mqa.weight"));
    }

    long size() {
      long n = 1;
      for (long s : shape) {
        n *= s;
      }
      return n;
    }
  }

  private final DeepSeekConfig config;
  private final double initStd;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final List<Slot> matrices = new ArrayList<>();
  private final List<Slot> gains = new ArrayList<>();
  private long matrixElements;
  private long gainElements;

  /**
   * @param initStd standard deviation of a fresh matrix
   */
  ParameterLayout(DeepSeekConfig config, double initStd) {
    this.config = config;
    this.initStd = initStd;
    int d = config.hiddenSize();
    matrix("model.embed_tokens.weight", std(), config.vocabSize(), d);
    for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
      layer(layer);
    }
    gain("model.norm.weight", d);
    matrix("lm_head.weight", std(), config.vocabSize(), d);
    if (config.numNextnPredictLayers() > 0) {
      int mtp = config.numHiddenLayers();
      String p = prefix(mtp);
      gain(p + "enorm.weight", d);
      gain(p + "hnorm.weight", d);
      matrix(p + "eh_proj.weight", std(), d, 2L * d);
      layer(mtp);
      gain(p + "shared_head.norm.weight", d);
    }
  }

  static String prefix(int layer) {
    return "model.layers." + layer + ".";
  }

  boolean isDense(int layer) {
    return !config.isExpertLayer(layer);
  }

  Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return slot;
  }

  List<Slot> matrices() {
    return List.copyOf(matrices);
  }

  List<Slot> gains() {
    return List.copyOf(gains);
  }

  long matrixElements() {
    return matrixElements;
  }

  long gainElements() {
    return gainElements;
  }

  /** Parameters that one token of the main model meets, embedding rows not counted. */
  long activeParameters() {
    long active = 0;
    String mtp = prefix(config.numHiddenLayers());
    for (Slot slot : slots.values()) {
      if (slot.name().startsWith(mtp) || slot.name().equals("model.embed_tokens.weight")) {
        continue;
      }
      active +=
          slot.name().contains(".experts.")
              ? slot.size() * config.numExpertsPerTok() / config.nRoutedExperts()
              : slot.size();
    }
    return active;
  }

  private double std() {
    return initStd;
  }

  /** What writes into the residual stream starts smaller, so that depth does not raise its size. */
  private double residualStd() {
    return std() / Math.sqrt(2.0 * config.numHiddenLayers());
  }

  private void layer(int layer) {
    String p = prefix(layer);
    int d = config.hiddenSize();
    gain(p + "input_layernorm.weight", d);
    attention(p + "self_attn.");
    gain(p + "post_attention_layernorm.weight", d);
    if (isDense(layer)) {
      feedForward(p + "mlp.", config.intermediateSize());
      return;
    }
    matrix(p + "mlp.gate.weight", std(), config.nRoutedExperts(), d);
    for (int e = 0; e < config.nRoutedExperts(); e++) {
      feedForward(p + "mlp.experts." + e + ".", config.moeIntermediateSize());
    }
    if (config.nSharedExperts() > 0) {
      feedForward(
          p + "mlp.shared_experts.", (long) config.nSharedExperts() * config.moeIntermediateSize());
    }
  }

  private void attention(String p) {
    int d = config.hiddenSize();
    int heads = config.numAttentionHeads();
    long q = (long) heads * (config.qkNopeHeadDim() + config.qkRopeHeadDim());
    if (config.qLoraRank() > 0) {
      matrix(p + "q_a_proj.weight", std(), config.qLoraRank(), d);
      gain(p + "q_a_layernorm.weight", config.qLoraRank());
      matrix(p + "q_b_proj.weight", std(), q, config.qLoraRank());
    } else {
      matrix(p + "q_proj.weight", std(), q, d);
    }
    int rank = config.kvLoraRank();
    matrix(p + "kv_a_proj_with_mqa.weight", std(), rank + config.qkRopeHeadDim(), d);
    gain(p + "kv_a_layernorm.weight", rank);
    matrix(
        p + "kv_b_proj.weight",
        std(),
        (long) heads * (config.qkNopeHeadDim() + config.vHeadDim()),
        rank);
    matrix(p + "o_proj.weight", residualStd(), d, (long) heads * config.vHeadDim());
  }

  private void feedForward(String p, long width) {
    int d = config.hiddenSize();
    matrix(p + "gate_proj.weight", std(), width, d);
    matrix(p + "up_proj.weight", std(), width, d);
    matrix(p + "down_proj.weight", residualStd(), d, width);
  }

  private void matrix(String name, double std, long... shape) {
    Slot slot = new Slot(name, shape, true, matrixElements, std);
    matrixElements += slot.size();
    matrices.add(slot);
    slots.put(name, slot);
  }

  private void gain(String name, long size) {
    Slot slot = new Slot(name, new long[] {size}, false, gainElements, 0);
    gainElements += size;
    gains.add(slot);
    slots.put(name, slot);
  }
}
