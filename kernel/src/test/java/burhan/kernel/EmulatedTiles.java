package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * What the emitted tile functions do, in plain loops on the same addresses, so that the way through
 * them is tested on processors without tiles. Weights come from the tensor that was packed.
 */
final class EmulatedTiles implements Tiles {
  private final Tensor weight;
  private final PackedWeight packed;

  EmulatedTiles(Tensor weight, PackedWeight packed) {
    this.weight = weight;
    this.packed = packed;
  }

  @SuppressWarnings("restricted") // the subject works on addresses
  private static MemorySegment at(long address) {
    return MemorySegment.ofAddress(address).reinterpret(1L << 32);
  }

  /** To the nearest, ties to even, denormals to zero, as the processor does it. */
  static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7F800000) == 0) {
      return (short) (bits >>> 16 & 0x8000);
    }
    return (short)
        ((Float.isNaN(value) ? bits | 0x400000 : bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }

  private static float number(MemorySegment from, long offset) {
    return Float.intBitsToFloat(from.get(JAVA_SHORT, offset) << 16);
  }

  @Override
  public void convert(long floats, long to, long steps) {
    MemorySegment in = at(floats);
    MemorySegment out = at(to);
    for (long k = 0; k < steps * COLS; k++) {
      short number = bf16(in.get(JAVA_FLOAT, 4 * k));
      out.set(JAVA_SHORT, k / COLS * TILE + k % COLS * 2, number);
    }
  }

  @Override
  public void unpack(long weights, long to, long units) {
    long offset = weights - packed.data().address();
    int group = (int) (offset / packed.groupBytes());
    int unitCols = packed.format().unitCols();
    int first = (int) (offset % packed.groupBytes() / packed.format().unitBytes()) * unitCols;
    MemorySegment out = at(to);
    float[] row = new float[packed.cols()];
    for (int lane = 0; lane < 16; lane++) {
      int r = group * 16 + lane;
      if (r < packed.rows()) {
        weight.row(r, row, 0);
      }
      for (int k = 0; k < units * unitCols; k++) {
        boolean isThere = r < packed.rows() && first + k < packed.cols();
        short number = isThere ? bf16(row[first + k]) : 0;
        out.set(JAVA_SHORT, k / 2 * 64L + lane * 4L + k % 2 * 2L, number);
      }
    }
  }

  @Override
  public void multiply(int tiles, long a, long b, long c, long steps, long count, long sizes) {
    MemorySegment config = at(sizes);
    if (config.get(JAVA_BYTE, 0) != 1) {
      throw new AssertionError("no tile configuration");
    }
    long tokensStride = config.get(JAVA_LONG, TOKENS_STRIDE);
    long groupStride = config.get(JAVA_LONG, GROUP_STRIDE);
    long sumsStride = config.get(JAVA_LONG, SUMS_STRIDE);
    for (int t = 0; t < tiles * count; t++) {
      for (int g = 0; g < 2; g++) {
        for (int s = 0; s < steps; s++) {
          tile(
              at(a + t * tokensStride + (long) s * TILE),
              at(b + g * groupStride + (long) s * TILE),
              at(c + (long) t * TOKENS * sumsStride + g * 64L),
              sumsStride);
        }
      }
    }
  }

  /** The even and the odd numbers of k are summed apart, then both are added. */
  private static void tile(MemorySegment a, MemorySegment b, MemorySegment c, long sumsStride) {
    for (int m = 0; m < 16; m++) {
      for (int n = 0; n < 16; n++) {
        float even = 0;
        float odd = 0;
        for (int k = 0; k < 16; k++) {
          long x = m * 64L + k * 4L;
          long w = k * 64L + n * 4L;
          even = Math.fma(number(a, x), number(b, w), even);
          odd = Math.fma(number(a, x + 2), number(b, w + 2), odd);
        }
        long at = m * sumsStride + n * 4L;
        c.set(JAVA_FLOAT, at, c.get(JAVA_FLOAT, at) + (even + odd));
      }
    }
  }
}
