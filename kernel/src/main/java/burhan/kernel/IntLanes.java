package burhan.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Small whole numbers packed in bytes, as floats in vectors of 256 bits. Thirty-two bytes are read
 * as eight ints, and byte k of every int is cut out by two shifts, which gives the weights k, 4 +
 * k, 8 + k and so on; so the activations are brought into that order once for all rows. Widening
 * bytes in registers would keep their order, but C2 does not compile it into vector instructions
 * everywhere and then is ten times slower. Knows no block format.
 */
final class IntLanes {
  static final int BLOCK = 32;
  static final int LANES = 8;
  static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorShuffle<Float> HALF = VectorShuffle.fromOp(F, i -> i ^ 4);
  private static final VectorShuffle<Float> QUARTER = VectorShuffle.fromOp(F, i -> i ^ 2);
  private static final VectorShuffle<Float> EIGHTH = VectorShuffle.fromOp(F, i -> i ^ 1);

  private final ThreadLocal<float[]> buffer = ThreadLocal.withInitial(() -> new float[0]);

  /** Whether the machine has vectors of this size. */
  static boolean isSupported() {
    return VectorKernels.F.vectorBitSize() >= 256;
  }

  /** At least {@code size} floats of this thread, with undefined content. */
  float[] buffer(int size) {
    float[] floats = buffer.get();
    if (floats.length < size) {
      floats = new float[size];
      buffer.set(floats);
    }
    return floats;
  }

  /** Activations in the order of the cut bytes, in a buffer of this thread. */
  float[] ordered(float[] x, int xAt, int n) {
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

  static IntVector load(MemorySegment data, long at) {
    return IntVector.fromMemorySegment(I, data, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** The bits behind {@code left} shifted ones, {@code 32 - right} of them, with their sign. */
  static FloatVector signed(IntVector v, int left, int right) {
    return (FloatVector)
        v.lanewise(VectorOperators.LSHL, left)
            .lanewise(VectorOperators.ASHR, right)
            .convert(VectorOperators.I2F, 0);
  }

  /** The products of 32 weights, in four parts, and their activations, summed into eight lanes. */
  static FloatVector products(
      FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] x, int at) {
    FloatVector sum = a.mul(FloatVector.fromArray(F, x, at));
    sum = b.fma(FloatVector.fromArray(F, x, at + LANES), sum);
    sum = c.fma(FloatVector.fromArray(F, x, at + 2 * LANES), sum);
    return d.fma(FloatVector.fromArray(F, x, at + 3 * LANES), sum);
  }

  /** The sum of all lanes, always in the order of the same tree. */
  static float sum(FloatVector v) {
    FloatVector s = v.add(v.rearrange(HALF));
    s = s.add(s.rearrange(QUARTER));
    return s.add(s.rearrange(EIGHTH)).lane(0);
  }
}
