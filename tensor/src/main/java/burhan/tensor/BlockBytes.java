package burhan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
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
