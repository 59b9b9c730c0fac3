package burhan.model;

import burhan.kernel.AttentionMemory;
import burhan.kernel.Kernels;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.nn.Probe;
import burhan.tensor.DType;
import java.util.Map;
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
  KeyValueCache newCache(int capacity);

  /**
   * Whether a row of a prompt is the same, to the last bit, as if it had been generated; if not,
   * what one phase has computed cannot stand in for the other's.
   */
  default boolean phasesAgree() {
    return true;
  }

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

  /** The layer that drafts one more token, or null when the file has none. */
  default @Nullable MultiTokenPrediction multiTokenPrediction() {
    return null;
  }

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
   * @param parameters numbers in all tensors of the main model
   * @param activeParameters those that one token meets, the embedding look-up aside
   * @param weightBytes bytes of all stored weights
   * @param bytesByType bytes of the tensors of each type
   * @param memory what attention remembers
   */
  record Summary(
      String architecture,
      long parameters,
      long activeParameters,
      long mtpParameters,
      long weightBytes,
      Map<DType, Long> bytesByType,
      int layers,
      int width,
      int contextLength,
      int vocabSize,
      AttentionMemory.Shape memory) {
    /** Bytes of cache that a token takes with those kernels. */
    public long cacheBytesPerToken(Kernels kernels) {
      return kernels.newMemory(memory).bytesPerToken();
    }

    /** The type that most bytes are stored in. */
    public DType dtype() {
      return Summaries.mostUsed(bytesByType);
    }
  }
}
