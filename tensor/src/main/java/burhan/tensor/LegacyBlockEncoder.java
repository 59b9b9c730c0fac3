package burhan.tensor;

import static burhan.tensor.BlockBytes.putByte;
import static burhan.tensor.BlockBytes.putHalf;
import static burhan.tensor.BlockBytes.putInt;

import java.lang.foreign.MemorySegment;

/**
 * Writes the block types of {@link LegacyBlocks} with the arithmetic of ggml's reference, so that
 * the same floats give the same bytes: the scale is divided out in float32 before it is rounded to
 * float16. Knows no weighting and no search.
 */
final class LegacyBlockEncoder {
  private LegacyBlockEncoder() {}

  static void encodeQ40(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 18, at += 32) {
      float inverse = putSymmetricScale(in, at, 8, data, to);
      for (int j = 0; j < 16; j++) {
        int low = level(in[at + j] * inverse + 8.5f, 15);
        int high = level(in[at + j + 16] * inverse + 8.5f, 15);
        putByte(data, to + 2 + j, low | high << 4);
      }
    }
  }

  static void encodeQ41(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 20, at += 32) {
      float min = smallest(in, at);
      float inverse = putScaleAndMinimum(in, at, min, 15, data, to);
      for (int j = 0; j < 16; j++) {
        int low = level((in[at + j] - min) * inverse + 0.5f, 15);
        int high = level((in[at + j + 16] - min) * inverse + 0.5f, 15);
        putByte(data, to + 4 + j, low | high << 4);
      }
    }
  }

  static void encodeQ50(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 22, at += 32) {
      float inverse = putSymmetricScale(in, at, 16, data, to);
      int fifth = 0;
      for (int j = 0; j < 16; j++) {
        int low = level(in[at + j] * inverse + 16.5f, 31);
        int high = level(in[at + j + 16] * inverse + 16.5f, 31);
        putByte(data, to + 6 + j, (low & 15) | (high & 15) << 4);
        fifth |= low >>> 4 << j | high >>> 4 << (j + 16);
      }
      putInt(data, to + 2, fifth);
    }
  }

  static void encodeQ51(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 24, at += 32) {
      float min = smallest(in, at);
      float inverse = putScaleAndMinimum(in, at, min, 31, data, to);
      int fifth = 0;
      for (int j = 0; j < 16; j++) {
        int low = level((in[at + j] - min) * inverse + 0.5f, 31);
        int high = level((in[at + j + 16] - min) * inverse + 0.5f, 31);
        putByte(data, to + 8 + j, (low & 15) | (high & 15) << 4);
        fifth |= low >>> 4 << j | high >>> 4 << (j + 16);
      }
      putInt(data, to + 4, fifth);
    }
  }

  static void encodeQ80(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 34, at += 32) {
      float scale = Math.abs(largest(in, at)) / 127;
      float inverse = scale == 0 ? 0 : 1 / scale;
      putHalf(data, to, scale);
      for (int j = 0; j < 32; j++) {
        putByte(data, to + 2 + j, nearestAwayFromZero(in[at + j] * inverse));
      }
    }
  }

  /**
   * The number of largest size becomes {@code -steps}, the one level that has no positive twin.
   *
   * @return what to multiply the floats with
   */
  private static float putSymmetricScale(
      float[] in, int at, int steps, MemorySegment data, long to) {
    float scale = largest(in, at) / -steps;
    putHalf(data, to, scale);
    return scale == 0 ? 0 : 1 / scale;
  }

  private static float putScaleAndMinimum(
      float[] in, int at, float min, int steps, MemorySegment data, long to) {
    float max = in[at];
    for (int j = 1; j < 32; j++) {
      max = in[at + j] > max ? in[at + j] : max;
    }
    float scale = (max - min) / steps;
    putHalf(data, to, scale);
    putHalf(data, to + 2, min);
    return scale == 0 ? 0 : 1 / scale;
  }

  private static float smallest(float[] in, int at) {
    float min = in[at];
    for (int j = 1; j < 32; j++) {
      min = in[at + j] < min ? in[at + j] : min;
    }
    return min;
  }

  /** The first number of largest size, with its sign. */
  private static float largest(float[] in, int at) {
    float largest = 0;
    for (int j = 0; j < 32; j++) {
      if (Math.abs(in[at + j]) > Math.abs(largest)) {
        largest = in[at + j];
      }
    }
    return largest;
  }

  /** The whole part, kept within 0 and {@code most}. */
  private static int level(float x, int most) {
    return Math.clamp((int) x, 0, most);
  }

  /** Halves go away from zero here; every other conversion rounds them to even. */
  private static int nearestAwayFromZero(float x) {
    int whole = (int) x;
    float rest = x - whole;
    return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
  }
}
