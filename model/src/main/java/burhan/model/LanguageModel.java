package burhan.model;

import burhan.nn.Batch;
import burhan.nn.LatentCache;
import burhan.nn.Probe;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model: token ids in, logits out. Knows no text and no sampling. One step at a time; not
 * for several threads.
 */
public interface LanguageModel extends AutoCloseable {
  /** Rows of the logits. */
  int vocabSize();

  /** Most positions the config allows. */
  int contextLength();

  /** Memory for one more sequence of up to {@code capacity} tokens. */
  LatentCache newCache(int capacity);

  /** Runs the rows through all layers; their hidden states stay until the next call. */
  void forward(Batch batch);

  /**
   * Logits of rows of the last step.
   *
   * @param out [rows, vocabSize] from index 0
   */
  void logits(int firstRow, int rows, float[] out);

  /**
   * Hidden states of the last step, behind the final norm.
   *
   * @return [rows, width], valid until the next step
   */
  float[] hidden();

  /** What the model is, for people. */
  Summary summary();

  /** Looks at every layer from the next step on; null stops looking. */
  void probe(@Nullable Probe probe);

  /** Releases the weights. */
  @Override
  void close();

  /**
   * Sizes of a model.
   *
   * @param parameters weights of the main model
   * @param activeParameters weights that one token is multiplied with, the embedding look-up aside
   * @param weightBytes bytes of all stored weights
   * @param dtype the type most weights are stored in
   * @param cacheBytesPerToken bytes of cache a token takes
   */
  record Summary(
      String architecture,
      long parameters,
      long activeParameters,
      long mtpParameters,
      long weightBytes,
      String dtype,
      int layers,
      int width,
      int contextLength,
      int vocabSize,
      long cacheBytesPerToken) {}
}
