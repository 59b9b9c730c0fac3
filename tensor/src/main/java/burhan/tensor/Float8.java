package burhan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Floats in one byte: E4M3 in the variant without infinities (E4M3FN), and the two scale formats
 * that go with it. Knows nothing of the block scales that an FP8 checkpoint keeps in other tensors.
 */
final class Float8 {
  /** The largest finite E4M3 number. */
  static final float LARGEST_E4M3 = 448;

  private static final float[] E4M3 = new float[256];

  static {
    for (int bits = 0; bits < 256; bits++) {
      float size = (bits & 0x7f) == 0x7f ? Float.NaN : magnitude(bits);
      E4M3[bits] = bits < 128 ? size : -size;
    }
  }

  private Float8() {}

  /** Exponent bias 7, three mantissa bits; the sign bit and the NaN pattern are not looked at. */
  private static float magnitude(int bits) {
    int exponent = bits >>> 3 & 15;
    int mantissa = bits & 7;
    return exponent == 0
        ? Math.scalb((float) mantissa, -9)
        : Math.scalb((float) (8 + mantissa), exponent - 10);
  }

  static void decodeE4m3(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = E4M3[data.get(JAVA_BYTE, from + i) & 0xff];
    }
  }

  static void decodeE8m0(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = e8m0(data.get(JAVA_BYTE, from + i) & 0xff);
    }
  }

  /** {@code 2^(bits - 127)}; 0xff is NaN. */
  static float e8m0(int bits) {
    return bits == 255 ? Float.NaN : Math.scalb(1f, bits - 127);
  }

  /**
   * An unsigned E4M3 scale as NVFP4 stores it. The sign bit is ignored and the NaN pattern counts
   * as zero, which is what readers of the format do.
   */
  static float ue4m3(int bits) {
    return bits == 0x7f ? 0 : magnitude(bits);
  }

  /** Nearest number, ties to even; what is too large becomes the largest finite one. */
  static void encodeE4m3(float[] in, int at, int count, MemorySegment data, long from) {
    for (int i = 0; i < count; i++) {
      data.set(JAVA_BYTE, from + i, (byte) e4m3(in[at + i]));
    }
  }

  private static int e4m3(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 24 & 0x80;
    if (Float.isNaN(value)) {
      return sign | 0x7f;
    }
    float size = Math.min(Math.abs(value), LARGEST_E4M3);
    int exponent = Math.max(Math.getExponent(size), -6);
    // In units of the last mantissa bit; a carry into the next power of two falls out of the sum.
    int units = (int) Math.rint(Math.scalb((double) size, 3 - exponent));
    return sign | (((exponent + 6) << 3) + units);
  }
}
