package burhan.kernel;

import static burhan.kernel.IntLanes.F;
import static burhan.kernel.IntLanes.load;
import static burhan.kernel.IntLanes.products;
import static burhan.kernel.IntLanes.signed;
import static burhan.kernel.IntLanes.sum;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Rows of Q6_K blocks: 256 numbers of six bits less 32, in sixteen groups of 16 with a scale each.
 * Their low four bits lie apart from their high two; both are joined for four numbers of an int at
 * once. Inverting the highest bit makes the six bits a number with a sign, so that nothing needs to
 * be subtracted.
 */
final class Q6KRows extends RowMatrix {
  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH_AT = 128;
  private static final int GROUPS_AT = 192;
  private static final int SCALE_AT = 208;
  private static final int NIBBLES = 0x0f0f0f0f;
  private static final int PAIRS = 0x30303030;
  // Lanes 4 to 7 hold the second half of 32 weights, which has the next scale.
  private static final VectorMask<Float> SECOND = VectorMask.fromLong(F, 0xf0);

  private final Tensor weight;
  private final MemorySegment data;
  private final long stride;
  private final IntLanes lanes = new IntLanes();

  Q6KRows(Tensor weight, Workers workers) {
    super(weight, workers);
    this.weight = weight;
    this.data = weight.data();
    this.stride = (long) cols / BLOCK * BLOCK_BYTES;
  }

  @Override
  public void row(int row, float[] out, int at) {
    weight.row(row, out, at);
  }

  @Override
  boolean reorders() {
    return true;
  }

  @Override
  float[] ordered(float[] x, int xAt, int tokens) {
    return lanes.ordered(x, xAt, tokens * cols);
  }

  /** Four numbers per int, in the low six bits of its bytes. */
  private static FloatVector group(IntVector low, IntVector high, float[] x, int at) {
    IntVector v = low.and(NIBBLES).or(high.and(PAIRS)).lanewise(VectorOperators.XOR, 0x20202020);
    return products(
        signed(v, 26, 26), signed(v, 18, 26), signed(v, 10, 26), signed(v, 2, 26), x, at);
  }

  private FloatVector scales(long block, int group, float step) {
    float first = step * data.get(JAVA_BYTE, block + GROUPS_AT + group);
    float second = step * data.get(JAVA_BYTE, block + GROUPS_AT + group + 1);
    return FloatVector.broadcast(F, first).blend(second, SECOND);
  }

  @Override
  float oneRow(int row, float[] x, int xAt) {
    FloatVector sum = FloatVector.zero(F);
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      float step = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, at + SCALE_AT));
      for (int h = 0; h < 2; h++) {
        IntVector a = load(data, at + h * 64L);
        IntVector b = load(data, at + h * 64L + 32);
        IntVector high = load(data, at + HIGH_AT + h * 32L);
        int xi = xAt + i + h * 128;
        int g = h * 8;
        sum = group(a, high.lanewise(VectorOperators.LSHL, 4), x, xi).fma(scales(at, g, step), sum);
        sum =
            group(b, high.lanewise(VectorOperators.LSHL, 2), x, xi + 32)
                .fma(scales(at, g + 2, step), sum);
        sum =
            group(a.lanewise(VectorOperators.LSHR, 4), high, x, xi + 64)
                .fma(scales(at, g + 4, step), sum);
        sum =
            group(
                    b.lanewise(VectorOperators.LSHR, 4),
                    high.lanewise(VectorOperators.LSHR, 2),
                    x,
                    xi + 96)
                .fma(scales(at, g + 6, step), sum);
      }
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
    for (int t = 0; t < 4; t++) {
      y[yAt + t * rows] = oneRow(row, x, xAt + t * cols);
    }
  }

  @Override
  void addRow(int row, float scale, float[] y, int yAt) {
    float[] w = lanes.buffer(cols);
    row(row, w, 0);
    for (int i = 0; i < cols; i++) {
      y[yAt + i] = Math.fma(w[i], scale, y[yAt + i]);
    }
  }
}
