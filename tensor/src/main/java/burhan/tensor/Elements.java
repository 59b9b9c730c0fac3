package burhan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The scalar meaning of every {@link DType}: bytes to floats and floats to bytes. This is the truth
 * that faster kernels are tested against, so it is written to be read, one loop per format.
 */
public final class Elements {
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Elements() {}

  /**
   * Reads {@code count} elements.
   *
   * @param first index of the first element in {@code data}; a block boundary for block types
   * @param out receives the floats from index {@code at} on
   */
  public static void decode(
      DType type, MemorySegment data, long first, float[] out, int at, int count) {
    switch (type) {
      case F64 -> {
        for (int i = 0; i < count; i++) {
          out[at + i] = (float) data.get(DOUBLE, (first + i) * 8);
        }
      }
      case F32 -> MemorySegment.copy(data, FLOAT, first * 4, out, at, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          out[at + i] = Float.float16ToFloat(data.get(SHORT, (first + i) * 2));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          out[at + i] = bfloat16ToFloat(data.get(SHORT, (first + i) * 2));
        }
      }
      case Q8_0 -> decodeQ8(data, first, out, at, count);
      case I64, I32, I16, I8, U8, BOOL ->
          throw new IllegalArgumentException(type + " elements are not floats");
    }
  }

  private static void decodeQ8(MemorySegment data, long first, float[] out, int at, int count) {
    requireBlocks(DType.Q8_0, first, count);
    long block = first / 32 * 34;
    for (int i = 0; i < count; i += 32, block += 34) {
      float scale = Float.float16ToFloat(data.get(SHORT, block));
      for (int j = 0; j < 32; j++) {
        out[at + i + j] = scale * data.get(JAVA_BYTE, block + 2 + j);
      }
    }
  }

  /**
   * Writes {@code count} floats, rounding to nearest even.
   *
   * @param in floats from index {@code at} on
   * @param first index of the first element in {@code data}; a block boundary for block types
   */
  public static void encode(
      DType type, float[] in, int at, int count, MemorySegment data, long first) {
    switch (type) {
      case F64 -> {
        for (int i = 0; i < count; i++) {
          data.set(DOUBLE, (first + i) * 8, in[at + i]);
        }
      }
      case F32 -> MemorySegment.copy(in, at, data, FLOAT, first * 4, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          data.set(SHORT, (first + i) * 2, Float.floatToFloat16(in[at + i]));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          data.set(SHORT, (first + i) * 2, floatToBfloat16(in[at + i]));
        }
      }
      case Q8_0 -> encodeQ8(in, at, count, data, first);
      case I64, I32, I16, I8, U8, BOOL ->
          throw new IllegalArgumentException(type + " elements are not floats");
    }
  }

  private static void encodeQ8(float[] in, int at, int count, MemorySegment data, long first) {
    requireBlocks(DType.Q8_0, first, count);
    long block = first / 32 * 34;
    for (int i = 0; i < count; i += 32, block += 34) {
      float largest = 0;
      for (int j = 0; j < 32; j++) {
        largest = Math.max(largest, Math.abs(in[at + i + j]));
      }
      float scale = largest / 127;
      float inverse = scale == 0 ? 0 : 1 / scale;
      data.set(SHORT, block, Float.floatToFloat16(scale));
      for (int j = 0; j < 32; j++) {
        float x = in[at + i + j] * inverse;
        // ggml rounds halves away from zero here, unlike every other conversion in this class.
        data.set(JAVA_BYTE, block + 2 + j, (byte) (x < 0 ? -(int) (0.5f - x) : (int) (x + 0.5f)));
      }
    }
  }

  private static void requireBlocks(DType type, long first, int count) {
    if (first % type.blockElements() != 0 || count % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          "elements %d to %d do not start and end on %s blocks"
              .formatted(first, first + count, type));
    }
  }

  /** The float whose upper half these 16 bits are. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16, ties to even; NaN stays NaN. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
