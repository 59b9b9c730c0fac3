package burhan.tensor;

import java.util.Arrays;

/**
 * Finds the scale (and minimum) with which a group of floats is best written as small whole
 * numbers. ggml's reference encoder fixes the candidates, the weights and the order of the float32
 * sums; they are kept here so that the same floats give the same bytes. Knows no block layout.
 *
 * <p>One per thread: it keeps its working memory.
 */
final class ScaleSearch {
  /** A group whose largest number is below this counts as zeros. */
  static final float NOTHING = 1e-15f;

  private final int[] trial = new int[32];
  private final float[] weights = new float[32];

  private float minimum;

  // What fitLine found.
  private float fitted;
  private float offset;

  /**
   * How a search with a minimum proceeds.
   *
   * @param most the largest level; the smallest is 0
   * @param first what the first candidate adds to {@code most}; each next one adds 0.1 more
   * @param candidates how many scales are tried
   * @param absolute whether errors are weighed by size instead of by square
   */
  record Plan(int most, float first, int candidates, boolean absolute) {}

  /**
   * The nearest whole number, ties to even, for sizes below four million: the addition leaves no
   * bits behind the point, so the number stands in the mantissa. What the reference does, also
   * beyond.
   */
  static int nearest(float x) {
    return (Float.floatToRawIntBits(x + 0x1.8p23f) & 0x7fffff) - 0x400000;
  }

  private static int nearest(float x, int least, int most) {
    return Math.clamp(nearest(x), least, most);
  }

  /** What the last {@link #withMinimum} subtracts: zero or positive. */
  float minimum() {
    return minimum;
  }

  /**
   * Fits {@code x ~ scale * level - minimum} with levels 0 to {@code plan.most}. Each candidate
   * scale fixes the levels; a weighted least-squares line through them gives the scale and minimum
   * that are judged.
   *
   * @return the scale; {@code levels} receives the levels, {@link #minimum} the minimum
   */
  float withMinimum(float[] x, int at, int n, Plan plan, int[] levels, int levelsAt) {
    weigh(x, at, n, plan);
    float low = x[at];
    float high = x[at];
    float sumW = 0;
    float sumX = 0;
    for (int i = 0; i < n; i++) {
      float v = x[at + i];
      low = v < low ? v : low;
      high = v > high ? v : high;
      sumW += weights[i];
      sumX += weights[i] * v;
    }
    low = low > 0 ? 0 : low;
    minimum = -low;
    if (high == low) {
      Arrays.fill(levels, levelsAt, levelsAt + n, 0);
      return 0;
    }
    float inverse = plan.most / (high - low);
    float scale = 1 / inverse;
    round(x, at, n, plan, inverse, low);
    float least = error(x, at, n, plan, scale, low);
    System.arraycopy(trial, 0, levels, levelsAt, n);
    for (int c = 0; c < plan.candidates; c++) {
      // `low` is the best minimum so far, so that a success moves the candidates after it.
      inverse = (plan.first + 0.1f * c + plan.most) / (high - low);
      round(x, at, n, plan, inverse, low);
      if (!fitLine(x, at, n, sumW, sumX)) {
        continue;
      }
      float error = error(x, at, n, plan, fitted, offset);
      if (error < least) {
        least = error;
        scale = fitted;
        low = offset;
        System.arraycopy(trial, 0, levels, levelsAt, n);
      }
    }
    minimum = -low;
    return scale;
  }

  /** The weighted least-squares line through the trial levels; false if they are all equal. */
  private boolean fitLine(float[] x, int at, int n, float sumW, float sumX) {
    float sumL = 0;
    float sumL2 = 0;
    float sumXl = 0;
    for (int i = 0; i < n; i++) {
      float wl = weights[i] * trial[i];
      sumL += wl;
      sumL2 += wl * trial[i];
      sumXl += wl * x[at + i];
    }
    float determinant = sumW * sumL2 - sumL * sumL;
    if (!(determinant > 0)) {
      return false;
    }
    fitted = (sumW * sumXl - sumX * sumL) / determinant;
    offset = (sumL2 * sumX - sumL * sumXl) / determinant;
    if (offset > 0) {
      offset = 0;
      fitted = sumXl / sumL2;
    }
    return true;
  }

  /** Large numbers count more; with squares, how much more depends on the group's mean size. */
  private void weigh(float[] x, int at, int n, Plan plan) {
    float size = 0;
    if (!plan.absolute) {
      float squares = 0;
      for (int i = 0; i < n; i++) {
        squares += x[at + i] * x[at + i];
      }
      size = (float) Math.sqrt(squares / n);
    }
    for (int i = 0; i < n; i++) {
      weights[i] = size + Math.abs(x[at + i]);
    }
  }

  private void round(float[] x, int at, int n, Plan plan, float inverse, float low) {
    for (int i = 0; i < n; i++) {
      trial[i] = nearest(inverse * (x[at + i] - low), 0, plan.most);
    }
  }

  private float error(float[] x, int at, int n, Plan plan, float scale, float low) {
    float error = 0;
    for (int i = 0; i < n; i++) {
      float miss = scale * trial[i] + low - x[at + i];
      error += weights[i] * (plan.absolute ? Math.abs(miss) : miss * miss);
    }
    return error;
  }

  /**
   * Fits 16 floats as {@code scale * (level - half)} with levels 0 to {@code 2 * half - 1}, trying
   * 19 scales around the one that maps the largest number to level 0.
   *
   * @return the scale, which may be negative; {@code levels} receives the levels, all 0 for zeros
   */
  float symmetric(float[] x, int at, int half, int[] levels, int levelsAt) {
    float largest = largest(x, at, 16);
    if (Math.abs(largest) < NOTHING) {
      Arrays.fill(levels, levelsAt, levelsAt + 16, 0);
      return 0;
    }
    float scale = 0;
    float best = 0;
    // The plain scale first, whatever it is worth; the others have to beat it.
    for (int step = 0; step <= 18; step++) {
      int tenths = step == 0 ? 0 : step <= 9 ? step - 10 : step - 9;
      float inverse = -(half + 0.1f * tenths) / largest;
      float sumLx = 0;
      float sumL2 = 0;
      for (int i = 0; i < 16; i++) {
        float v = x[at + i];
        int l = nearest(inverse * v, -half, half - 1);
        trial[i] = l + half;
        float w = v * v;
        sumLx += w * v * l;
        sumL2 += w * l * l;
      }
      if (step == 0 || (sumL2 > 0 && sumLx * sumLx > best * sumL2)) {
        scale = sumL2 == 0 ? 0 : sumLx / sumL2;
        best = scale * sumLx;
        System.arraycopy(trial, 0, levels, levelsAt, 16);
      }
    }
    return scale;
  }

  /**
   * Fits 16 floats as {@code scale * (level - half)}, moving one level at a time to where the best
   * scale for all the others would put it, at most five times around.
   *
   * @return the scale, which may be negative; {@code levels} receives the levels, all 0 for zeros
   */
  float oneByOne(float[] x, int at, int half, int[] levels, int levelsAt) {
    float largest = largest(x, at, 16);
    if (Math.abs(largest) < NOTHING) {
      Arrays.fill(levels, levelsAt, levelsAt + 16, 0);
      return 0;
    }
    float inverse = -half / largest;
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = 0; i < 16; i++) {
      float v = x[at + i];
      trial[i] = nearest(inverse * v, -half, half - 1);
      float w = v * v;
      sumLx += w * v * trial[i];
      sumL2 += w * trial[i] * trial[i];
    }
    boolean isMoving = true;
    for (int round = 0; round < 5 && isMoving; round++) {
      isMoving = false;
      for (int i = 0; i < 16; i++) {
        float v = x[at + i];
        float w = v * v;
        float othersLx = sumLx - w * v * trial[i];
        float othersL2 = sumL2 - w * trial[i] * trial[i];
        if (!(othersLx > 0)) {
          continue;
        }
        int l = nearest(v * othersL2 / othersLx, -half, half - 1);
        float movedLx = othersLx + w * v * l;
        float movedL2 = othersL2 + w * l * l;
        if (l != trial[i] && movedL2 > 0 && movedLx * movedLx * sumL2 > sumLx * sumLx * movedL2) {
          trial[i] = l;
          sumLx = movedLx;
          sumL2 = movedL2;
          isMoving = true;
        }
      }
    }
    for (int i = 0; i < 16; i++) {
      levels[levelsAt + i] = trial[i] + half;
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }

  /** The first number of largest size, with its sign. */
  static float largest(float[] x, int at, int n) {
    float largest = 0;
    for (int i = 0; i < n; i++) {
      if (Math.abs(x[at + i]) > Math.abs(largest)) {
        largest = x[at + i];
      }
    }
    return largest;
  }
}
