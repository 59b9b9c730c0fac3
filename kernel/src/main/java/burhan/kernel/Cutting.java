package burhan.kernel;

import static burhan.kernel.RowLanes.BYTES;
import static burhan.kernel.RowLanes.PARTS;
import static burhan.kernel.RowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * How the numbers and scales of each {@link PackedFormat} are cut out of its lines into a {@link
 * Panel}: loops of few vector operations, of which C2 must compile each one alone (see {@link
 * Panel#unpack}).
 *
 * <p>Numbers are cut out where they lie in their lane, without shifting them down, so most are too
 * large by a power of two. For the bytes of Q8_0 that is in the scale; for nibbles {@link
 * Activations#FACTORS} has it, which depends on k alone. Both are exact.
 */
@SuppressWarnings("NarrowCalculation") // offsets inside a unit, a few kilobytes
final class Cutting {
  private static final int ROWS = Panel.ROWS;
  private static final int LINE = PackedFormat.LINE;
  private static final int TOP_BYTE = 0xFF000000;
  private static final float TOP_BYTE_ONE = 1f / (1 << 24);

  private Cutting() {}

  private static void put(IntVector number, float[] to, int at) {
    ((FloatVector) number.convert(VectorOperators.I2F, 0)).intoArray(to, at);
  }

  private static IntVector up(IntVector v, int bits) {
    return v.lanewise(VectorOperators.LSHL, bits);
  }

  private static IntVector down(IntVector v, int bits) {
    return v.lanewise(VectorOperators.LSHR, bits);
  }

  /** 32 k of bytes, at the top of their lane: 2^24 times too large. */
  static void bytes(long address, Panel panel, int at) {
    float[] to = panel.numbers;
    for (int line = 0; line < 8; line++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = RowLanes.line(address + line * LINE + p * BYTES);
        int k = at + 4 * line * ROWS + p * WIDTH;
        put(up(w, 24), to, k);
        put(up(w, 8).and(TOP_BYTE), to, k + ROWS);
        put(up(w, 16).and(TOP_BYTE), to, k + 2 * ROWS);
        put(w.and(TOP_BYTE), to, k + 3 * ROWS);
      }
    }
  }

  /** The float16 scales of two blocks, for {@link #bytes}. */
  static void byteScales(long address, Panel panel, int at) {
    for (int block = 0; block < 2; block++) {
      for (int p = 0; p < PARTS; p++) {
        FloatVector scale = RowLanes.halves(address + block * LINE / 2 + p * BYTES / 2);
        scale.mul(TOP_BYTE_ONE).intoArray(panel.scales, at + block * ROWS + p * WIDTH);
      }
    }
  }

  /** 32 k of nibbles, half a line's four at a time, which repeat {@link Activations#FACTORS}. */
  static void nibbles(long address, Panel panel, int at) {
    float[] to = panel.numbers;
    for (int i = 0; i < 8; i++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = down(RowLanes.line(address + i / 2 * LINE + p * BYTES), i % 2 * 8);
        int k = at + 4 * i * ROWS + p * WIDTH;
        put(w.and(0xF), to, k);
        put(w.and(0xF0000), to, k + ROWS);
        put(w.and(0xF0), to, k + 2 * ROWS);
        put(w.and(0xF00000), to, k + 3 * ROWS);
      }
    }
  }

  /** The float16 scales of two blocks, and what makes up for numbers that are 8 too large. */
  static void nibbleScales(long address, Panel panel, int at) {
    for (int block = 0; block < 2; block++) {
      for (int p = 0; p < PARTS; p++) {
        FloatVector scale = RowLanes.halves(address + block * LINE / 2 + p * BYTES / 2);
        int to = at + block * ROWS + p * WIDTH;
        scale.intoArray(panel.scales, to);
        scale.mul(-8f).intoArray(panel.offsets, to);
      }
    }
  }

  /** As {@link #nibbles}, each with a fifth bit from the line behind them. */
  static void fives(long address, Panel panel, int at) {
    float[] to = panel.numbers;
    for (int i = 0; i < 8; i++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = down(RowLanes.line(address + i / 2 * LINE + p * BYTES), i % 2 * 8);
        int shift = i / 2 * 2 + i % 2 * 8;
        IntVector f = down(RowLanes.line(address + 4 * LINE + p * BYTES), shift);
        int k = at + 4 * i * ROWS + p * WIDTH;
        IntVector bits = up(f, 4);
        put(w.and(0xF).or(bits.and(0x10)), to, k);
        put(w.and(0xF0000).or(bits.and(0x100000)), to, k + ROWS);
        bits = up(f, 7);
        put(w.and(0xF0).or(bits.and(0x100)), to, k + 2 * ROWS);
        put(w.and(0xF00000).or(bits.and(0x1000000)), to, k + 3 * ROWS);
      }
    }
  }

  /** As {@link #nibbles}, each with two upper bits from the two lines behind them. */
  static void sixes(long address, Panel panel, int at) {
    float[] to = panel.numbers;
    for (int i = 0; i < 8; i++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = down(RowLanes.line(address + i / 2 * LINE + p * BYTES), i % 2 * 8);
        int shift = i / 2 % 2 * 4 + i % 2 * 8;
        IntVector u = down(RowLanes.line(address + (4 + i / 4) * LINE + p * BYTES), shift);
        int k = at + 4 * i * ROWS + p * WIDTH;
        IntVector bits = up(u, 4);
        put(w.and(0xF).or(bits.and(0x30)), to, k);
        put(w.and(0xF0000).or(bits.and(0x300000)), to, k + ROWS);
        bits = up(u, 6);
        put(w.and(0xF0).or(bits.and(0x300)), to, k + 2 * ROWS);
        put(w.and(0xF00000).or(bits.and(0x3000000)), to, k + 3 * ROWS);
      }
    }
  }

  /** Q4_K, Q5_K: eight groups' scales. */
  static void groupScales(long address, Panel panel, int at) {
    for (int p = 0; p < PARTS; p++) {
      FloatVector scale = RowLanes.halves(address + p * BYTES / 2);
      scaled(address + LINE + p * WIDTH, 8, scale, panel.scales, at + p * WIDTH);
    }
  }

  /** Q4_K, Q5_K: eight groups' minima, which are subtracted. */
  static void groupOffsets(long address, Panel panel, int at) {
    for (int p = 0; p < PARTS; p++) {
      FloatVector minimum = RowLanes.halves(address + LINE / 2 + p * BYTES / 2).neg();
      long from = address + LINE + 8 * PackedFormat.ROWS + p * WIDTH;
      scaled(from, 8, minimum, panel.offsets, at + p * WIDTH);
    }
  }

  /** Q6_K: sixteen groups' scales. */
  static void halfGroupScales(long address, Panel panel, int at) {
    for (int p = 0; p < PARTS; p++) {
      FloatVector scale = RowLanes.halves(address + p * BYTES / 2);
      scaled(address + LINE + p * WIDTH, 16, scale, panel.scales, at + p * WIDTH);
    }
  }

  /** Q6_K: what makes up for stored numbers that are 32 too large. */
  static void halfGroupOffsets(long address, Panel panel, int at) {
    for (int p = 0; p < PARTS; p++) {
      FloatVector scale = RowLanes.halves(address + p * BYTES / 2).mul(-32f);
      scaled(address + LINE + p * WIDTH, 16, scale, panel.offsets, at + p * WIDTH);
    }
  }

  private static void scaled(long bytes, int groups, FloatVector scale, float[] to, int at) {
    for (int g = 0; g < groups; g++) {
      IntVector number = RowLanes.bytes(bytes + g * PackedFormat.ROWS);
      ((FloatVector) number.convert(VectorOperators.I2F, 0))
          .mul(scale)
          .intoArray(to, at + g * ROWS);
    }
  }

  /** 8 k of bfloat16. */
  static void bfloats(long address, Panel panel, int at) {
    for (int line = 0; line < 4; line++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = RowLanes.line(address + line * LINE + p * BYTES);
        int k = at + 2 * line * ROWS + p * WIDTH;
        up(w, 16).reinterpretAsFloats().intoArray(panel.numbers, k);
        w.and(0xFFFF0000).reinterpretAsFloats().intoArray(panel.numbers, k + ROWS);
      }
    }
  }

  /** 8 k of float16. */
  static void halves(long address, Panel panel, int at) {
    for (int k = 0; k < 8; k++) {
      for (int p = 0; p < PARTS; p++) {
        RowLanes.anyHalves(address + k * LINE / 2 + p * BYTES / 2)
            .intoArray(panel.numbers, at + k * ROWS + p * WIDTH);
      }
    }
  }

  /** 8 k of float32. */
  static void floats(long address, Panel panel, int at) {
    for (int k = 0; k < 8; k++) {
      for (int p = 0; p < PARTS; p++) {
        RowLanes.floats(address + k * LINE + p * BYTES)
            .intoArray(panel.numbers, at + k * ROWS + p * WIDTH);
      }
    }
  }

  /** 128 k of E4M3, 256 times too small. */
  static void eighths(long address, Panel panel, int at) {
    for (int k = 0; k < 128; k++) {
      for (int p = 0; p < PARTS; p++) {
        RowLanes.eighths(address + k * PackedFormat.ROWS + p * WIDTH)
            .intoArray(panel.numbers, at + k * ROWS + p * WIDTH);
      }
    }
  }

  /** The float32 scale of 128 k, for each 32; the factor of {@link #eighths} is in it. */
  static void eighthsScale(long address, Panel panel, int at) {
    float scale = RowLanes.number(address);
    for (int i = 0; i < 4 * PackedFormat.ROWS; i++) {
      panel.scales[at + i / PackedFormat.ROWS * ROWS + i % PackedFormat.ROWS] = scale;
    }
  }
}
