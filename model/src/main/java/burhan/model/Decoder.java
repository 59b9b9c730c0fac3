package burhan.model;

import burhan.kernel.AttentionMemory;
import burhan.kernel.Matrix;
import burhan.nn.Batch;
import burhan.nn.Block;
import burhan.nn.KeyValueCache;
import burhan.nn.Norm;
import burhan.nn.Probe;
import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer: embedding, blocks, final norm, head. Every architecture is one of
 * these; what differs is inside the blocks and in two factors. Knows no config.
 */
final class Decoder implements LanguageModel {
  /**
   * What an architecture wires up.
   *
   * @param embedding [vocab, D], of which rows are looked up
   * @param embeddingScale what an embedding is multiplied with, 1 for most
   * @param head [vocab, D], the embedding itself where they are tied
   * @param logitScale what logits are multiplied with, 1 for most
   * @param contextLength most positions
   * @param memory what attention remembers
   */
  record Parts(
      Layers layers,
      Tensor embedding,
      float embeddingScale,
      Block[] blocks,
      Norm finalNorm,
      Matrix head,
      float logitScale,
      int contextLength,
      AttentionMemory.Shape memory) {}

  private final Parts parts;
  private final Summary summary;
  private final @Nullable MultiTokenPrediction mtp;
  private float[] x = {}; // [rows, D], the residual stream
  private float[] hidden = {}; // [rows, D], behind the final norm
  private @Nullable Probe probe;

  /**
   * @param mtp the draft layer, or null
   */
  Decoder(Parts parts, Summary summary, @Nullable MultiTokenPrediction mtp) {
    this.parts = parts;
    this.summary = summary;
    this.mtp = mtp;
  }

  @Override
  public int vocabSize() {
    return parts.head().rows();
  }

  @Override
  public int contextLength() {
    return parts.contextLength();
  }

  @Override
  public KeyValueCache newCache(int capacity) {
    return new KeyValueCache(
        parts.layers().kernels().newMemory(parts.memory()), Math.min(capacity, contextLength()));
  }

  @Override
  public boolean phasesAgree() {
    return parts.layers().kernels().phasesAgree();
  }

  @Override
  public void forward(Batch batch) {
    int width = parts.layers().width();
    int rows = batch.size();
    if (x.length < rows * width) {
      x = new float[rows * width];
      hidden = new float[rows * width];
    }
    // 1. Tokens to vectors.
    for (int r = 0; r < rows; r++) {
      parts.embedding().row(batch.token(r), x, r * width);
    }
    scale(x, rows * width, parts.embeddingScale());
    // 2. Every layer adds to the residual stream.
    for (Block block : parts.blocks()) {
      block.forward(batch, x, probe);
    }
    // 3. The final norm; the head waits until somebody asks for logits.
    parts.finalNorm().forward(x, rows, hidden);
  }

  @Override
  public void logits(int firstRow, int rows, float[] out) {
    parts.head().multiply(hidden, firstRow * parts.layers().width(), rows, out, 0);
    scale(out, rows * vocabSize(), parts.logitScale());
    requireFinite(out, rows * vocabSize());
  }

  /** Damaged weights show here at the latest; whoever samples need not look again. */
  private void requireFinite(float[] logits, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      sum += 0 * logits[i]; // NaN for NaN and for infinity
    }
    if (sum != 0) {
      throw new BadInputException(
          "%s: the model computes logits that are not numbers; the weights are damaged, download them again"
              .formatted(parts.layers().weights().where()));
    }
  }

  private static void scale(float[] x, int n, float factor) {
    if (factor != 1) {
      for (int i = 0; i < n; i++) {
        x[i] *= factor;
      }
    }
  }

  @Override
  public float[] hidden() {
    return hidden;
  }

  @Override
  public @Nullable MultiTokenPrediction multiTokenPrediction() {
    return mtp;
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
    parts.layers().kernels().close();
    parts.layers().weights().close();
  }
}
