package burhan.nn;

import burhan.kernel.Kernels;
import burhan.kernel.Phase;
import burhan.kernel.Product;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * DeepSeekMoE: {@code y = sum_k w_k Expert_k(x) + Shared(x)}. No row is ever dropped. Rows are
 * gathered by expert so that an expert's weights are read once a step; a row's sum always runs over
 * its experts in index order, so it does not depend on the other rows. All experts of a step run in
 * two parallel regions, one before and one behind the gate.
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
  private final int inner;
  private final int sharedInner;
  private final int[] first; // of each expert's choices, and behind the last
  private final int[] next;
  private int[] order = {}; // [rows * topK], choices sorted by expert
  private Product[] products = {};

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
    this.inner = experts[0].inner();
    this.sharedInner = shared == null ? 0 : shared.inner();
    this.first = new int[experts.length + 1];
    this.next = new int[experts.length];
    this.scratch = scratch;
  }

  @Override
  public void forward(Phase phase, float[] x, int rows, float[] y) {
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
    // 2. Rows in the order of their experts; a step's experts and the shared one enter together.
    gather(x, rows);
    float[] g = scratch.floats(Scratch.Slot.FFN_GATE, rows * (topK * inner + sharedInner));
    float[] u = scratch.floats(Scratch.Slot.FFN_UP, rows * (topK * inner + sharedInner));
    float[] in = scratch.floats(Scratch.Slot.EXPERT_IN, rows * topK * width);
    int sharedAt = rows * topK * inner;
    int n = 0;
    for (int e = 0; e < count; e++) {
      int from = first[e];
      int some = first[e + 1] - from;
      if (some == 1) {
        // One row is read where it is: all experts of a single token share it.
        int row = order[from] / topK;
        experts[e].enter(phase, product(n++), product(n++), x, row * width, 1, g, u, from * inner);
      } else if (some > 1) {
        experts[e].enter(
            phase, product(n++), product(n++), in, from * width, some, g, u, from * inner);
      }
    }
    if (shared != null) {
      shared.enter(phase, product(n++), product(n++), x, 0, rows, g, u, sharedAt);
    }
    kernels.multiply(products, n);
    kernels.swiglu(g, 0, u, 0, sharedAt + rows * sharedInner);
    // 3. And they leave together.
    float[] out = scratch.floats(Scratch.Slot.EXPERT_OUT, rows * topK * width);
    n = 0;
    for (int e = 0; e < count; e++) {
      int from = first[e];
      if (first[e + 1] > from) {
        experts[e].leave(
            phase, product(n++), g, from * inner, first[e + 1] - from, out, from * width);
      }
    }
    if (shared == null) {
      Arrays.fill(y, 0, rows * width, 0f);
    } else {
      shared.leave(phase, product(n++), g, sharedAt, rows, y, 0);
    }
    kernels.multiply(products, n);
    // 4. Each row's sum, over its experts in index order.
    for (int i = 0; i < rows * topK; i++) {
      kernels.addScaled(weights[order[i]], out, i * width, y, order[i] / topK * width, width);
    }
  }

  /** Sorts choices by expert, and within one by row; rows that share an expert are copied. */
  private void gather(float[] x, int rows) {
    int topK = router.topK();
    Arrays.fill(first, 0);
    for (int i = 0; i < rows * topK; i++) {
      first[indices[i] + 1]++;
    }
    for (int e = 0; e + 1 < first.length; e++) {
      first[e + 1] += first[e];
    }
    if (order.length < rows * topK) {
      order = new int[rows * topK];
    }
    float[] in = scratch.floats(Scratch.Slot.EXPERT_IN, rows * topK * width);
    System.arraycopy(first, 0, next, 0, next.length);
    for (int i = 0; i < rows * topK; i++) {
      int at = next[indices[i]]++;
      order[at] = i;
      if (rows > 1) {
        System.arraycopy(x, i / topK * width, in, at * width, width);
      }
    }
  }

  private Product product(int index) {
    if (index == products.length) {
      products = Arrays.copyOf(products, index + 16);
      for (int i = index; i < products.length; i++) {
        products[i] = new Product();
      }
    }
    return products[index];
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
