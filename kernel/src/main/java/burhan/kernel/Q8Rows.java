package burhan.kernel;

import static burhan.kernel.IntLanes.BLOCK;
import static burhan.kernel.IntLanes.F;
import static burhan.kernel.IntLanes.load;
import static burhan.kernel.IntLanes.products;
import static burhan.kernel.IntLanes.signed;
import static burhan.kernel.IntLanes.sum;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of Q8_0 blocks: 32 signed bytes that share a float16 scale, cut out of ints by {@link
 * IntLanes}.
 */
final class Q8Rows extends RowMatrix {
  private static final int BLOCK_BYTES = 34;

  private final MemorySegment data;
  private final long stride;
  private final IntLanes lanes = new IntLanes();

  Q8Rows(Tensor weight, Workers workers) {
    super(weight, workers);
    this.data = weight.data();
    this.stride = (long) cols / BLOCK * BLOCK_BYTES;
  }

  @Override
  boolean reorders() {
    return true;
  }

  @Override
  float[] ordered(float[] x, int xAt, int tokens) {
    return lanes.ordered(x, xAt, tokens * cols);
  }

  private static float scale(MemorySegment data, long block) {
    return Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block));
  }

  @Override
  float oneRow(int row, float[] x, int xAt) {
    FloatVector sum = FloatVector.zero(F);
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      IntVector w = load(data, at + 2);
      sum =
          products(
                  signed(w, 24, 24),
                  signed(w, 16, 24),
                  signed(w, 8, 24),
                  signed(w, 0, 24),
                  x,
                  xAt + i)
              .fma(FloatVector.broadcast(F, scale(data, at)), sum);
    }
    return sum(sum);
  }

  @Override
  void fourRows(int row, float[] x, int xAt, float[] y, int yAt) {
    for (int r = 0; r < 4; r++) {
      y[yAt + r] = oneRow(row + r, x, xAt);
    }
  }

  @Override
  void fourTokens(int row, float[] x, int xAt, float[] y, int yAt) {
    FloatVector first = FloatVector.zero(F);
    FloatVector second = first;
    FloatVector third = first;
    FloatVector fourth = first;
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      IntVector w = load(data, at + 2);
      FloatVector scale = FloatVector.broadcast(F, scale(data, at));
      FloatVector a = signed(w, 24, 24);
      FloatVector b = signed(w, 16, 24);
      FloatVector c = signed(w, 8, 24);
      FloatVector d = signed(w, 0, 24);
      int xi = xAt + i;
      first = products(a, b, c, d, x, xi).fma(scale, first);
      second = products(a, b, c, d, x, xi + cols).fma(scale, second);
      third = products(a, b, c, d, x, xi + 2 * cols).fma(scale, third);
      fourth = products(a, b, c, d, x, xi + 3 * cols).fma(scale, fourth);
    }
    y[yAt] = sum(first);
    y[yAt + rows] = sum(second);
    y[yAt + 2 * rows] = sum(third);
    y[yAt + 3 * rows] = sum(fourth);
  }
}
