package burhan.bench;

import burhan.tensor.DType;
import burhan.tensor.Elements;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A quarter of a million random numbers as blocks of one type. Where the type can be encoded they
 * are encoded; where it is only read, the bytes are random and the blocks' scales are set so that
 * the numbers have the same size.
 */
final class RandomPool {
  static final int ELEMENTS = 1 << 18;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RandomPool() {}

  /**
   * @param halfWidth of the uniform range that the numbers are drawn from, or would be
   */
  static MemorySegment of(DType type, long seed, float halfWidth) {
    MemorySegment pool = Arena.ofAuto().allocate(type.byteSize(ELEMENTS), 64);
    if (type.isEncodable()) {
      float[] values = new float[ELEMENTS];
      for (int i = 0; i < ELEMENTS; i++) {
        // 24 bits, as many as a float is exact in.
        values[i] = ((RandomContent.mix(seed + i) >>> 40) * 0x1p-23f - 1) * halfWidth;
      }
      Elements.encode(type, values, 0, ELEMENTS, pool, 0);
    } else {
      fillBlocks(type, seed, halfWidth / Math.sqrt(3), pool);
    }
    return pool;
  }

  private static void fillBlocks(DType type, long seed, double deviation, MemorySegment pool) {
    for (long i = 0; i < pool.byteSize(); i++) {
      pool.set(ValueLayout.JAVA_BYTE, i, (byte) (RandomContent.mix(seed + i) >>> 56));
    }
    setScales(type, pool, 1);
    float[] values = new float[ELEMENTS];
    Elements.decode(type, pool, 0, values, 0, ELEMENTS);
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    setScales(type, pool, (float) (deviation / Math.sqrt(squares / ELEMENTS)));
  }

  /** Gives every block this float16 scale, wherever its type keeps it. */
  private static void setScales(DType type, MemorySegment pool, float scale) {
    short half = Float.floatToFloat16(scale);
    for (long at = 0; at < pool.byteSize(); at += type.blockBytes()) {
      switch (type) {
        case IQ1_M -> {
          // Four bits in the upper end of each of the last four pairs of bytes.
          for (int i = 0; i < 4; i++) {
            long high = at + 49 + 2L * i;
            int low = pool.get(ValueLayout.JAVA_BYTE, high) & 0x0F;
            pool.set(ValueLayout.JAVA_BYTE, high, (byte) ((((half >> (4 * i)) & 0x0F) << 4) | low));
          }
        }
        case NVFP4 -> {
          // Four scales of 8 bits. Theirs are small enough at 2^-7 whatever is asked for.
          for (int i = 0; i < 4; i++) {
            pool.set(ValueLayout.JAVA_BYTE, at + i, (byte) (scale == 1 ? 0x38 : 4));
          }
        }
        case TQ1_0 -> pool.set(SHORT, at + 52, half);
        case TQ2_0 -> pool.set(SHORT, at + 64, half);
        case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S -> pool.set(SHORT, at, half);
        case F64, F32, F16, BF16, F8_E4M3, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 -> throw unknown(type);
        case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 -> throw unknown(type);
        case F8_E8M0, I64, I32, I16, I8, U8, BOOL -> throw unknown(type);
      }
    }
  }

  private static IllegalArgumentException unknown(DType type) {
    return new IllegalArgumentException("no random blocks of " + type);
  }
}
