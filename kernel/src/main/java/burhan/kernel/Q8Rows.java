package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of Q8_0 blocks: 32 signed bytes that share a float16 scale.
 *
 * <p>The bytes of a block are read as eight ints. Byte k of every int is cut out by two shifts,
 * which gives the weights k, 4 + k, 8 + k and so on; so the activations are brought into that order
 * once for all rows. Widening bytes in registers would keep their order, but C2 does not compile it
 * into vector instructions everywhere and then is ten times slower.
 */
final class Q8Rows extends RowMatrix {
  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 34;
  private static final int LANES = 8;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final VectorShuffle<Float> HALF = VectorShuffle.fromOp(F, i -> i ^ 4);
  private static final VectorShuffle<Float> QUARTER = VectorShuffle.fromOp(F, i -> i ^ 2);
  private static final VectorShuffle<Float> EIGHTH = VectorShuffle.fromOp(F, i -> i ^ 1);

  private final MemorySegment data;
  private final long stride;
  private final ThreadLocal<float[]> buffer = ThreadLocal.withInitial(() -> new float[0]);

  Q8Rows(Tensor weight, Workers workers) {
    super(weight, workers);
    this.data = weight.data();
    this.stride = (long) cols / BLOCK * BLOCK_BYTES;
  }

  static boolean isSupported() {
    return VectorKernels.F.vectorBitSize() >= 256;
  }

  @Override
  public void row(int row, float[] out, int at) {
    Elements.decode(DType.Q8_0, data, (long) row * cols, out, at, cols);
  }

  private float[] buffer(int size) {
    float[] floats = buffer.get();
    if (floats.length < size) {
      floats = new float[size];
      buffer.set(floats);
    }
    return floats;
  }

  @Override
  float[] ordered(float[] x, int xAt, int tokens) {
    int n = tokens * cols;
    float[] out = buffer(n);
    for (int block = 0; block < n; block += BLOCK) {
      for (int i = 0; i < LANES; i++) {
        int from = xAt + block + 4 * i;
        out[block + i] = x[from];
        out[block + LANES + i] = x[from + 1];
        out[block + 2 * LANES + i] = x[from + 2];
        out[block + 3 * LANES + i] = x[from + 3];
      }
    }
    return out;
  }

  private static float scale(MemorySegment data, long block) {
    return Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block));
  }

  private static IntVector load(MemorySegment data, long at) {
    return IntVector.fromMemorySegment(I, data, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** Byte {@code 3 - shift / 8} of each int, with its sign, as a float. */
  private static FloatVector part(IntVector bytes, int shift) {
    return (FloatVector)
        bytes
            .lanewise(VectorOperators.LSHL, shift)
            .lanewise(VectorOperators.ASHR, 24)
            .convert(VectorOperators.I2F, 0);
  }

  /** A block's 32 products in eight lanes, not yet scaled. */
  private static FloatVector products(
      FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] x, int at) {
    FloatVector sum = a.mul(FloatVector.fromArray(F, x, at));
    sum = b.fma(FloatVector.fromArray(F, x, at + LANES), sum);
    sum = c.fma(FloatVector.fromArray(F, x, at + 2 * LANES), sum);
    return d.fma(FloatVector.fromArray(F, x, at + 3 * LANES), sum);
  }

  private static float sum(FloatVector v) {
    FloatVector s = v.add(v.rearrange(HALF));
    s = s.add(s.rearrange(QUARTER));
    return s.add(s.rearrange(EIGHTH)).lane(0);
  }

  @Override
  float oneRow(int row, float[] x, int xAt) {
    FloatVector sum = FloatVector.zero(F);
    long at = row * stride;
    for (int i = 0; i < cols; i += BLOCK, at += BLOCK_BYTES) {
      IntVector w = load(data, at + 2);
      sum =
          products(part(w, 24), part(w, 16), part(w, 8), part(w, 0), x, xAt + i)
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
      FloatVector a = part(w, 24);
      FloatVector b = part(w, 16);
      FloatVector c = part(w, 8);
      FloatVector d = part(w, 0);
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
    float[] sums = buffer(cols);
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
      add(part(w, 24), s, y, yAt + i);
      add(part(w, 16), s, y, yAt + i + LANES);
      add(part(w, 8), s, y, yAt + i + 2 * LANES);
      add(part(w, 0), s, y, yAt + i + 3 * LANES);
    }
  }

  private static void add(FloatVector w, FloatVector scale, float[] y, int at) {
    w.fma(scale, FloatVector.fromArray(F, y, at)).intoArray(y, at);
  }
}
