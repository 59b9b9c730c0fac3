package burhan.kernel;

import static burhan.kernel.VectorKernels.F;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of bfloat16, widened to float32 in registers: the bits are the upper half of the float. The
 * loops repeat those of {@link F32Rows} on purpose: shared ones would load through a call a vector.
 */
final class Bf16Rows extends RowMatrix {
  private static final VectorSpecies<Integer> I = F.withLanes(int.class);
  private static final VectorSpecies<Short> HALF =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  private final MemorySegment data;

  Bf16Rows(Tensor weight, Workers workers) {
    super(weight, workers);
    this.data = weight.data();
  }

  @Override
  float oneRow(int row, float[] x, int xAt) {
    long w = row * (2L * cols);
    FloatVector sum = FloatVector.zero(F);
    int i = 0;
    for (int end = F.loopBound(cols); i < end; i += F.length()) {
      sum = load(data, w + 2L * i).fma(FloatVector.fromArray(F, x, xAt + i), sum);
    }
    return tail(sum, i, w, x, xAt);
  }

  private float tail(FloatVector sum, int from, long w, float[] x, int xAt) {
    float total = Lanes.sum(sum);
    for (int i = from; i < cols; i++) {
      total = Math.fma(element(w + 2L * i), x[xAt + i], total);
    }
    return total;
  }

  @Override
  void fourRows(int row, float[] x, int xAt, float[] y, int yAt) {
    long stride = 2L * cols;
    long w0 = row * stride;
    long w1 = w0 + stride;
    long w2 = w1 + stride;
    long w3 = w2 + stride;
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (int end = F.loopBound(cols); i < end; i += F.length()) {
      FloatVector v = FloatVector.fromArray(F, x, xAt + i);
      long at = 2L * i;
      a = load(data, w0 + at).fma(v, a);
      b = load(data, w1 + at).fma(v, b);
      c = load(data, w2 + at).fma(v, c);
      d = load(data, w3 + at).fma(v, d);
    }
    y[yAt] = tail(a, i, w0, x, xAt);
    y[yAt + 1] = tail(b, i, w1, x, xAt);
    y[yAt + 2] = tail(c, i, w2, x, xAt);
    y[yAt + 3] = tail(d, i, w3, x, xAt);
  }

  @Override
  void fourTokens(int row, float[] x, int xAt, float[] y, int yAt) {
    long w = row * (2L * cols);
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (int end = F.loopBound(cols); i < end; i += F.length()) {
      FloatVector v = load(data, w + 2L * i);
      a = v.fma(FloatVector.fromArray(F, x, xAt + i), a);
      b = v.fma(FloatVector.fromArray(F, x, xAt + cols + i), b);
      c = v.fma(FloatVector.fromArray(F, x, xAt + 2 * cols + i), c);
      d = v.fma(FloatVector.fromArray(F, x, xAt + 3 * cols + i), d);
    }
    y[yAt] = tail(a, i, w, x, xAt);
    y[yAt + rows] = tail(b, i, w, x, xAt + cols);
    y[yAt + 2 * rows] = tail(c, i, w, x, xAt + 2 * cols);
    y[yAt + 3 * rows] = tail(d, i, w, x, xAt + 3 * cols);
  }

  private static FloatVector load(MemorySegment data, long at) {
    return ShortVector.fromMemorySegment(HALF, data, at, ByteOrder.LITTLE_ENDIAN)
        .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  private float element(long at) {
    return Elements.bfloat16ToFloat(data.get(JAVA_SHORT_UNALIGNED, at));
  }
}
