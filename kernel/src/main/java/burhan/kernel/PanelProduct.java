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
 * <p>A kernel leaves its sums in a small buffer, from where a loop adds them: scaled in the kernel
 * itself, they would be more vector operations than C2 inlines in a method.
 *
 * <p>Indices: {@code w} is [k, {@link Panel#ROWS}] from {@code wAt}; {@code x} holds {@code n}
 * activations of the block from {@code xAt}, {@code stride} floats from token to token; {@code
 * scales} has one for each row from {@code scalesAt}; {@code sums} is [tokens, {@link Panel#ROWS}].
 */
@SuppressWarnings("NarrowCalculation") // places within a unit or a chunk, far below an int
final class PanelProduct {
  private static final int ROWS = Panel.ROWS;
  private static final int PAIR = 2 * WIDTH;

  // Tokens that share a pass.
  private static final int MANY = Activations.TOKENS;
  private static final int FEW = 3;

  // Blocks of one token that are summed at the same time, which hides the time of an addition.
  private static final int ABREAST = 4;

  private final float[] blocks = new float[MANY * PAIR];

  /**
   * {@code sums += x W^T} of {@code cols} numbers in blocks of {@code block}, of which the last may
   * be shorter. Sums and activations of as many tokens as {@link Activations#TOKENS} divides exist,
   * of which those from {@code tokens} on are of no interest.
   */
  void multiply(
      float[] w,
      int cols,
      int block,
      float[] x,
      int xAt,
      int stride,
      int tokens,
      float[] scales,
      float[] sums) {
    for (int row = 0; row < ROWS; row += PAIR) {
      int t = 0;
      while (tokens - t > 1) {
        int some = tokens - t > FEW ? MANY : FEW;
        tile(w, cols, block, x, xAt + t * stride, stride, some, scales, sums, t * ROWS, row);
        t += some;
      }
      if (t < tokens) {
        single(w, cols, block, x, xAt + t * stride, scales, sums, t * ROWS, row);
      }
    }
  }

  private void tile(
      float[] w,
      int cols,
      int block,
      float[] x,
      int xAt,
      int stride,
      int tokens,
      float[] scales,
      float[] sums,
      int to,
      int row) {
    for (int k = 0; k < cols; k += block) {
      int n = Math.min(block, cols - k);
      if (tokens == MANY) {
        six(w, k * ROWS + row, n, x, xAt + k, stride);
      } else {
        three(w, k * ROWS + row, n, x, xAt + k, stride);
      }
      add(tokens, scales, k / block * ROWS + row, 0, sums, to + row, ROWS);
    }
  }

  private void single(
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
    for (; k + ABREAST * block <= cols; k += ABREAST * block) {
      fourBlocks(w, k * ROWS + row, block, x, xAt + k);
      add(ABREAST, scales, k / block * ROWS + row, ROWS, sums, to + row, 0);
    }
    for (; k < cols; k += block) {
      one(w, k * ROWS + row, Math.min(block, cols - k), x, xAt + k);
      add(1, scales, k / block * ROWS + row, 0, sums, to + row, 0);
    }
  }

  /** {@code sums += scale * block}, {@code count} times, of which each step moves on. */
  private void add(
      int count, float[] scales, int at, int scaleStep, float[] sums, int to, int sumStep) {
    for (int i = 0; i < count; i++) {
      for (int part = 0; part < PAIR; part += WIDTH) {
        int sum = to + i * sumStep + part;
        FloatVector.fromArray(F, blocks, i * PAIR + part)
            .fma(
                FloatVector.fromArray(F, scales, at + i * scaleStep + part),
                FloatVector.fromArray(F, sums, sum))
            .intoArray(sums, sum);
      }
    }
  }

  /** One block, one token. */
  private void one(float[] w, int wAt, int n, float[] x, int xAt) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    for (int k = 0; k < n; k++) {
      FloatVector v = FloatVector.broadcast(F, x[xAt + k]);
      a = FloatVector.fromArray(F, w, wAt + k * ROWS).fma(v, a);
      b = FloatVector.fromArray(F, w, wAt + k * ROWS + WIDTH).fma(v, b);
    }
    a.intoArray(blocks, 0);
    b.intoArray(blocks, WIDTH);
  }

  /** Four blocks, one token. */
  private void fourBlocks(float[] w, int wAt, int n, float[] x, int xAt) {
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
    a0.intoArray(blocks, 0);
    a1.intoArray(blocks, WIDTH);
    b0.intoArray(blocks, PAIR);
    b1.intoArray(blocks, PAIR + WIDTH);
    c0.intoArray(blocks, 2 * PAIR);
    c1.intoArray(blocks, 2 * PAIR + WIDTH);
    d0.intoArray(blocks, 3 * PAIR);
    d1.intoArray(blocks, 3 * PAIR + WIDTH);
  }

  /** One block, three tokens. */
  private void three(float[] w, int wAt, int n, float[] x, int xAt, int stride) {
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
    a0.intoArray(blocks, 0);
    a1.intoArray(blocks, WIDTH);
    b0.intoArray(blocks, PAIR);
    b1.intoArray(blocks, PAIR + WIDTH);
    c0.intoArray(blocks, 2 * PAIR);
    c1.intoArray(blocks, 2 * PAIR + WIDTH);
  }

  /** One block, six tokens. */
  private void six(float[] w, int wAt, int n, float[] x, int xAt, int stride) {
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
    a0.intoArray(blocks, 0);
    a1.intoArray(blocks, WIDTH);
    b0.intoArray(blocks, PAIR);
    b1.intoArray(blocks, PAIR + WIDTH);
    c0.intoArray(blocks, 2 * PAIR);
    c1.intoArray(blocks, 2 * PAIR + WIDTH);
    d0.intoArray(blocks, 3 * PAIR);
    d1.intoArray(blocks, 3 * PAIR + WIDTH);
    e0.intoArray(blocks, 4 * PAIR);
    e1.intoArray(blocks, 4 * PAIR + WIDTH);
    f0.intoArray(blocks, 5 * PAIR);
    f1.intoArray(blocks, 5 * PAIR + WIDTH);
  }
}
