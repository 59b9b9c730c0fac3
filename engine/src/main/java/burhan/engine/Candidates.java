package burhan.engine;

/**
 * The tokens that may be drawn, each with a weight, likeliest first as far as somebody asks. A heap
 * over arrays that are made once. Knows no logits and no text.
 */
final class Candidates {
  private final int[] ids;
  private final double[] weights;
  private int size;

  Candidates(int vocabSize) {
    this.ids = new int[vocabSize];
    this.weights = new double[vocabSize];
  }

  /**
   * Takes every token with the weight {@code exp((logit - largest) / temperature)}.
   *
   * @param logits [vocab] from index {@code at}
   * @return the sum of all weights
   */
  double fill(float[] logits, int at, float largest, double temperature) {
    size = ids.length;
    double sum = 0;
    for (int id = 0; id < size; id++) {
      double weight = Math.exp(((double) logits[at + id] - largest) / temperature);
      ids[id] = id;
      weights[id] = weight;
      sum += weight;
    }
    return sum;
  }

  /** Makes {@link #pop} possible. */
  void order() {
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  /** The index of the likeliest token not popped yet; of equals the one with the lowest id. */
  int pop() {
    size--;
    swap(0, size);
    sink(0);
    return size;
  }

  /** Tokens not popped yet. */
  int size() {
    return size;
  }

  int id(int index) {
    return ids[index];
  }

  double weight(int index) {
    return weights[index];
  }

  private void sink(int from) {
    int i = from;
    while (true) {
      int best = i;
      int left = 2 * i + 1;
      if (left < size && isBefore(left, best)) {
        best = left;
      }
      if (left + 1 < size && isBefore(left + 1, best)) {
        best = left + 1;
      }
      if (best == i) {
        return;
      }
      swap(i, best);
      i = best;
    }
  }

  private boolean isBefore(int a, int b) {
    return weights[a] > weights[b] || (weights[a] == weights[b] && ids[a] < ids[b]);
  }

  private void swap(int a, int b) {
    int id = ids[a];
    ids[a] = ids[b];
    ids[b] = id;
    double weight = weights[a];
    weights[a] = weights[b];
    weights[b] = weight;
  }
}
