package burhan.nn;

import burhan.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * DeepSeekMoE: {@code y = sum_k w_k Expert_k(x) + Shared(x)}. No row is ever dropped. Rows are
 * gathered by expert so that an expert's weights are read once a step; a row's sum always runs over
 * its experts in index order, so it does not depend on the other rows.
 */
public final class Experts implements FeedForward {
  private final Kernels kernels;
  private final Router router;
  private final SwiGlu[] experts;
  private final @Nullable SwiGlu shared;
  private final int width;
  private final Scratch scratch;
  private int[] indices = {}; // [rows, topK]
  private float[] weights = {}; // [rows, topK]

  /**
   * @param shared the experts that always fire, as one feed-forward; null for none
   * @param width numbers per row
   */
  public Experts(
      Kernels kernels,
      Router router,
      SwiGlu[] experts,
      @Nullable SwiGlu shared,
      int width,
      Scratch scratch) {
    this.kernels = kernels;
    this.router = router;
    this.experts = experts.clone();
    this.shared = shared;
    this.width = width;
    this.scratch = scratch;
  }

  @Override
  public void forward(float[] x, int rows, float[] y) {
    // 1. Scores and choices of every row.
    int topK = router.topK();
    int count = router.experts();
    float[] scores = scratch.floats(Scratch.Slot.ROUTER, rows * count);
    router.score(x, rows, scores);
    if (indices.length < rows * topK) {
      indices = new int[rows * topK];
      weights = new float[rows * topK];
    }
    for (int r = 0; r < rows; r++) {
      router.choose(scores, r * count, indices, weights, r * topK);
    }
    // 2. The shared experts see every row.
    if (shared == null) {
      Arrays.fill(y, 0, rows * width, 0f);
    } else {
      shared.forward(x, rows, y);
    }
    // 3. Each chosen expert sees its rows together.
    for (int e = 0; e < count; e++) {
      runExpert(e, x, rows, y);
    }
  }

  private void runExpert(int expert, float[] x, int rows, float[] y) {
    int topK = router.topK();
    float[] in = scratch.floats(Scratch.Slot.EXPERT_IN, rows * width);
    int gathered = 0;
    for (int i = 0; i < rows * topK; i++) {
      if (indices[i] == expert) {
        System.arraycopy(x, i / topK * width, in, gathered++ * width, width);
      }
    }
    if (gathered == 0) {
      return;
    }
    float[] out = scratch.floats(Scratch.Slot.EXPERT_OUT, rows * width);
    experts[expert].forward(in, gathered, out);
    gathered = 0;
    for (int i = 0; i < rows * topK; i++) {
      if (indices[i] == expert) {
        kernels.addScaled(weights[i], out, gathered++ * width, y, i / topK * width, width);
      }
    }
  }

  /** The last step's scores before the bias, [rows, experts]. */
  float[] lastScores(int rows) {
    return scratch.floats(Scratch.Slot.ROUTER, rows * router.experts());
  }

  /** The last step's chosen experts, [rows, topK], best first. */
  int[] lastIndices() {
    return indices;
  }

  /** The last step's weights, [rows, topK]. */
  float[] lastWeights() {
    return weights;
  }

  int expertCount() {
    return experts.length;
  }

  int topK() {
    return router.topK();
  }
}
