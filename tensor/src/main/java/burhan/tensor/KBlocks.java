package burhan.tensor;

import static burhan.tensor.BlockBytes.byteAt;
import static burhan.tensor.BlockBytes.halfAt;
import static burhan.tensor.BlockBytes.longAt;
import static burhan.tensor.BlockBytes.low;
import static burhan.tensor.BlockBytes.putAround;
import static burhan.tensor.BlockBytes.putScaled;
import static burhan.tensor.BlockBytes.signedByteAt;

import java.lang.foreign.MemorySegment;

/**
 * Reads the K block types of GGUF: 256 numbers under one or two float16 scales, cut into groups of
 * 16 (Q2_K, Q3_K, Q6_K) or 32 (Q4_K, Q5_K) with a small whole-numbered scale each. Writing is
 * {@link KBlockEncoder}'s.
 *
 * <pre>
 * Q2_K  groups[16] low[64] scale:f16 minScale:f16   group = scale | min &lt;&lt; 4
 * Q3_K  high[32] low[64] groups[12] scale:f16
 * Q4_K  scale:f16 minScale:f16 groups[12] nibbles[128]
 * Q5_K  scale:f16 minScale:f16 groups[12] high[32] nibbles[128]
 * Q6_K  low[128] high[64] groups[16] scale:f16
 * </pre>
 *
 * With a minimum the value is {@code scale * group * q - minScale * groupMin}, without one {@code
 * scale * group * q}.
 */
final class KBlocks {
  private KBlocks() {}

  /**
   * Number {@code i} has its two bits in byte {@code i / 128 * 32 + i % 32}, at bit {@code i % 128
   * / 32 * 2}: so do Q2_K, the low part of Q3_K and the high part of Q6_K.
   */
  static long pairByte(int group) {
    return (group >>> 3) * 32L + (group & 1) * 16L;
  }

  static int pairShift(int group) {
    return group & 6;
  }

  static void decodeQ2K(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 84, at += 256) {
      float scale = halfAt(data, from + 80);
      float minScale = halfAt(data, from + 82);
      for (int g = 0; g < 16; g++) {
        int group = byteAt(data, from + g);
        float step = scale * (group & 15);
        float min = minScale * (group >>> 4);
        long low = from + 16 + pairByte(g);
        int shift = pairShift(g);
        for (int j = 0; j < 16; j += 8) {
          putScaled(low(longAt(data, low + j), shift, 2), step, min, out, at + g * 16 + j);
        }
      }
    }
  }

  static void decodeQ3K(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 110, at += 256) {
      float scale = halfAt(data, from + 108);
      for (int g = 0; g < 16; g++) {
        float step = scale * sixBits(data, from + 96, g);
        long high = from + (g & 1) * 16L;
        long low = from + 32 + pairByte(g);
        int shift = pairShift(g);
        for (int j = 0; j < 16; j += 8) {
          // The bit in `high` is set where the number is not negative.
          long q =
              low(longAt(data, low + j), shift, 2) | low(longAt(data, high + j), g >>> 1, 1) << 2;
          putAround(q, step, 4, out, at + g * 16 + j);
        }
      }
    }
  }

  /**
   * Group {@code g} of the 16 scales in Q3_K's 12 bytes, -32 to 31: the low nibbles of 0 to 7, then
   * of 8 to 15, share the first eight bytes; the last four hold the two high bits, groups {@code
   * i}, {@code i + 4}, {@code i + 8}, {@code i + 12} to a byte.
   */
  private static int sixBits(MemorySegment data, long groups, int g) {
    int low = byteAt(data, groups + (g & 7)) >>> ((g >>> 3) * 4) & 15;
    int high = byteAt(data, groups + 8 + (g & 3)) >>> ((g >>> 2) * 2) & 3;
    return (low | high << 4) - 32;
  }

  static void decodeQ4K(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 144, at += 256) {
      float scale = halfAt(data, from);
      float minScale = halfAt(data, from + 2);
      for (int g = 0; g < 8; g++) {
        float step = scale * groupScale(data, from + 4, g);
        float min = minScale * groupMinimum(data, from + 4, g);
        long nibbles = from + 16 + (g >>> 1) * 32L;
        int shift = (g & 1) * 4;
        for (int j = 0; j < 32; j += 8) {
          putScaled(low(longAt(data, nibbles + j), shift, 4), step, min, out, at + g * 32 + j);
        }
      }
    }
  }

  static void decodeQ5K(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 176, at += 256) {
      float scale = halfAt(data, from);
      float minScale = halfAt(data, from + 2);
      for (int g = 0; g < 8; g++) {
        float step = scale * groupScale(data, from + 4, g);
        float min = minScale * groupMinimum(data, from + 4, g);
        long nibbles = from + 48 + (g >>> 1) * 32L;
        int shift = (g & 1) * 4;
        for (int j = 0; j < 32; j += 8) {
          long low = low(longAt(data, nibbles + j), shift, 4);
          long high = low(longAt(data, from + 16 + j), g, 1);
          putScaled(low | high << 4, step, min, out, at + g * 32 + j);
        }
      }
    }
  }

  /**
   * The six-bit scale of group {@code g} in the 12 bytes of Q4_K and Q5_K. Groups 0 to 3 have bytes
   * 0 to 3 to themselves but for two bits, in which groups 4 to 7 keep their upper part; their
   * lower part is the low nibble of bytes 8 to 11.
   */
  static int groupScale(MemorySegment data, long groups, int g) {
    return g < 4
        ? byteAt(data, groups + g) & 63
        : (byteAt(data, groups + g + 4) & 15) | byteAt(data, groups + g - 4) >>> 6 << 4;
  }

  /** As {@link #groupScale}, in bytes 4 to 7 and the high nibbles of bytes 8 to 11. */
  static int groupMinimum(MemorySegment data, long groups, int g) {
    return g < 4
        ? byteAt(data, groups + g + 4) & 63
        : byteAt(data, groups + g + 4) >>> 4 | byteAt(data, groups + g) >>> 6 << 4;
  }

  static void decodeQ6K(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 210, at += 256) {
      float scale = halfAt(data, from + 208);
      for (int g = 0; g < 16; g++) {
        float step = scale * signedByteAt(data, from + 192 + g);
        // 64 bytes of nibbles for each half: the first 64 numbers are the low ones.
        long low = from + (g >>> 3) * 64L + (g & 3) * 16L;
        int lowShift = g & 4;
        long high = from + 128 + pairByte(g);
        int shift = pairShift(g);
        for (int j = 0; j < 16; j += 8) {
          long q =
              low(longAt(data, low + j), lowShift, 4) | low(longAt(data, high + j), shift, 2) << 4;
          putAround(q, step, 32, out, at + g * 16 + j);
        }
      }
    }
  }
}
