package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.TensorInfo;
import burhan.tensor.DType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Names and shapes of every tensor that a config asks for, as Hugging Face names them. Knows no
 * values. Latent attention and its experts are here, the other families in {@link GroupedTensors}.
 */
public final class ExpectedTensors {
  private final DeepSeekConfig c;
  private final TensorList entries;

  private ExpectedTensors(DeepSeekConfig config, TensorList entries) {
    this.c = config;
    this.entries = entries;
  }

  /** Entries in file order: matrices of one type, everything else F32. */
  record TensorList(DType type, List<TensorInfo> entries) {
    void matrix(String name, long rows, long cols) {
      entries.add(new TensorInfo(name, type, rows, cols));
    }

    void vector(String name, long size) {
      entries.add(new TensorInfo(name, DType.F32, size));
    }

    /** The three matrices of a SwiGLU. */
    void feedForward(String at, int width, int inner) {
      matrix(at + "gate_proj.weight", inner, width);
      matrix(at + "up_proj.weight", inner, width);
      matrix(at + "down_proj.weight", width, inner);
    }
  }

  /**
   * @param config what {@code config.json} says
   * @param type of the matrices; norms and biases are F32
   * @throws burhan.tensor.BadInputException if a field is missing or impossible, or the family's
   *     folders name their tensors in a way of their own (Mixtral, GraniteMoE, DBRX)
   */
  public static List<TensorInfo> of(Json config, DType type) {
    return switch (config.text("model_type")) {
      case "deepseek_v2", "deepseek_v3" -> of(DeepSeekConfig.parse(config), type);
      default -> GroupedTensors.of(config, type);
    };
  }

  /**
   * @param type of the matrices; norms and biases are F32
   */
  public static List<TensorInfo> of(DeepSeekConfig config, DType type) {
    TensorList list = new TensorList(type, new ArrayList<>());
    new ExpectedTensors(config, list).model();
    return list.entries();
  }

  /**
   * The same as DeepSeek publishes them, by an index of names: FP8 where a name has scales beside
   * it, bfloat16 otherwise, and with the draft layer's copies of the embedding and the head.
   */
  static List<TensorInfo> asPublished(DeepSeekConfig config, Collection<String> names) {
    List<TensorInfo> published = new ArrayList<>();
    for (TensorInfo tensor : of(config, DType.BF16)) {
      long[] shape = tensor.shape();
      String scales = tensor.name() + "_scale_inv";
      if (names.contains(scales)) {
        published.add(new TensorInfo(tensor.name(), DType.F8_E4M3, shape));
        long rowBlocks = Math.ceilDiv(shape[0], 128);
        published.add(new TensorInfo(scales, DType.F32, rowBlocks, Math.ceilDiv(shape[1], 128)));
      } else if (tensor.name().endsWith(".weight")) {
        published.add(new TensorInfo(tensor.name(), DType.BF16, shape));
      } else {
        published.add(tensor);
      }
    }
    String draft = Layers.layer(config.numHiddenLayers());
    for (String copy : List.of(draft + "embed_tokens.weight", draft + "shared_head.head.weight")) {
      if (names.contains(copy)) {
        published.add(new TensorInfo(copy, DType.BF16, config.vocabSize(), config.hiddenSize()));
      }
    }
    return published;
  }

  private void model() {
    long d = c.hiddenSize();
    entries.matrix("model.embed_tokens.weight", c.vocabSize(), d);
    for (int layer = 0; layer < c.numHiddenLayers(); layer++) {
      block("model.layers." + layer + ".", c.isExpertLayer(layer));
    }
    for (int depth = 0; depth < c.numNextnPredictLayers(); depth++) {
      String at = "model.layers." + (c.numHiddenLayers() + depth) + ".";
      block(at, c.isExpertLayer(c.numHiddenLayers()));
      entries.vector(at + "enorm.weight", d);
      entries.vector(at + "hnorm.weight", d);
      entries.matrix(at + "eh_proj.weight", d, 2 * d);
      entries.vector(at + "shared_head.norm.weight", d);
    }
    entries.vector("model.norm.weight", d);
    if (!c.tieWordEmbeddings()) {
      entries.matrix("lm_head.weight", c.vocabSize(), d);
    }
  }

  private void block(String at, boolean hasExperts) {
    entries.vector(at + "input_layernorm.weight", c.hiddenSize());
    attention(at + "self_attn.");
    entries.vector(at + "post_attention_layernorm.weight", c.hiddenSize());
    if (!hasExperts) {
      entries.feedForward(at + "mlp.", c.hiddenSize(), c.intermediateSize());
      return;
    }
    entries.matrix(at + "mlp.gate.weight", c.nRoutedExperts(), c.hiddenSize());
    if (c.topkMethod().equals("noaux_tc")) {
      entries.vector(at + "mlp.gate.e_score_correction_bias", c.nRoutedExperts());
    }
    for (int expert = 0; expert < c.nRoutedExperts(); expert++) {
      entries.feedForward(
          at + "mlp.experts." + expert + ".", c.hiddenSize(), c.moeIntermediateSize());
    }
    if (c.nSharedExperts() > 0) {
      entries.feedForward(
          at + "mlp.shared_experts.", c.hiddenSize(), c.nSharedExperts() * c.moeIntermediateSize());
    }
  }

  private void attention(String at) {
    long d = c.hiddenSize();
    long heads = c.numAttentionHeads();
    if (c.qLoraRank() > 0) {
      entries.matrix(at + "q_a_proj.weight", c.qLoraRank(), d);
      entries.vector(at + "q_a_layernorm.weight", c.qLoraRank());
      entries.matrix(at + "q_b_proj.weight", heads * c.qkHeadDim(), c.qLoraRank());
    } else {
      entries.matrix(at + "q_proj.weight", heads * c.qkHeadDim(), d);
    }
    entries.matrix(at + "kv_a_proj_with_mqa.weight", c.latentWidth(), d);
    entries.vector(at + "kv_a_layernorm.weight", c.kvLoraRank());
    entries.matrix(
        at + "kv_b_proj.weight", heads * (c.qkNopeHeadDim() + c.vHeadDim()), c.kvLoraRank());
    entries.matrix(at + "o_proj.weight", d, heads * c.vHeadDim());
  }
}
