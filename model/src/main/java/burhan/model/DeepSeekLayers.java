package burhan.model;

import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import burhan.nn.Block;
import burhan.nn.Experts;
import burhan.nn.FeedForward;
import burhan.nn.LatentAttention;
import burhan.nn.RmsNorm;
import burhan.nn.Rope;
import burhan.nn.Router;
import burhan.nn.Scratch;
import burhan.nn.SwiGlu;
import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoint names to layers: the one place that knows what DeepSeek's tensors are called and which
 * shape each must have.
 */
record DeepSeekLayers(
    Weights weights, DeepSeekConfig config, Kernels kernels, Rope rope, Scratch scratch) {
  // The norms inside latent attention use this whatever rms_norm_eps says, as both references do.
  private static final float LATENT_NORM_EPS = 1e-6f;

  boolean hasMultiTokenPrediction() {
    return config.numNextnPredictLayers() > 0
        && weights.find(layer(config.numHiddenLayers()) + "eh_proj.weight") != null;
  }

  static String layer(int index) {
    return "model.layers." + index + ".";
  }

  /** A matrix from the model's width to {@code rows}. */
  Matrix matrix(String name, int rows) {
    return matrix(name, rows, config.hiddenSize());
  }

  Matrix matrix(String name, int rows, int cols) {
    return kernels.pack(floats(name).requireShape(rows, cols));
  }

  RmsNorm norm(String name, int width) {
    return norm(name, width, (float) config.rmsNormEps());
  }

  private RmsNorm norm(String name, int width, float eps) {
    return new RmsNorm(kernels, floats(name).requireShape(width).toFloats(), eps);
  }

  private Tensor floats(String name) {
    Tensor tensor = weights.get(name);
    if (!tensor.type().isFloat()) {
      throw new BadInputException(
          "%s: %s holds no floats; the file is of another model"
              .formatted(weights.where(), tensor));
    }
    return tensor;
  }

  Block block(int index, boolean hasExperts) {
    String at = layer(index);
    FeedForward ffn =
        hasExperts ? experts(at + "mlp.") : feedForward(at + "mlp.", config.intermediateSize());
    return new Block(
        index,
        norm(at + "input_layernorm.weight", config.hiddenSize()),
        attention(at + "self_attn.", index),
        norm(at + "post_attention_layernorm.weight", config.hiddenSize()),
        ffn,
        scratch);
  }

  private LatentAttention attention(String at, int index) {
    DeepSeekConfig c = config;
    int heads = c.numAttentionHeads();
    int queryRows = heads * c.qkHeadDim();
    boolean compressed = c.qLoraRank() > 0;
    Matrix qA = null;
    RmsNorm qANorm = null;
    if (compressed) {
      qA = matrix(at + "q_a_proj.weight", c.qLoraRank());
      qANorm = norm(at + "q_a_layernorm.weight", c.qLoraRank(), LATENT_NORM_EPS);
    }
    return new LatentAttention(
        kernels,
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
                ? matrix(at + "q_b_proj.weight", queryRows, c.qLoraRank())
                : matrix(at + "q_proj.weight", queryRows),
            matrix(at + "kv_a_proj_with_mqa.weight", c.latentWidth()),
            norm(at + "kv_a_layernorm.weight", c.kvLoraRank(), LATENT_NORM_EPS),
            matrix(
                at + "kv_b_proj.weight",
                heads * (c.qkNopeHeadDim() + c.vHeadDim()),
                c.kvLoraRank()),
            matrix(at + "o_proj.weight", c.hiddenSize(), heads * c.vHeadDim())),
        rope,
        index,
        scratch);
  }

  private SwiGlu feedForward(String at, int inner) {
    return new SwiGlu(
        kernels,
        matrix(at + "gate_proj.weight", inner),
        matrix(at + "up_proj.weight", inner),
        matrix(at + "down_proj.weight", config.hiddenSize(), inner),
        scratch);
  }

  private Experts experts(String at) {
    DeepSeekConfig c = config;
    boolean biased = c.topkMethod().equals("noaux_tc");
    float @Nullable [] bias =
        biased
            ? floats(at + "gate.e_score_correction_bias")
                .requireShape(c.nRoutedExperts())
                .toFloats()
            : null;
    Router router =
        new Router(
            matrix(at + "gate.weight", c.nRoutedExperts()),
            bias,
            new Router.Rule(
                c.numExpertsPerTok(),
                // Plain "greedy" ignores groups even where the config names some.
                c.topkMethod().equals("greedy") ? 1 : c.nGroup(),
                c.topkMethod().equals("greedy") ? 1 : c.topkGroup(),
                biased ? Router.GroupScore.BEST_TWO : Router.GroupScore.BEST,
                c.scoringFunc().equals("sigmoid"),
                c.normTopkProb(),
                (float) c.routedScalingFactor()));
    SwiGlu[] routed = new SwiGlu[c.nRoutedExperts()];
    for (int e = 0; e < routed.length; e++) {
      routed[e] = feedForward(at + "experts." + e + ".", c.moeIntermediateSize());
    }
    SwiGlu shared =
        c.nSharedExperts() == 0
            ? null
            : feedForward(at + "shared_experts.", c.nSharedExperts() * c.moeIntermediateSize());
    return new Experts(kernels, router, routed, shared, c.hiddenSize(), scratch);
  }
}
