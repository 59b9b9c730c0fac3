package burhan.tensor;

import static burhan.tensor.BlockBytes.byteAt;
import static burhan.tensor.BlockBytes.halfAt;
import static burhan.tensor.BlockBytes.longAt;
import static burhan.tensor.BlockBytes.low;
import static burhan.tensor.BlockBytes.putAround;

import java.lang.foreign.MemorySegment;

/**
 * Reads the ternary block types of GGUF: 256 numbers, each -1, 0 or 1 times one float16 scale.
 *
 * <pre>
 * TQ1_0  fives[48] fours[4] scale:f16   a byte is a fraction b / 256 whose base-3 digits are numbers
 * TQ2_0  pairs[64] scale:f16            two bits each, 0 to 2
 * </pre>
 */
final class TernaryBlocks {
  private TernaryBlocks() {}

  static void decodeTq10(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 54, at += 256) {
      float scale = halfAt(data, from + 52);
      digits(scale, data, from, 32, 5, out, at);
      digits(scale, data, from + 32, 16, 5, out, at + 160);
      digits(scale, data, from + 48, 4, 4, out, at + 240);
    }
  }

  /** Digit {@code d} of byte {@code j} is number {@code d * bytes + j}. */
  private static void digits(
      float scale, MemorySegment data, long from, int bytes, int digits, float[] out, int at) {
    for (int j = 0; j < bytes; j++) {
      int fraction = byteAt(data, from + j);
      for (int d = 0; d < digits; d++) {
        out[at + d * bytes + j] = scale * (((fraction * 3) >>> 8) - 1);
        fraction = (fraction * 3) & 255;
      }
    }
  }

  static void decodeTq20(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 66, at += 256) {
      float scale = halfAt(data, from + 64);
      for (int g = 0; g < 16; g++) {
        long pairs = from + KBlocks.pairByte(g);
        int shift = KBlocks.pairShift(g);
        for (int j = 0; j < 16; j += 8) {
          putAround(low(longAt(data, pairs + j), shift, 2), scale, 1, out, at + g * 16 + j);
        }
      }
    }
  }
}
