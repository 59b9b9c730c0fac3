package burhan.model;

import burhan.kernel.Matrix;
import burhan.nn.Block;
import burhan.nn.Experts;
import burhan.nn.FeedForward;
import burhan.nn.LatentAttention;
import burhan.nn.RmsNorm;
import burhan.nn.Rope;
import burhan.nn.Router;

/**
 * The layers that are DeepSeek's own: latent attention and its experts.
 *
 * @param layers what every architecture is built from
 */
record DeepSeekLayers(Layers layers, DeepSeekConfig config, Rope rope) {
  // The norms inside latent attention use this whatever rms_norm_eps says, as both references do.
  private static final float LATENT_NORM_EPS = 1e-6f;

  boolean hasMultiTokenPrediction() {
    return config.numNextnPredictLayers() > 0
        && layers.has(Layers.layer(config.numHiddenLayers()) + "eh_proj.weight");
  }

  /** An output head, or the embedding. */
  Matrix head(String name) {
    return layers.matrix(name, config.vocabSize(), config.hiddenSize());
  }

  Block block(int index, boolean hasExperts) {
    return block(index, index, hasExperts);
  }

  /** The same where the caches hold the layer in another place than its number. */
  Block block(int index, int cacheLayer, boolean hasExperts) {
    String at = Layers.layer(index);
    FeedForward ffn =
        hasExperts
            ? experts(at + "mlp.")
            : layers.feedForward(at + "mlp.", config.intermediateSize());
    return new Block(
        index,
        layers.norm(at + "input_layernorm.weight"),
        attention(at + "self_attn.", cacheLayer),
        layers.norm(at + "post_attention_layernorm.weight"),
        ffn,
        1,
        layers.scratch());
  }

  private LatentAttention attention(String at, int cacheLayer) {
    DeepSeekConfig c = config;
    int heads = c.numAttentionHeads();
    int queryRows = heads * c.qkHeadDim();
    int width = c.hiddenSize();
    boolean compressed = c.qLoraRank() > 0;
    LatentExpansion expansion = LatentExpansion.load(layers, at, c);
    Matrix qA = null;
    RmsNorm qANorm = null;
    if (compressed) {
      qA = layers.matrix(at + "q_a_proj.weight", c.qLoraRank(), width);
      qANorm = layers.norm(at + "q_a_layernorm.weight", c.qLoraRank(), LATENT_NORM_EPS);
    }
    return new LatentAttention(
        layers.kernels(),
        new LatentAttention.Heads(
            heads,
            c.qkNopeHeadDim(),
            c.qkRopeHeadDim(),
            c.vHeadDim(),
            c.kvLoraRank(),
            (float) c.attentionScale()),
        new LatentAttention.Projections(
            qA,
            qANorm,
            compressed
                ? layers.matrix(at + "q_b_proj.weight", queryRows, c.qLoraRank())
                : layers.matrix(at + "q_proj.weight", queryRows, width),
            layers.matrix(at + "kv_a_proj_with_mqa.weight", c.latentWidth(), width),
            layers.norm(at + "kv_a_layernorm.weight", c.kvLoraRank(), LATENT_NORM_EPS),
            expansion.keys(),
            expansion.values(),
            layers.matrix(at + "o_proj.weight", width, heads * c.vHeadDim())),
        rope,
        cacheLayer,
        layers.scratch());
  }

  private Experts experts(String at) {
    DeepSeekConfig c = config;
    boolean biased = c.topkMethod().equals("noaux_tc");
    // Plain "greedy" ignores groups even where the config names some.
    boolean grouped = !c.topkMethod().equals("greedy");
    return layers.experts(
        at,
        c.nRoutedExperts(),
        c.moeIntermediateSize(),
        c.nSharedExperts() * c.moeIntermediateSize(),
        new Router.Rule(
            c.numExpertsPerTok(),
            grouped ? c.nGroup() : 1,
            grouped ? c.topkGroup() : 1,
            biased ? Router.GroupScore.BEST_TWO : Router.GroupScore.BEST,
            c.scoringFunc().equals("sigmoid"),
            c.normTopkProb(),
            (float) c.routedScalingFactor()),
        biased ? layers.vector(at + "gate.e_score_correction_bias", c.nRoutedExperts()) : null);
  }
}
