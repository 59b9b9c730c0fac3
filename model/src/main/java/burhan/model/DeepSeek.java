package burhan.model;

import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import burhan.nn.Batch;
import burhan.nn.Block;
import burhan.nn.LatentCache;
import burhan.nn.Probe;
import burhan.nn.RmsNorm;
import burhan.nn.Rope;
import burhan.nn.Scratch;
import org.jspecify.annotations.Nullable;

/**
 * DeepSeek-V2, V2-Lite, V3 and R1: latent attention, dense leading layers, then routed experts, and
 * the multi-token prediction when the file holds it. Wiring only; the layers are in {@code
 * burhan.nn}.
 */
public final class DeepSeek implements LanguageModel {
  private final Weights weights;
  private final DeepSeekConfig config;
  private final Matrix embedding; // [vocab, D]
  private final Block[] blocks;
  private final RmsNorm finalNorm;
  private final Matrix head; // [vocab, D]
  private final @Nullable MultiTokenPrediction mtp;
  private final Summary summary;
  private float[] x = {}; // [rows, D], the residual stream
  private float[] hidden = {}; // [rows, D], behind the final norm
  private @Nullable Probe probe;

  private DeepSeek(Weights weights, DeepSeekConfig config, Kernels kernels) {
    this.weights = weights;
    this.config = config;
    DeepSeekLayers layers =
        new DeepSeekLayers(
            weights,
            config,
            kernels,
            new Rope(config.qkRopeHeadDim(), config.ropeTheta(), config.ropeScaling()),
            new Scratch());
    this.embedding = layers.matrix("model.embed_tokens.weight", config.vocabSize());
    this.blocks = new Block[config.numHiddenLayers()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = layers.block(i, config.isExpertLayer(i));
    }
    this.finalNorm = layers.norm("model.norm.weight", config.hiddenSize());
    this.head =
        config.tieWordEmbeddings()
            ? embedding
            : layers.matrix("lm_head.weight", config.vocabSize());
    this.mtp =
        layers.hasMultiTokenPrediction()
            ? MultiTokenPrediction.load(layers, config, embedding)
            : null;
    this.summary = Summaries.of(config, weights, blocks, mtp, head);
  }

  /**
   * Wires the weights up; nothing is copied.
   *
   * @param weights closed with the model
   * @throws burhan.tensor.BadInputException if a tensor is missing or of the wrong shape
   */
  public static DeepSeek load(Weights weights, DeepSeekConfig config, Kernels kernels) {
    return new DeepSeek(weights, config, kernels);
  }

  public DeepSeekConfig config() {
    return config;
  }

  /** The draft layer, or null when the file has none. */
  public @Nullable MultiTokenPrediction multiTokenPrediction() {
    return mtp;
  }

  @Override
  public int vocabSize() {
    return config.vocabSize();
  }

  @Override
  public int contextLength() {
    return config.maxPositionEmbeddings();
  }

  @Override
  public LatentCache newCache(int capacity) {
    return new LatentCache(
        config.numHiddenLayers(),
        config.kvLoraRank(),
        config.qkRopeHeadDim(),
        Math.min(capacity, contextLength()));
  }

  @Override
  public void forward(Batch batch) {
    int width = config.hiddenSize();
    int rows = batch.size();
    if (x.length < rows * width) {
      x = new float[rows * width];
      hidden = new float[rows * width];
    }
    // 1. Tokens to vectors.
    for (int r = 0; r < rows; r++) {
      embedding.row(batch.token(r), x, r * width);
    }
    // 2. Every layer adds to the residual stream.
    for (Block block : blocks) {
      block.forward(batch, x, probe);
    }
    // 3. The final norm; the head waits until somebody asks for logits.
    finalNorm.forward(x, rows, hidden);
  }

  @Override
  public void logits(int firstRow, int rows, float[] out) {
    head.multiply(hidden, firstRow * config.hiddenSize(), rows, out, 0);
  }

  @Override
  public float[] hidden() {
    return hidden;
  }

  @Override
  public Summary summary() {
    return summary;
  }

  @Override
  public void probe(@Nullable Probe newProbe) {
    this.probe = newProbe;
  }

  @Override
  public void close() {
    weights.close();
  }
}
