package burhan.tensor;

import static burhan.tensor.BlockBytes.byteAt;
import static burhan.tensor.BlockBytes.halfAt;
import static burhan.tensor.BlockBytes.intAt;
import static burhan.tensor.BlockBytes.shortAt;

import java.lang.foreign.MemorySegment;

/**
 * Reads the block types of GGUF that store no numbers but the places of points in a fixed grid
 * ({@link IqGrids}): 256 numbers under one float16 scale, in groups of 32 with a small scale each.
 * Read only: writing them well needs an importance matrix.
 *
 * <pre>
 * IQ2_XXS  scale:f16 { point[4] signs+scale:u32 }[8]          8 numbers a point, 256 points
 * IQ2_XS   scale:f16 point+signs:u16[32] scales[8]            8 numbers a point, 512 points
 * IQ2_S    scale:f16 point[32] signs[32] high[8] scales[8]    8 numbers a point, 1024 points
 * IQ3_XXS  scale:f16 point[64] signs+scale:u32[8]             4 numbers a point, 256 points
 * IQ3_S    scale:f16 point[64] high[8] signs[32] scales[4]    4 numbers a point, 512 points
 * IQ1_S    scale:f16 point[32] high+scale:u16[8]              8 numbers a point, 2048 points
 * IQ1_M    point[32] high[16] scales:u16[4]                   8 numbers a point, 2048 points
 * </pre>
 *
 * Signs are one bit a number. Where only seven are stored, the eighth makes their count even.
 */
final class IqBlocks {
  /** IQ1 numbers are -1, 0 or 1 plus or minus this. */
  private static final float DELTA = 0.125f;

  private IqBlocks() {}

  static void decodeIq2Xxs(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 66, at += 256) {
      float scale = halfAt(data, from);
      for (int g = 0; g < 8; g++) {
        long group = from + 2 + g * 8L;
        int signs = intAt(data, group + 4);
        float step = scale * (0.5f + (signs >>> 28)) * 0.25f;
        for (int k = 0; k < 4; k++) {
          int point = byteAt(data, group + k);
          eight(
              IqGrids.IQ2_XXS, point, step, evenSigns(signs >>> (7 * k)), out, at + g * 32 + k * 8);
        }
      }
    }
  }

  static void decodeIq2Xs(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 74, at += 256) {
      float scale = halfAt(data, from);
      for (int k = 0; k < 32; k++) {
        float step = halfStep(scale, byteAt(data, from + 66 + (k >>> 2)), k);
        int point = shortAt(data, from + 2 + k * 2L);
        eight(IqGrids.IQ2_XS, point & 511, step, evenSigns(point >>> 9), out, at + k * 8);
      }
    }
  }

  static void decodeIq2S(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 82, at += 256) {
      float scale = halfAt(data, from);
      for (int k = 0; k < 32; k++) {
        float step = halfStep(scale, byteAt(data, from + 74 + (k >>> 2)), k);
        int high = byteAt(data, from + 66 + (k >>> 2)) >>> ((k & 3) * 2) & 3;
        int point = byteAt(data, from + 2 + k) | high << 8;
        eight(IqGrids.IQ2_S, point, step, byteAt(data, from + 34 + k), out, at + k * 8);
      }
    }
  }

  /** Sixteen numbers share four bits: points 0 and 1 of a group the low ones, 2 and 3 the high. */
  private static float halfStep(float scale, int pair, int k) {
    return scale * (0.5f + (pair >>> ((k & 2) * 2) & 15)) * 0.25f;
  }

  static void decodeIq3Xxs(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 98, at += 256) {
      float scale = halfAt(data, from);
      for (int g = 0; g < 8; g++) {
        int signs = intAt(data, from + 66 + g * 4L);
        float step = scale * (0.5f + (signs >>> 28)) * 0.5f;
        for (int k = 0; k < 8; k++) {
          int four = evenSigns(signs >>> (7 * (k >>> 1))) >>> ((k & 1) * 4);
          int point = byteAt(data, from + 2 + g * 8L + k);
          four(IqGrids.IQ3_XXS, point, step, four, out, at + g * 32 + k * 4);
        }
      }
    }
  }

  static void decodeIq3S(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 110, at += 256) {
      float scale = halfAt(data, from);
      for (int g = 0; g < 8; g++) {
        float step =
            scale * (1 + 2 * (byteAt(data, from + 106 + (g >>> 1)) >>> ((g & 1) * 4) & 15));
        int high = byteAt(data, from + 66 + g);
        for (int k = 0; k < 8; k++) {
          int four = byteAt(data, from + 74 + g * 4L + (k >>> 1)) >>> ((k & 1) * 4);
          int point = byteAt(data, from + 2 + g * 8L + k) | (high >>> k & 1) << 8;
          four(IqGrids.IQ3_S, point, step, four, out, at + g * 32 + k * 4);
        }
      }
    }
  }

  static void decodeIq1S(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 50, at += 256) {
      float scale = halfAt(data, from);
      for (int g = 0; g < 8; g++) {
        int high = shortAt(data, from + 34 + g * 2L);
        float step = scale * (2 * (high >>> 12 & 7) + 1);
        float delta = high >>> 15 == 0 ? DELTA : -DELTA;
        for (int k = 0; k < 4; k++) {
          int point = byteAt(data, from + 2 + g * 4L + k) | (high >>> (3 * k) & 7) << 8;
          shifted(point, step, delta, out, at + g * 32 + k * 8);
        }
      }
    }
  }

  static void decodeIq1M(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 56, at += 256) {
      float scale = scatteredScale(data, from + 48);
      for (int k = 0; k < 32; k++) {
        // Three bits for each two points, four of them to a word under its piece of the scale.
        int three = shortAt(data, from + 48 + (k >>> 3) * 2L) >>> (3 * (k >>> 1 & 3)) & 7;
        int high = byteAt(data, from + 32 + (k >>> 1)) >>> ((k & 1) * 4);
        int point = byteAt(data, from + k) | (high & 7) << 8;
        shifted(point, scale * (2 * three + 1), (high & 8) == 0 ? DELTA : -DELTA, out, at + k * 8);
      }
    }
  }

  /** A float16 of which each of four words keeps four bits at its top, lowest first. */
  private static float scatteredScale(MemorySegment data, long words) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits |= shortAt(data, words + i * 2L) >>> 12 << (4 * i);
    }
    return Float.float16ToFloat((short) bits);
  }

  /** Seven sign bits and the eighth that makes an even number of ones. */
  private static int evenSigns(int bits) {
    int seven = bits & 127;
    return seven | (Integer.bitCount(seven) & 1) << 7;
  }

  private static void eight(byte[] grid, int point, float step, int signs, float[] out, int at) {
    for (int j = 0; j < 8; j++) {
      float size = step * grid[point * 8 + j];
      out[at + j] = (signs >>> j & 1) == 0 ? size : -size;
    }
  }

  private static void four(byte[] grid, int point, float step, int signs, float[] out, int at) {
    for (int j = 0; j < 4; j++) {
      float size = step * grid[point * 4 + j];
      out[at + j] = (signs >>> j & 1) == 0 ? size : -size;
    }
  }

  private static void shifted(int point, float step, float delta, float[] out, int at) {
    for (int j = 0; j < 8; j++) {
      out[at + j] = step * (IqGrids.IQ1[point * 8 + j] + delta);
    }
  }
}
