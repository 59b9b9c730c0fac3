package burhan.kernel;

import static burhan.kernel.VectorKernels.F;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Rows of Q8_0 blocks: 32 signed bytes that share a float16 scale, widened in registers. */
final class Q8Rows extends RowMatrix {
  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 34;
  // A quarter of the float vector; 128-bit machines have no 32-bit byte vector and decode instead.
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

  private final MemorySegment data;
  private final long stride;

  Q8Rows(Tensor weight, Workers workers) {
    super(weight, workers);
    this.data = weight.data();
    this.stride = (long) cols / BLOCK * BLOCK_BYTES;
  }

  static boolean isSupported() {
    return F.vectorBitSize() >= 256;
  }

  @Override
  public void row(int row, float[] out, int at) {
    Elements.decode(DType.Q8_0, data, (long) row * cols, out, at, cols);
  }

  private static float scale(MemorySegment data, long block) {
    return Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block));
  }

  private static FloatVector load(MemorySegment data, long at) {
    return (FloatVector)
        ByteVector.fromMemorySegment(B, data, at, ByteOrder.LITTLE_ENDIAN)
            .convertShape(VectorOperators.B2F, F, 0);
  }

  /** The block's 32 products in one vector, not yet scaled. */
  private static FloatVector block(MemorySegment data, long at, float[] x, int xAt) {
    FloatVector sum = FloatVector.zero(F);
    for (int i = 0; i < BLOCK; i += F.length()) {
      sum = load(data, at + i).fma(FloatVector.fromArray(F, x, xAt + i), sum);
    }
    return sum;
  }

  @Override
  float oneRow(int row, float[] x, int xAt) {
    FloatVector sum = FloatVector.zero(F);
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      FloatVector scale = FloatVector.broadcast(F, scale(data, at));
      sum = block(data, at + 2, x, xAt + i).fma(scale, sum);
    }
    return Lanes.sum(sum);
  }

  @Override
  void fourRows(int row, float[] x, int xAt, float[] y, int yAt) {
    for (int r = 0; r < 4; r++) {
      y[yAt + r] = oneRow(row + r, x, xAt);
    }
  }

  @Override
  void fourTokens(int row, float[] x, int xAt, float[] y, int yAt) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      FloatVector scale = FloatVector.broadcast(F, scale(data, at));
      int xi = xAt + i;
      a = block(data, at + 2, x, xi).fma(scale, a);
      b = block(data, at + 2, x, xi + cols).fma(scale, b);
      c = block(data, at + 2, x, xi + 2 * cols).fma(scale, c);
      d = block(data, at + 2, x, xi + 3 * cols).fma(scale, d);
    }
    y[yAt] = Lanes.sum(a);
    y[yAt + rows] = Lanes.sum(b);
    y[yAt + 2 * rows] = Lanes.sum(c);
    y[yAt + 3 * rows] = Lanes.sum(d);
  }

  @Override
  void addRow(int row, float scale, float[] y, int yAt) {
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      FloatVector s = FloatVector.broadcast(F, scale * scale(data, at));
      for (int j = 0; j < BLOCK; j += F.length()) {
        load(data, at + 2 + j)
            .fma(s, FloatVector.fromArray(F, y, yAt + i + j))
            .intoArray(y, yAt + i + j);
      }
    }
  }
}
