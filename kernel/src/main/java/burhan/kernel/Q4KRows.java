package burhan.kernel;

import static burhan.kernel.IntLanes.F;
import static burhan.kernel.IntLanes.activations;
import static burhan.kernel.IntLanes.load;
import static burhan.kernel.IntLanes.products;
import static burhan.kernel.IntLanes.sum;
import static burhan.kernel.IntLanes.unsigned;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of Q4_K blocks: 256 numbers of four bits, in eight groups of 32 with a scale and a minimum
 * each. A group's sum is {@code scale * sum(q x) - min * sum(x)}; groups 2j and 2j + 1 are the low
 * and the high nibbles of the same 32 bytes.
 */
final class Q4KRows extends RowMatrix {
  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 144;
  private static final int GROUPS_AT = 4;
  private static final int NIBBLES_AT = 16;

  private final Tensor weight;
  private final MemorySegment data;
  private final long stride;
  private final IntLanes lanes = new IntLanes();

  Q4KRows(Tensor weight, Workers workers) {
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

  private static float half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, at));
  }

  private static int groupByte(MemorySegment data, long block, int index) {
    return data.get(JAVA_BYTE, block + GROUPS_AT + index) & 0xff;
  }

  /** Six bits: whole in the first eight bytes, or four of the last ones and two from the first. */
  private static int scale(MemorySegment data, long block, int group) {
    return group < 4
        ? groupByte(data, block, group) & 63
        : (groupByte(data, block, group + 4) & 15) | (groupByte(data, block, group - 4) >>> 6 << 4);
  }

  private static int minimum(MemorySegment data, long block, int group) {
    return group < 4
        ? groupByte(data, block, group + 4) & 63
        : (groupByte(data, block, group + 4) >>> 4) | (groupByte(data, block, group) >>> 6 << 4);
  }

  private static FloatVector low(IntVector w, float[] x, int at) {
    return products(
        unsigned(w, 28, 28), unsigned(w, 20, 28), unsigned(w, 12, 28), unsigned(w, 4, 28), x, at);
  }

  private static FloatVector high(IntVector w, float[] x, int at) {
    return products(
        unsigned(w, 24, 28), unsigned(w, 16, 28), unsigned(w, 8, 28), unsigned(w, 0, 28), x, at);
  }

  @Override
  float oneRow(int row, float[] x, int xAt) {
    FloatVector sum = FloatVector.zero(F);
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      float step = half(data, at);
      float minStep = -half(data, at + 2);
      for (int g = 0; g < 8; g += 2) {
        IntVector w = load(data, at + NIBBLES_AT + g * 16L);
        int xi = xAt + i + g * 32;
        sum = low(w, x, xi).fma(FloatVector.broadcast(F, step * scale(data, at, g)), sum);
        sum = activations(x, xi).fma(FloatVector.broadcast(F, minStep * minimum(data, at, g)), sum);
        sum = high(w, x, xi + 32).fma(FloatVector.broadcast(F, step * scale(data, at, g + 1)), sum);
        sum =
            activations(x, xi + 32)
                .fma(FloatVector.broadcast(F, minStep * minimum(data, at, g + 1)), sum);
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
