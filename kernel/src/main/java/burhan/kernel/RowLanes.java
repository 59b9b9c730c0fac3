package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors whose lanes are rows: sixteen rows are one, two or four of them, by what the machine
 * prefers. Reads such vectors from the lines of {@link PackedFormat}; knows no format's unit.
 */
final class RowLanes {
  static final VectorSpecies<Float> F = VectorKernels.F;
  private static final VectorSpecies<Integer> I = F.withLanes(int.class);
  private static final VectorSpecies<Short> S = part(short.class, F.vectorBitSize() / 2);
  private static final VectorSpecies<Byte> B = part(byte.class, F.vectorBitSize() / 4);

  /** Rows in a vector. */
  static final int WIDTH = F.length();

  /** Bytes of a vector. */
  static final int BYTES = F.vectorByteSize();

  /** Vectors that hold the sixteen rows of a group. */
  static final int PARTS = PackedFormat.ROWS / WIDTH;

  // All memory. One segment that is always valid costs a load no checks; VectorMatrix owns what
  // is read and computes every address from its sizes.
  @SuppressWarnings("restricted")
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final int HALF_SIGN = 0x80000000;
  private static final int HALF_REST = 0x7FFF;
  private static final int BYTE_REST = 0x7F;
  private static final int EXPONENT = 0x7F800000;
  private static final int NORMAL_BIAS = (127 - 15) << 23;
  private static final int SUBNORMAL_BIAS = NORMAL_BIAS + (1 << 23);
  private static final float SUBNORMAL_ONE = 1f / (1 << 14);
  private static final int LAST_FINITE = (31 << 23) - 1;

  private RowLanes() {}

  private static <T> VectorSpecies<T> part(Class<T> type, int bits) {
    return VectorSpecies.of(type, VectorShape.forBitSize(Math.max(64, bits)));
  }

  /** A vector of a line: packed integers. */
  static IntVector line(long address) {
    return IntVector.fromMemorySegment(I, ALL, address, ByteOrder.LITTLE_ENDIAN);
  }

  /** A float of each row. */
  static FloatVector floats(long address) {
    return FloatVector.fromMemorySegment(F, ALL, address, ByteOrder.LITTLE_ENDIAN);
  }

  /** One float. */
  static float number(long address) {
    return ALL.get(JAVA_FLOAT, address);
  }

  /** A float16 of each row. Infinity and NaN become large numbers: no scale of a model is that. */
  static FloatVector halves(long address) {
    IntVector v = shorts(address);
    IntVector rest = v.and(HALF_REST).lanewise(VectorOperators.LSHL, 13);
    return withSign(magnitude(rest), v);
  }

  /** A float16 of each row, whatever it is. */
  static FloatVector anyHalves(long address) {
    IntVector v = shorts(address);
    IntVector rest = v.and(HALF_REST).lanewise(VectorOperators.LSHL, 13);
    IntVector notFinite =
        IntVector.broadcast(I, LAST_FINITE)
            .sub(rest)
            .lanewise(VectorOperators.ASHR, 31)
            .and(EXPONENT);
    return withSign(magnitude(rest).or(notFinite), v);
  }

  /** An E4M3 of each row, divided by 256. */
  static FloatVector eighths(long address) {
    IntVector v = bytes(address);
    return withSign(magnitude(v.and(BYTE_REST).lanewise(VectorOperators.LSHL, 20)), v);
  }

  /** A signed byte of each row. */
  static IntVector bytes(long address) {
    return (IntVector)
        ByteVector.fromMemorySegment(B, ALL, address, ByteOrder.LITTLE_ENDIAN)
            .convertShape(VectorOperators.B2I, I, 0);
  }

  private static IntVector shorts(long address) {
    return (IntVector)
        ShortVector.fromMemorySegment(S, ALL, address, ByteOrder.LITTLE_ENDIAN)
            .convertShape(VectorOperators.S2I, I, 0);
  }

  /**
   * The float of an exponent with bias 15 and a mantissa in their place in a float, without a
   * subnormal float on the way. A normal number only needs the other bias; a subnormal one is what
   * the next exponent adds to one. Each way's result is too large where it does not apply.
   */
  private static IntVector magnitude(IntVector rest) {
    IntVector subnormal =
        rest.add(SUBNORMAL_BIAS).reinterpretAsFloats().sub(SUBNORMAL_ONE).reinterpretAsInts();
    return rest.add(NORMAL_BIAS).min(subnormal);
  }

  private static FloatVector withSign(IntVector magnitude, IntVector signed) {
    return magnitude.or(signed.and(HALF_SIGN)).reinterpretAsFloats();
  }
}
