package burhan.tensor;

import static burhan.tensor.BlockBytes.byteAt;
import static burhan.tensor.BlockBytes.halfAt;
import static burhan.tensor.BlockBytes.shortAt;

import java.lang.foreign.MemorySegment;

/**
 * Reads the block types whose four bits index a table of sixteen values that do not lie evenly.
 * Writing is {@link TableBlockEncoder}'s.
 *
 * <pre>
 * IQ4_NL  scale:f16 nibbles[16]                          32 numbers
 * IQ4_XS  scale:f16 high:u16 low[4] nibbles[128]         256 numbers, a 6-bit scale for each 32
 * MXFP4   scale:e8m0 nibbles[16]                         32 four-bit floats
 * NVFP4   scale:ue4m3[4] nibbles[32]                     64 four-bit floats, a scale for each 16
 * </pre>
 *
 * In a group of {@code n}, byte {@code j} holds number {@code j} in its low and {@code j + n / 2}
 * in its high half.
 */
final class TableBlocks {
  /** The levels of IQ4_NL and IQ4_XS, a fact of the format. */
  static final byte[] UNEVEN = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /** E2M1 floats, doubled so that all are whole. */
  static final byte[] DOUBLED_FP4 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private TableBlocks() {}

  static void decodeIq4Nl(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 18, at += 32) {
      group(UNEVEN, halfAt(data, from), data, from + 2, 16, out, at);
    }
  }

  static void decodeIq4Xs(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 136, at += 256) {
      float scale = halfAt(data, from);
      int high = shortAt(data, from + 2);
      for (int g = 0; g < 8; g++) {
        int low = byteAt(data, from + 4 + (g >>> 1)) >>> ((g & 1) * 4) & 15;
        float step = scale * ((low | (high >>> (g * 2) & 3) << 4) - 32);
        group(UNEVEN, step, data, from + 8 + g * 16L, 16, out, at + g * 32);
      }
    }
  }

  static void decodeMxfp4(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 17, at += 32) {
      group(DOUBLED_FP4, halfPowerOfTwo(byteAt(data, from)), data, from + 1, 16, out, at);
    }
  }

  /**
   * Half of an E8M0 scale, since the table is doubled. The NaN pattern reads as 2^127, which is
   * what every reader of GGUF makes of it.
   */
  static float halfPowerOfTwo(int bits) {
    return Math.scalb(1f, bits - 128);
  }

  static void decodeNvfp4(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 36, at += 64) {
      for (int g = 0; g < 4; g++) {
        float half = Float8.ue4m3(byteAt(data, from + g)) * 0.5f;
        group(DOUBLED_FP4, half, data, from + 4 + g * 8L, 8, out, at + g * 16);
      }
    }
  }

  private static void group(
      byte[] table, float scale, MemorySegment data, long from, int bytes, float[] out, int at) {
    for (int j = 0; j < bytes; j++) {
      int pair = byteAt(data, from + j);
      out[at + j] = scale * table[pair & 15];
      out[at + j + bytes] = scale * table[pair >>> 4];
    }
  }
}
