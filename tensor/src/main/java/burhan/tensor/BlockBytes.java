package burhan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The little-endian numbers that blocks are made of. Knows no block. */
final class BlockBytes {
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;

  private BlockBytes() {}

  /** An unsigned byte. */
  static int byteAt(MemorySegment data, long at) {
    return data.get(JAVA_BYTE, at) & 0xff;
  }

  static int signedByteAt(MemorySegment data, long at) {
    return data.get(JAVA_BYTE, at);
  }

  /** Two bytes, unsigned. */
  static int shortAt(MemorySegment data, long at) {
    return data.get(SHORT, at) & 0xffff;
  }

  static int intAt(MemorySegment data, long at) {
    return data.get(INT, at);
  }

  /** Eight bytes, the first one lowest: half the time of reading them one by one. */
  static long longAt(MemorySegment data, long at) {
    return data.get(LONG, at);
  }

  /** The {@code bits} lowest bits of each of eight bytes, after a shift to the right. */
  static long low(long eight, int shift, int bits) {
    return eight >>> shift & ONES * ((1 << bits) - 1);
  }

  /** Eight bits as eight bytes of 0 or 1. */
  static long spread(int bits) {
    // Every byte keeps a bit of its own; adding 127 carries it to the top of the byte.
    long own = (bits & 0xff) * ONES & 0x8040201008040201L;
    return low(own + 0x7f * ONES, 7, 1);
  }

  /** {@code step * q - min} for eight unsigned bytes. */
  static void putScaled(long eight, float step, float min, float[] out, int at) {
    for (int i = 0; i < 8; i++) {
      out[at + i] = step * (int) (eight >>> (8 * i) & 0xff) - min;
    }
  }

  /** {@code step * (q - middle)} for eight unsigned bytes. */
  static void putAround(long eight, float step, int middle, float[] out, int at) {
    for (int i = 0; i < 8; i++) {
      out[at + i] = step * ((int) (eight >>> (8 * i) & 0xff) - middle);
    }
  }

  /** A float16. */
  static float halfAt(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(SHORT, at));
  }

  /** Writes the low eight bits. */
  static void putByte(MemorySegment data, long at, int value) {
    data.set(JAVA_BYTE, at, (byte) value);
  }

  /** Writes the low sixteen bits. */
  static void putShort(MemorySegment data, long at, int value) {
    data.set(SHORT, at, (short) value);
  }

  static void putInt(MemorySegment data, long at, int value) {
    data.set(INT, at, value);
  }

  /** Writes the nearest float16 and returns what a reader will find there. */
  static float putHalf(MemorySegment data, long at, float value) {
    short half = Float.floatToFloat16(value);
    data.set(SHORT, at, half);
    return Float.float16ToFloat(half);
  }
}
