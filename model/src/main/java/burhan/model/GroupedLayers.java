package burhan.model;

import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import burhan.nn.Block;
import burhan.nn.FeedForward;
import burhan.nn.GroupedAttention;
import burhan.nn.Linear;
import burhan.nn.Norm;
import burhan.nn.Rope;
import burhan.nn.RopeScaling;
import burhan.nn.Router;
import burhan.nn.Scratch;
import burhan.tensor.Tensor;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The layers that the families with grouped attention share. An architecture says what stands in a
 * layer's second half, and sets the flags that differ.
 *
 * @param layers what every architecture is built from
 * @param flags what differs
 */
record GroupedLayers(Layers layers, DecoderConfig config, Rope rope, GroupedFlags flags) {
  static GroupedLayers of(
      Weights weights, Kernels kernels, DecoderConfig config, GroupedFlags flags) {
    Layers layers =
        new Layers(weights, kernels, new Scratch(), config.hiddenSize(), (float) config.normEps());
    // GGUF files of Llama 3 have the stretched frequencies as a tensor, not as a rule.
    RopeScaling scaling =
        layers.has("rope_freqs.weight")
            ? new RopeScaling.Divisors(layers.vector("rope_freqs.weight", config.headDim() / 2))
            : config.ropeScaling();
    return new GroupedLayers(
        layers,
        config,
        new Rope(config.headDim(), config.ropeTheta(), config.ropeLayout(), scaling),
        flags);
  }

  /**
   * The whole model.
   *
   * @param feedForward the second half of each layer
   */
  LanguageModel model(IntFunction<FeedForward> feedForward) {
    Block[] blocks = new Block[config.numHiddenLayers()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = block(i, feedForward.apply(i));
    }
    String table = "model.embed_tokens.weight";
    Tensor embedding = layers.shaped(table, config.vocabSize(), config.hiddenSize());
    return new Decoder(
        new Decoder.Parts(
            layers,
            embedding,
            (float) flags.embeddingScale,
            blocks,
            norm("model.norm.weight"),
            head(config.tieWordEmbeddings() ? table : "lm_head.weight"),
            (float) flags.logitScale,
            config.maxPositionEmbeddings(),
            config.memory()),
        Summaries.of(config.facts(), layers.weights().infos()),
        null);
  }

  /** A second half without experts. */
  FeedForward dense(int layer) {
    return layers.feedForward(Layers.layer(layer) + "mlp.", config.intermediateSize());
  }

  /** A second half with routed experts, and shared ones where they have a width. */
  FeedForward experts(int layer, int inner, int sharedInner, Router.Rule rule) {
    return layers.experts(
        Layers.layer(layer) + "mlp.", config.experts(), inner, sharedInner, rule, null);
  }

  private Matrix head(String name) {
    return layers.matrix(name, config.vocabSize(), config.hiddenSize());
  }

  private Block block(int index, FeedForward feedForward) {
    String at = Layers.layer(index);
    return new Block(
        index,
        norm(at + "input_layernorm.weight"),
        attention(at + "self_attn.", index),
        norm(at + "post_attention_layernorm.weight"),
        feedForward,
        (float) flags.residualScale,
        layers.scratch());
  }

  private GroupedAttention attention(String at, int index) {
    int width = config.hiddenSize();
    int queryRows = config.numAttentionHeads() * config.headDim();
    int keyRows = config.numKeyValueHeads() * config.headDim();
    return new GroupedAttention(
        layers.kernels(),
        new GroupedAttention.Heads(
            config.numAttentionHeads(),
            config.numKeyValueHeads(),
            config.headDim(),
            (float) flags.attentionScale,
            config.window(index),
            (float) flags.clip),
        new GroupedAttention.Projections(
            projection(at, "q_proj", 0, queryRows),
            projection(at, "k_proj", queryRows, keyRows),
            projection(at, "v_proj", queryRows + keyRows, keyRows),
            headNorm(at + "q_norm.weight"),
            headNorm(at + "k_norm.weight"),
            layers.linear(at + "o_proj", width, queryRows, flags.hasOutputBias)),
        rope,
        flags.temperature,
        index,
        layers.scratch());
  }

  /**
   * One of the three, a tensor of its own or rows of the fused one.
   *
   * @param from its first row in the fused tensor
   */
  private Linear projection(String at, String name, int from, int rows) {
    if (!flags.isFused) {
      return layers.linear(at + name, rows, config.hiddenSize(), flags.hasBias);
    }
    int all = (config.numAttentionHeads() + 2 * config.numKeyValueHeads()) * config.headDim();
    Tensor fused = layers.shaped(at + "qkv_proj.weight", all, config.hiddenSize());
    return new Linear(layers.kernels().pack(fused.slice(from, rows)), null);
  }

  private Norm norm(String name) {
    return flags.hasLayerNorm ? layers.layerNorm(name) : layers.norm(name);
  }

  private @Nullable Norm headNorm(String name) {
    return flags.hasHeadNorm ? layers.norm(name, config.headDim(), (float) config.normEps()) : null;
  }
}
