package burhan.tensor;

import static burhan.tensor.BlockBytes.putByte;
import static burhan.tensor.BlockBytes.putHalf;
import static burhan.tensor.ScaleSearch.nearest;

import java.lang.foreign.MemorySegment;

/**
 * Writes the block types of {@link KBlocks}, byte for byte as ggml's reference without an
 * importance matrix: search a scale for every group ({@link ScaleSearch}), round the group scales
 * under one float16 scale, then round every number again under what the reader will see.
 *
 * <p>One per thread and use: it keeps its working memory.
 */
final class KBlockEncoder {
  private static final ScaleSearch.Plan Q2 = new ScaleSearch.Plan(3, -0.5f, 16, true);
  private static final ScaleSearch.Plan Q4 = new ScaleSearch.Plan(15, -1, 21, false);
  private static final ScaleSearch.Plan Q5 = new ScaleSearch.Plan(31, -0.5f, 16, false);

  private final ScaleSearch search = new ScaleSearch();
  private final int[] levels = new int[256];
  private final float[] scales = new float[16];
  private final float[] minima = new float[16];
  private final int[] groupScales = new int[16];
  private final int[] groupMinima = new int[16];

  void encodeQ2K(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 84, at += 256) {
      searchWithMinima(in, at, 16, Q2);
      float scale = putHalf(data, to + 80, wholeGroups(scales, 16, 15, groupScales));
      float minScale = putHalf(data, to + 82, wholeGroups(minima, 16, 15, groupMinima));
      roundAgain(in, at, 16, scale, minScale, Q2.most());
      for (int g = 0; g < 16; g++) {
        putByte(data, to + g, groupScales[g] | groupMinima[g] << 4);
      }
      putPairs(data, to + 16);
    }
  }

  void encodeQ4K(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 144, at += 256) {
      putScalesAndMinima(in, at, Q4, data, to);
      putNibbles(data, to + 16);
    }
  }

  void encodeQ5K(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 176, at += 256) {
      putScalesAndMinima(in, at, Q5, data, to);
      for (int j = 0; j < 32; j++) {
        int high = 0;
        for (int g = 0; g < 8; g++) {
          high |= levels[g * 32 + j] >>> 4 << g;
        }
        putByte(data, to + 16 + j, high);
      }
      putNibbles(data, to + 48);
    }
  }

  /** The 16 bytes that Q4_K and Q5_K begin with, and the levels that go with them. */
  private void putScalesAndMinima(
      float[] in, int at, ScaleSearch.Plan plan, MemorySegment data, long to) {
    searchWithMinima(in, at, 32, plan);
    float scale = putHalf(data, to, wholeGroups(scales, 8, 63, groupScales));
    float minScale = putHalf(data, to + 2, wholeGroups(minima, 8, 63, groupMinima));
    roundAgain(in, at, 32, scale, minScale, plan.most());
    for (int g = 0; g < 4; g++) {
      int s = groupScales[g + 4];
      int m = groupMinima[g + 4];
      putByte(data, to + 4 + g, groupScales[g] | s >>> 4 << 6);
      putByte(data, to + 8 + g, groupMinima[g] | m >>> 4 << 6);
      putByte(data, to + 12 + g, (s & 15) | (m & 15) << 4);
    }
  }

  private void searchWithMinima(float[] in, int at, int n, ScaleSearch.Plan plan) {
    for (int g = 0; g < 256 / n; g++) {
      scales[g] = search.withMinimum(in, at + g * n, n, plan, levels, g * n);
      minima[g] = search.minimum();
    }
  }

  /**
   * Rounds positive floats to 0..most under a common scale.
   *
   * @return the common scale
   */
  private static float wholeGroups(float[] values, int n, int most, int[] whole) {
    float largest = 0;
    for (int g = 0; g < n; g++) {
      largest = values[g] > largest ? values[g] : largest;
    }
    float inverse = largest > 0 ? most / largest : 0;
    for (int g = 0; g < n; g++) {
      whole[g] = Math.clamp(nearest(inverse * values[g]), 0, most);
    }
    return largest / most;
  }

  private void roundAgain(float[] in, int at, int n, float scale, float minScale, int most) {
    for (int g = 0; g < 256 / n; g++) {
      float step = scale * groupScales[g];
      if (step == 0) {
        continue;
      }
      float min = minScale * groupMinima[g];
      for (int i = g * n; i < g * n + n; i++) {
        levels[i] = Math.clamp(nearest((in[at + i] + min) / step), 0, most);
      }
    }
  }

  void encodeQ3K(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 110, at += 256) {
      for (int g = 0; g < 16; g++) {
        scales[g] = search.oneByOne(in, at + g * 16, 4, levels, g * 16);
      }
      float inverse = inverseScale(32);
      for (int g = 0; g < 16; g++) {
        // Where all scales are zero the stored one is the lowest level, not the middle.
        groupScales[g] = inverse == 0 ? -32 : Math.clamp(nearest(inverse * scales[g]), -32, 31);
      }
      float scale = putHalf(data, to + 108, inverse == 0 ? 0 : 1 / inverse);
      roundAgainAround(in, at, scale, 4);
      for (int i = 0; i < 8; i++) {
        int low = (groupScales[i] + 32) & 15;
        putByte(data, to + 96 + i, low | ((groupScales[i + 8] + 32) & 15) << 4);
      }
      for (int i = 0; i < 4; i++) {
        int high = 0;
        for (int k = 0; k < 4; k++) {
          high |= (groupScales[i + 4 * k] + 32) >>> 4 << (2 * k);
        }
        putByte(data, to + 104 + i, high);
      }
      for (int j = 0; j < 32; j++) {
        int high = 0;
        for (int k = 0; k < 8; k++) {
          high |= levels[k * 32 + j] >>> 2 << k;
        }
        putByte(data, to + j, high);
      }
      putPairs(data, to + 32);
    }
  }

  void encodeQ6K(float[] in, int at, MemorySegment data, long to, int blocks) {
    for (int b = 0; b < blocks; b++, to += 210, at += 256) {
      for (int g = 0; g < 16; g++) {
        scales[g] = search.symmetric(in, at + g * 16, 32, levels, g * 16);
      }
      float inverse = inverseScale(128);
      if (inverse == 0 || Math.abs(ScaleSearch.largest(scales, 0, 16)) < ScaleSearch.NOTHING) {
        data.asSlice(to, 210).fill((byte) 0);
        continue;
      }
      float scale = putHalf(data, to + 208, 1 / inverse);
      for (int g = 0; g < 16; g++) {
        groupScales[g] = Math.clamp(nearest(inverse * scales[g]), -128, 127);
        putByte(data, to + 192 + g, groupScales[g]);
      }
      roundAgainAround(in, at, scale, 32);
      for (int h = 0; h < 2; h++) {
        for (int j = 0; j < 64; j++) {
          int low = levels[h * 128 + j] & 15;
          putByte(data, to + h * 64L + j, low | (levels[h * 128 + 64 + j] & 15) << 4);
        }
        for (int j = 0; j < 32; j++) {
          putByte(data, to + 128 + h * 32L + j, fourPairs(h * 128 + j, 4));
        }
      }
    }
  }

  /** What maps the group scale of largest size to {@code -steps}; 0 if all are zero. */
  private float inverseScale(int steps) {
    float largest = ScaleSearch.largest(scales, 0, 16);
    return largest == 0 ? 0 : -steps / largest;
  }

  private void roundAgainAround(float[] in, int at, float scale, int half) {
    for (int g = 0; g < 16; g++) {
      float step = scale * groupScales[g];
      if (step == 0) {
        continue;
      }
      for (int i = g * 16; i < g * 16 + 16; i++) {
        levels[i] = Math.clamp(nearest(in[at + i] / step), -half, half - 1) + half;
      }
    }
  }

  private void putNibbles(MemorySegment data, long to) {
    for (int j = 0; j < 128; j++) {
      int i = j / 32 * 64 + j % 32;
      putByte(data, to + j, (levels[i] & 15) | (levels[i + 32] & 15) << 4);
    }
  }

  /** The two low bits of all levels, in the order of {@link KBlocks#pairByte}. */
  private void putPairs(MemorySegment data, long to) {
    for (int j = 0; j < 64; j++) {
      putByte(data, to + j, fourPairs(j / 32 * 128 + j % 32, 0));
    }
  }

  private int fourPairs(int i, int shift) {
    return (levels[i] >>> shift & 3)
        | (levels[i + 32] >>> shift & 3) << 2
        | (levels[i + 64] >>> shift & 3) << 4
        | (levels[i + 96] >>> shift & 3) << 6;
  }
}
