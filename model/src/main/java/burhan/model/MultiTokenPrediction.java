package burhan.model;

import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import burhan.nn.Batch;
import burhan.nn.Block;
import burhan.nn.KeyValueCache;
import burhan.nn.Norm;
import burhan.tensor.Tensor;

/**
 * The first multi-token prediction module (DeepSeek-V3 report, equations 21 to 23): from the main
 * model's hidden state at position i and the token at i+1 it predicts the token at i+2.
 *
 * <p>Two conventions were never published and are settled by the engines that run it: {@code
 * eh_proj} takes the embedding first, and the hidden state is the one behind the final norm.
 */
public final class MultiTokenPrediction {
  private final Kernels kernels;
  private final DeepSeekConfig config;
  private final Tensor embedding; // shared with the main model
  private final Norm embeddingNorm;
  private final Norm hiddenNorm;
  private final Matrix projection; // [D, 2 D]
  private final Block block;
  private final Norm headNorm;
  private final Matrix head; // [vocab, D], a copy of the main model's
  private final float[] half; // [D]
  private float[] joined = {}; // [rows, 2 D]
  private float[] x = {}; // [rows, D]

  private MultiTokenPrediction(
      Kernels kernels,
      DeepSeekConfig config,
      Tensor embedding,
      Norm embeddingNorm,
      Norm hiddenNorm,
      Matrix projection,
      Block block,
      Norm headNorm,
      Matrix head) {
    this.kernels = kernels;
    this.config = config;
    this.embedding = embedding;
    this.embeddingNorm = embeddingNorm;
    this.hiddenNorm = hiddenNorm;
    this.projection = projection;
    this.block = block;
    this.headNorm = headNorm;
    this.head = head;
    this.half = new float[config.hiddenSize()];
  }

  static MultiTokenPrediction load(DeepSeekLayers layers, DeepSeekConfig config, Tensor embedding) {
    int width = config.hiddenSize();
    String at = Layers.layer(config.numHiddenLayers());
    String headName = at + "shared_head.head.weight";
    Layers shared = layers.layers();
    return new MultiTokenPrediction(
        shared.kernels(),
        config,
        embedding,
        shared.norm(at + "enorm.weight"),
        shared.norm(at + "hnorm.weight"),
        shared.matrix(at + "eh_proj.weight", width, 2 * width),
        layers.block(config.numHiddenLayers(), 0, config.nRoutedExperts() > 0),
        shared.norm(at + "shared_head.norm.weight"),
        // Files that do not repeat the head share the main model's.
        layers.head(shared.has(headName) ? headName : "lm_head.weight"));
  }

  /** A cache of its own: the module attends to its own positions. */
  public KeyValueCache newCache(int capacity) {
    return new KeyValueCache(
        kernels.newMemory(config.memory(1)), Math.min(capacity, config.maxPositionEmbeddings()));
  }

  /**
   * Drafts behind every row.
   *
   * @param nextTokens the rows' following tokens, with the module's own cache
   * @param mainHidden [rows, D], the main model's hidden states behind its final norm
   * @param logits [rows, vocab], overwritten
   */
  public void forward(Batch nextTokens, float[] mainHidden, float[] logits) {
    forward(nextTokens, mainHidden, 0);
    logits(0, nextTokens.size(), logits);
  }

  /**
   * Runs the rows; their hidden states stay until the next call.
   *
   * @param nextTokens the rows' following tokens, with the module's own cache
   * @param previous [rows, D] from row {@code firstRow}: the main model's hidden states behind its
   *     final norm, or for a deeper draft this module's own
   */
  public void forward(Batch nextTokens, float[] previous, int firstRow) {
    int rows = nextTokens.size();
    int width = config.hiddenSize();
    if (joined.length < 2 * rows * width) {
      joined = new float[2 * rows * width];
    }
    for (int r = 0; r < rows; r++) {
      embedding.row(nextTokens.token(r), half, 0);
      embeddingNorm.forward(half, 1, half);
      System.arraycopy(half, 0, joined, 2 * r * width, width);
      System.arraycopy(previous, (firstRow + r) * width, half, 0, width);
      hiddenNorm.forward(half, 1, half);
      System.arraycopy(half, 0, joined, (2 * r + 1) * width, width);
    }
    // Behind the loop: what is read there may be this module's own.
    if (x.length < rows * width) {
      x = new float[rows * width];
    }
    projection.multiply(nextTokens.phase(), joined, 0, rows, x, 0);
    block.forward(nextTokens, x, null);
    headNorm.forward(x, rows, x);
  }

  /**
   * Logits of rows of the last step.
   *
   * @param out [rows, vocab] from index 0
   */
  public void logits(int firstRow, int rows, float[] out) {
    head.multiply(x, firstRow * config.hiddenSize(), rows, out, 0);
  }

  /** Hidden states of the last step behind the module's norm, [rows, D], valid until the next. */
  public float[] hidden() {
    return x;
  }
}
