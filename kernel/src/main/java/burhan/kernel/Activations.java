package burhan.kernel;

import static burhan.kernel.RowLanes.F;
import static burhan.kernel.RowLanes.WIDTH;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * Activations of the products of a region as the Vector API's kernels want them; what several
 * products share is there once. Belongs to one thread. Knows no weights.
 *
 * <p>Plain ones are filled up with zeros to {@code padded} numbers a token. For weights of four
 * bits and a little more, each is multiplied by {@link #FACTORS}, and the sums of their blocks, not
 * multiplied, follow behind all tokens.
 */
final class Activations {
  /** Tokens are filled up to a multiple of this, with anything. */
  static final int TOKENS = 6;

  /**
   * By what four nibbles are too large when they are cut out where they lie, inverted; repeated.
   */
  static final float[] FACTORS = factors();

  private final List<Prepared> prepared = new ArrayList<>();
  private int count;

  /** What one product needs. */
  private static final class Prepared {
    float[] x = {};
    int xAt;
    int tokens;
    int cols;
    int padded;
    int block;
    float[] data = {};
  }

  private static float[] factors() {
    int[] bits = {0, 16, 4, 20};
    float[] factors = new float[16];
    for (int i = 0; i < 16; i++) {
      factors[i] = 1f / (1 << bits[i % 4]);
    }
    return factors;
  }

  /** A region begins: whatever was prepared may have changed. */
  void begin() {
    count = 0;
  }

  private static int filled(int tokens) {
    return Math.ceilDiv(tokens, TOKENS) * TOKENS;
  }

  /** Where the sums of the blocks begin. */
  static int sumsAt(int tokens, int padded) {
    return filled(tokens) * padded;
  }

  /**
   * The activations, prepared.
   *
   * @param x [tokens, cols] from {@code xAt}
   * @param block numbers of a sum, or 0 for plain activations
   */
  @SuppressWarnings("ReferenceEquality") // the same array, not an equal one
  float[] prepare(float[] x, int xAt, int tokens, int cols, int padded, int block) {
    for (int i = 0; i < count; i++) {
      Prepared p = prepared.get(i);
      if (p.x == x
          && p.xAt == xAt
          && p.tokens == tokens
          && p.cols == cols
          && p.padded == padded
          && p.block == block) {
        return p.data;
      }
    }
    if (count == prepared.size()) {
      prepared.add(new Prepared());
    }
    Prepared p = prepared.get(count++);
    p.x = x;
    p.xAt = xAt;
    p.tokens = tokens;
    p.cols = cols;
    p.padded = padded;
    p.block = block;
    int sums = block == 0 ? 0 : padded / block;
    int size = Math.addExact(Math.multiplyExact(filled(tokens), padded), filled(tokens) * sums);
    if (p.data.length < size) {
      p.data = new float[size];
    }
    fill(p, sums);
    return p.data;
  }

  private static void fill(Prepared p, int sums) {
    int sumsAt = sumsAt(p.tokens, p.padded);
    for (int t = 0; t < p.tokens; t++) {
      int from = p.xAt + t * p.cols;
      int to = t * p.padded;
      if (p.block == 0) {
        System.arraycopy(p.x, from, p.data, to, p.cols);
      } else {
        scaled(p.x, from, p.cols, p.data, to);
      }
      for (int i = p.cols; i < p.padded; i++) {
        p.data[to + i] = 0;
      }
      for (int b = 0; b < sums; b++) {
        boolean isThere = b * p.block < p.cols;
        p.data[sumsAt + t * sums + b] = isThere ? sum(p.x, from + b * p.block, p.block) : 0;
      }
    }
  }

  private static void scaled(float[] x, int from, int n, float[] out, int to) {
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector.fromArray(F, x, from + i)
          .mul(FloatVector.fromArray(F, FACTORS, 0))
          .intoArray(out, to + i);
    }
  }

  private static float sum(float[] x, int from, int n) {
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < n; i += WIDTH) {
      sum = sum.add(FloatVector.fromArray(F, x, from + i));
    }
    return Lanes.sum(sum);
  }
}
