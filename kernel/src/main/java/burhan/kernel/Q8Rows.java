package burhan.kernel;

import static burhan.kernel.IntLanes.BLOCK;
import static burhan.kernel.IntLanes.F;
import static burhan.kernel.IntLanes.LANES;
import static burhan.kernel.IntLanes.load;
import static burhan.kernel.IntLanes.products;
import static burhan.kernel.IntLanes.signed;
import static burhan.kernel.IntLanes.sum;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
  public void row(int row, float[] out, int at) {
    Elements.decode(DType.Q8_0, data, (long) row * cols, out, at, cols);
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

  @Override
  public void multiplyTransposed(int from, int to, float[] x, int xAt, float[] y, int yAt) {
    float[] sums = lanes.buffer(cols);
    Arrays.fill(sums, 0, cols, 0f);
    for (int r = from; r < to; r++) {
      addRow(r, x[xAt + r - from], sums, 0);
    }
    for (int block = 0; block < cols; block += BLOCK) {
      for (int i = 0; i < BLOCK; i++) {
        y[yAt + block + i] = sums[block + i % 4 * LANES + i / 4];
      }
    }
  }

  /** {@code y} is in the order of {@link #ordered}. */
  @Override
  void addRow(int row, float scale, float[] y, int yAt) {
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      IntVector w = load(data, at + 2);
      FloatVector s = FloatVector.broadcast(F, scale * scale(data, at));
      add(signed(w, 24, 24), s, y, yAt + i);
      add(signed(w, 16, 24), s, y, yAt + i + LANES);
      add(signed(w, 8, 24), s, y, yAt + i + 2 * LANES);
      add(signed(w, 0, 24), s, y, yAt + i + 3 * LANES);
    }
  }

  private static void add(FloatVector w, FloatVector scale, float[] y, int at) {
    w.fma(scale, FloatVector.fromArray(F, y, at)).intoArray(y, at);
  }
}
