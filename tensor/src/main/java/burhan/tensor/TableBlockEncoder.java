package burhan.tensor;

import static burhan.tensor.BlockBytes.putByte;
import static burhan.tensor.BlockBytes.putHalf;
import static burhan.tensor.BlockBytes.putInt;
import static burhan.tensor.BlockBytes.putShort;
import static burhan.tensor.ScaleSearch.NOTHING;
import static burhan.tensor.ScaleSearch.largest;
import static burhan.tensor.TableBlocks.DOUBLED_FP4;
import static burhan.tensor.TableBlocks.UNEVEN;

import java.lang.foreign.MemorySegment;

/**
 * Writes IQ4_NL, IQ4_XS and MXFP4, byte for byte as ggml's reference without an importance matrix.
 *
 * <p>One per thread and use: it keeps its working memory.
 */
final class TableBlockEncoder {
  /** Scales tried to either side of the first, in steps of the largest number's level. */
  private static final int REACH = 7;

  private final int[] levels = new int[256];
  private final float[] scales = new float[8];

  private float sumQx;
  private float sumQ2;

  void encodeIq4Nl(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 18, at += 32) {
      float scale = bestScale(in, at);
      putHalf(data, to, scale);
      chooseLevels(in, at, scale == 0 ? 0 : 1 / scale, 0);
      putNibbles(data, to + 2, 0);
    }
  }

  void encodeIq4Xs(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 136, at += 256) {
      for (int g = 0; g < 8; g++) {
        scales[g] = bestScale(in, at + g * 32);
      }
      float scale = -largest(scales, 0, 8) / 32;
      float inverse = scale == 0 ? 0 : 1 / scale;
      putHalf(data, to, scale);
      int high = 0;
      int low = 0;
      for (int g = 0; g < 8; g++) {
        int l = Math.clamp(ScaleSearch.nearest(inverse * scales[g]), -32, 31);
        float step = scale * l;
        chooseLevels(in, at + g * 32, step == 0 ? 0 : 1 / step, g * 32);
        high |= (l + 32) >>> 4 << (g * 2);
        low |= ((l + 32) & 15) << (g * 4);
        putNibbles(data, to + 8 + g * 16L, g * 32);
      }
      putShort(data, to + 2, high);
      putInt(data, to + 4, low);
    }
  }

  /** The scale of least weighted squared error among 16 candidates. */
  private float bestScale(float[] in, int at) {
    float largest = largest(in, at, 32);
    if (Math.abs(largest) < NOTHING) {
      return 0;
    }
    sumUnder(in, at, 1 / (-largest / UNEVEN[0]));
    float scale = sumQ2 > 0 ? sumQx / sumQ2 : 0;
    float best = scale * sumQx;
    for (int step = -REACH; step <= REACH; step++) {
      sumUnder(in, at, (step + UNEVEN[0]) / largest);
      if (sumQ2 > 0 && sumQx * sumQx > best * sumQ2) {
        scale = sumQx / sumQ2;
        best = scale * sumQx;
      }
    }
    return scale;
  }

  /** Sums what least squares need for the levels under one scale; weights are squares. */
  private void sumUnder(float[] in, int at, float inverse) {
    sumQx = 0;
    sumQ2 = 0;
    for (int i = 0; i < 32; i++) {
      float v = in[at + i];
      float q = UNEVEN[nearestLevel(inverse * v)];
      float w = v * v;
      sumQx += w * q * v;
      sumQ2 += w * q * q;
    }
  }

  private void chooseLevels(float[] in, int at, float inverse, int levelsAt) {
    for (int i = 0; i < 32; i++) {
      levels[levelsAt + i] = nearestLevel(inverse * in[at + i]);
    }
  }

  /** The index of the nearest value; from the middle between two on, the greater one. */
  private static int nearestLevel(float x) {
    int level = 0;
    for (int step = 8; step > 0; step >>= 1) {
      int next = level + step;
      if (x + x >= UNEVEN[next - 1] + UNEVEN[next]) {
        level = next;
      }
    }
    return level;
  }

  private void putNibbles(MemorySegment data, long to, int from) {
    for (int j = 0; j < 16; j++) {
      putByte(data, to + j, levels[from + j] | levels[from + j + 16] << 4);
    }
  }

  void encodeMxfp4(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 17, at += 32) {
      int exponent = sharedExponent(Math.abs(largest(in, at, 32)));
      float half = TableBlocks.halfPowerOfTwo(exponent);
      putByte(data, to, exponent);
      for (int i = 0; i < 32; i++) {
        levels[i] = nearestFp4(in[at + i], half);
      }
      putNibbles(data, to + 1, 0);
    }
  }

  /** The E8M0 scale under which the largest number falls into the top binade of E2M1. */
  private static int sharedExponent(float largest) {
    if (!(largest > 0)) {
      return 0;
    }
    // A float32 logarithm, as the reference takes it: just below a power of two it rounds up to it.
    float log2 = (float) (Math.log(largest) / Math.log(2));
    return Math.clamp((int) Math.floor(log2) + 125, 0, 254);
  }

  private static int nearestFp4(float x, float half) {
    int level = 0;
    float least = Math.abs(x);
    for (int i = 1; i < 16; i++) {
      float error = Math.abs(DOUBLED_FP4[i] * half - x);
      if (error < least) {
        least = error;
        level = i;
      }
    }
    return level;
  }
}
