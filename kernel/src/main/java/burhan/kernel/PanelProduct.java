package burhan.kernel;

import static burhan.kernel.RowLanes.F;
import static burhan.kernel.RowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Products of a {@link Panel} with one to six tokens, two vectors of rows at a time, the same for
 * all formats. Every kernel here computes the same: the products of a block in the order of k, by
 * fused multiply-adds from zero, then {@code sum += scale * block}. So tokens may be divided among
 * them in any way.
 *
 * <p>Indices: {@code w} is [k, {@link Panel#ROWS}] from {@code wAt}; {@code x} holds {@code n}
 * activations of the block from {@code xAt}, {@code stride} floats from token to token; {@code
 * scales} has one for each row from {@code scalesAt}; {@code sums} is [tokens, {@link Panel#ROWS}].
 */
final class PanelProduct {
  private static final int ROWS = Panel.ROWS;

  // Tokens that share a pass.
  private static final int MANY = Activations.TOKENS;
  private static final int FEW = 3;

  private PanelProduct() {}

  /**
   * {@code sums += x W^T} of {@code cols} numbers in blocks of {@code block}, of which the last may
   * be shorter. Sums and activations of as many tokens as {@link Activations#TOKENS} divides exist,
   * of which those from {@code tokens} on are of no interest.
   */
  static void multiply(
      float[] w,
      int cols,
      int block,
      float[] x,
      int xAt,
      int stride,
      int tokens,
      float[] scales,
      float[] sums) {
    for (int row = 0; row < ROWS; row += 2 * WIDTH) {
      int t = 0;
      while (tokens - t > 1) {
        int left = tokens - t;
        int at = xAt + t * stride;
        for (int k = 0; k < cols; k += block) {
          int n = Math.min(block, cols - k);
          int wAt = k * ROWS + row;
          int scaleAt = k / block * ROWS + row;
          if (left > FEW) {
            six(w, wAt, n, x, at + k, stride, scales, scaleAt, sums, t * ROWS + row);
          } else {
            three(w, wAt, n, x, at + k, stride, scales, scaleAt, sums, t * ROWS + row);
          }
        }
        t += left > FEW ? MANY : FEW;
      }
      if (t < tokens) {
        single(w, cols, block, x, xAt + t * stride, scales, sums, t * ROWS, row);
      }
    }
  }

  private static void single(
      float[] w,
      int cols,
      int block,
      float[] x,
      int xAt,
      float[] scales,
      float[] sums,
      int to,
      int row) {
    int k = 0;
    for (; k + 4 * block <= cols; k += 4 * block) {
      int scaleAt = k / block * ROWS + row;
      fourBlocks(w, k * ROWS + row, block, x, xAt + k, scales, scaleAt, sums, to + row);
    }
    for (; k < cols; k += block) {
      int n = Math.min(block, cols - k);
      one(w, k * ROWS + row, n, x, xAt + k, scales, k / block * ROWS + row, sums, to + row);
    }
  }

  private static void add(
      FloatVector block, float[] scales, int scalesAt, float[] sums, int sumsAt) {
    block
        .fma(FloatVector.fromArray(F, scales, scalesAt), FloatVector.fromArray(F, sums, sumsAt))
        .intoArray(sums, sumsAt);
  }

  /** One block, one token. */
  static void one(
      float[] w, int wAt, int n, float[] x, int xAt, float[] scales, int at, float[] sums, int to) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    for (int k = 0; k < n; k++) {
      FloatVector v = FloatVector.broadcast(F, x[xAt + k]);
      a = FloatVector.fromArray(F, w, wAt + k * ROWS).fma(v, a);
      b = FloatVector.fromArray(F, w, wAt + k * ROWS + WIDTH).fma(v, b);
    }
    add(a, scales, at, sums, to);
    add(b, scales, at + WIDTH, sums, to + WIDTH);
  }

  /** Four blocks, one token: as many sums at a time as hide the time of an addition. */
  static void fourBlocks(
      float[] w, int wAt, int n, float[] x, int xAt, float[] scales, int at, float[] sums, int to) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    int step = n * ROWS;
    for (int k = 0; k < n; k++) {
      int i = wAt + k * ROWS;
      FloatVector v = FloatVector.broadcast(F, x[xAt + k]);
      a0 = FloatVector.fromArray(F, w, i).fma(v, a0);
      a1 = FloatVector.fromArray(F, w, i + WIDTH).fma(v, a1);
      v = FloatVector.broadcast(F, x[xAt + n + k]);
      b0 = FloatVector.fromArray(F, w, i + step).fma(v, b0);
      b1 = FloatVector.fromArray(F, w, i + step + WIDTH).fma(v, b1);
      v = FloatVector.broadcast(F, x[xAt + 2 * n + k]);
      c0 = FloatVector.fromArray(F, w, i + 2 * step).fma(v, c0);
      c1 = FloatVector.fromArray(F, w, i + 2 * step + WIDTH).fma(v, c1);
      v = FloatVector.broadcast(F, x[xAt + 3 * n + k]);
      d0 = FloatVector.fromArray(F, w, i + 3 * step).fma(v, d0);
      d1 = FloatVector.fromArray(F, w, i + 3 * step + WIDTH).fma(v, d1);
    }
    add(a0, scales, at, sums, to);
    add(b0, scales, at + ROWS, sums, to);
    add(c0, scales, at + 2 * ROWS, sums, to);
    add(d0, scales, at + 3 * ROWS, sums, to);
    add(a1, scales, at + WIDTH, sums, to + WIDTH);
    add(b1, scales, at + ROWS + WIDTH, sums, to + WIDTH);
    add(c1, scales, at + 2 * ROWS + WIDTH, sums, to + WIDTH);
    add(d1, scales, at + 3 * ROWS + WIDTH, sums, to + WIDTH);
  }

  /** One block, three tokens. */
  static void three(
      float[] w,
      int wAt,
      int n,
      float[] x,
      int xAt,
      int stride,
      float[] scales,
      int at,
      float[] sums,
      int to) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    for (int k = 0; k < n; k++) {
      FloatVector w0 = FloatVector.fromArray(F, w, wAt + k * ROWS);
      FloatVector w1 = FloatVector.fromArray(F, w, wAt + k * ROWS + WIDTH);
      FloatVector v = FloatVector.broadcast(F, x[xAt + k]);
      a0 = w0.fma(v, a0);
      a1 = w1.fma(v, a1);
      v = FloatVector.broadcast(F, x[xAt + stride + k]);
      b0 = w0.fma(v, b0);
      b1 = w1.fma(v, b1);
      v = FloatVector.broadcast(F, x[xAt + 2 * stride + k]);
      c0 = w0.fma(v, c0);
      c1 = w1.fma(v, c1);
    }
    add(a0, scales, at, sums, to);
    add(b0, scales, at, sums, to + ROWS);
    add(c0, scales, at, sums, to + 2 * ROWS);
    add(a1, scales, at + WIDTH, sums, to + WIDTH);
    add(b1, scales, at + WIDTH, sums, to + ROWS + WIDTH);
    add(c1, scales, at + WIDTH, sums, to + 2 * ROWS + WIDTH);
  }

  /** One block, six tokens. */
  static void six(
      float[] w,
      int wAt,
      int n,
      float[] x,
      int xAt,
      int stride,
      float[] scales,
      int at,
      float[] sums,
      int to) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    FloatVector e0 = a0;
    FloatVector e1 = a0;
    FloatVector f0 = a0;
    FloatVector f1 = a0;
    for (int k = 0; k < n; k++) {
      FloatVector w0 = FloatVector.fromArray(F, w, wAt + k * ROWS);
      FloatVector w1 = FloatVector.fromArray(F, w, wAt + k * ROWS + WIDTH);
      FloatVector v = FloatVector.broadcast(F, x[xAt + k]);
      a0 = w0.fma(v, a0);
      a1 = w1.fma(v, a1);
      v = FloatVector.broadcast(F, x[xAt + stride + k]);
      b0 = w0.fma(v, b0);
      b1 = w1.fma(v, b1);
      v = FloatVector.broadcast(F, x[xAt + 2 * stride + k]);
      c0 = w0.fma(v, c0);
      c1 = w1.fma(v, c1);
      v = FloatVector.broadcast(F, x[xAt + 3 * stride + k]);
      d0 = w0.fma(v, d0);
      d1 = w1.fma(v, d1);
      v = FloatVector.broadcast(F, x[xAt + 4 * stride + k]);
      e0 = w0.fma(v, e0);
      e1 = w1.fma(v, e1);
      v = FloatVector.broadcast(F, x[xAt + 5 * stride + k]);
      f0 = w0.fma(v, f0);
      f1 = w1.fma(v, f1);
    }
    add(a0, scales, at, sums, to);
    add(b0, scales, at, sums, to + ROWS);
    add(c0, scales, at, sums, to + 2 * ROWS);
    add(d0, scales, at, sums, to + 3 * ROWS);
    add(e0, scales, at, sums, to + 4 * ROWS);
    add(f0, scales, at, sums, to + 5 * ROWS);
    add(a1, scales, at + WIDTH, sums, to + WIDTH);
    add(b1, scales, at + WIDTH, sums, to + ROWS + WIDTH);
    add(c1, scales, at + WIDTH, sums, to + 2 * ROWS + WIDTH);
    add(d1, scales, at + WIDTH, sums, to + 3 * ROWS + WIDTH);
    add(e1, scales, at + WIDTH, sums, to + 4 * ROWS + WIDTH);
    add(f1, scales, at + WIDTH, sums, to + 5 * ROWS + WIDTH);
  }
}
