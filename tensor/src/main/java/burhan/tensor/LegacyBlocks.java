package burhan.tensor;

import static burhan.tensor.BlockBytes.halfAt;
import static burhan.tensor.BlockBytes.intAt;
import static burhan.tensor.BlockBytes.longAt;
import static burhan.tensor.BlockBytes.low;
import static burhan.tensor.BlockBytes.putAround;
import static burhan.tensor.BlockBytes.putScaled;
import static burhan.tensor.BlockBytes.signedByteAt;
import static burhan.tensor.BlockBytes.spread;

import java.lang.foreign.MemorySegment;

/**
 * Reads the oldest GGUF block types: 32 numbers under one scale, the bits in plain sight. Writing
 * is {@link LegacyBlockEncoder}'s.
 *
 * <pre>
 * Q4_0  scale:f16 nibbles[16]                    value = scale * (q - 8)
 * Q4_1  scale:f16 min:f16 nibbles[16]            value = scale * q + min
 * Q5_0  scale:f16 fifth:u32 nibbles[16]          value = scale * (q - 16)
 * Q5_1  scale:f16 min:f16 fifth:u32 nibbles[16]  value = scale * q + min
 * Q8_0  scale:f16 bytes[32]                      value = scale * q
 * </pre>
 *
 * Byte {@code j} of the nibbles holds number {@code j} in its low and number {@code j + 16} in its
 * high half; bit {@code j} of {@code fifth} is the top bit of number {@code j}.
 */
final class LegacyBlocks {
  private LegacyBlocks() {}

  static void decodeQ40(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 18, at += 32) {
      float scale = halfAt(data, from);
      for (int j = 0; j < 16; j += 8) {
        long pairs = longAt(data, from + 2 + j);
        putAround(low(pairs, 0, 4), scale, 8, out, at + j);
        putAround(low(pairs, 4, 4), scale, 8, out, at + j + 16);
      }
    }
  }

  static void decodeQ41(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 20, at += 32) {
      float scale = halfAt(data, from);
      float min = halfAt(data, from + 2);
      for (int j = 0; j < 16; j += 8) {
        long pairs = longAt(data, from + 4 + j);
        putScaled(low(pairs, 0, 4), scale, -min, out, at + j);
        putScaled(low(pairs, 4, 4), scale, -min, out, at + j + 16);
      }
    }
  }

  static void decodeQ50(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 22, at += 32) {
      float scale = halfAt(data, from);
      int fifth = intAt(data, from + 2);
      for (int j = 0; j < 16; j += 8) {
        long pairs = longAt(data, from + 6 + j);
        long low = low(pairs, 0, 4) | spread(fifth >>> j) << 4;
        long high = low(pairs, 4, 4) | spread(fifth >>> (j + 16)) << 4;
        putAround(low, scale, 16, out, at + j);
        putAround(high, scale, 16, out, at + j + 16);
      }
    }
  }

  static void decodeQ51(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 24, at += 32) {
      float scale = halfAt(data, from);
      float min = halfAt(data, from + 2);
      int fifth = intAt(data, from + 4);
      for (int j = 0; j < 16; j += 8) {
        long pairs = longAt(data, from + 8 + j);
        long low = low(pairs, 0, 4) | spread(fifth >>> j) << 4;
        long high = low(pairs, 4, 4) | spread(fifth >>> (j + 16)) << 4;
        putScaled(low, scale, -min, out, at + j);
        putScaled(high, scale, -min, out, at + j + 16);
      }
    }
  }

  static void decodeQ80(MemorySegment data, long from, float[] out, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 34, at += 32) {
      float scale = halfAt(data, from);
      for (int j = 0; j < 32; j++) {
        out[at + j] = scale * signedByteAt(data, from + 2 + j);
      }
    }
  }
}
