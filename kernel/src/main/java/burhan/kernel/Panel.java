package burhan.kernel;

import static burhan.kernel.RowLanes.BYTES;
import static burhan.kernel.RowLanes.PARTS;
import static burhan.kernel.RowLanes.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Some k of one or two groups of rows as floats, [k, rows] in a buffer that stays in the
 * first-level cache: cut out of its lines once, then multiplied with many tokens by {@link
 * PanelProduct}, which knows no format.
 *
 * <p>Numbers are cut out where they lie in their lane, without shifting them down, so most are too
 * large by a power of two. For the bytes of Q8_0 that is in the scale; for nibbles {@link
 * Activations} has it, which depends on k alone. Both are exact.
 */
final class Panel {
  /** Rows side by side: two vectors, and whole groups. */
  static final int ROWS = Math.max(PackedFormat.ROWS, 2 * WIDTH);

  /** Most numbers of a row. */
  static final int COLS = 256;

  private static final int SHORTEST_BLOCK = 16;
  private static final int TOP_BYTE = 0xFF000000;
  private static final float TOP_BYTE_ONE = 1f / (1 << 24);
  private static final int LINE = PackedFormat.LINE;
  private static final int K_HEADER = 320;

  /** [k, rows], a block of k behind the other. */
  final float[] numbers = new float[COLS * ROWS];

  /** [block, rows]. */
  final float[] scales = new float[COLS / SHORTEST_BLOCK * ROWS];

  /** [block, rows]: what each activation of a block is multiplied with in addition. */
  final float[] offsets = new float[COLS / SHORTEST_BLOCK * ROWS];

  /** The scales of {@link #offsets}. */
  final float[] ones = new float[ROWS];

  private final PackedFormat format;

  Panel(PackedFormat format) {
    this.format = format;
    Arrays.fill(ones, 1);
    if (!format.isInteger()) {
      Arrays.fill(scales, 1);
    }
  }

  /** Numbers of a row that share a sum which is then scaled. */
  static int block(PackedFormat format) {
    return format == PackedFormat.Q6_K ? 16 : 32;
  }

  /** Whether a block has {@link #offsets}. */
  static boolean hasOffsets(PackedFormat format) {
    return format.isInteger() && format != PackedFormat.Q8_0;
  }

  /**
   * Cuts out {@code units} of a group into the rows from {@code row} on.
   *
   * @param address of the first unit
   */
  void unpack(long address, int units, int row) {
    for (int u = 0; u < units; u++, address += format.unitBytes()) {
      int at = u * format.unitCols() * ROWS + row;
      int block = u * (format.unitCols() / block(format)) * ROWS + row;
      switch (format) {
        case Q8_0 -> {
          bytes(address, numbers, at);
          bytes(address + 8 * LINE, numbers, at + 32 * ROWS);
          byteScales(address + 16 * LINE, scales, block);
        }
        case Q4_0 -> {
          nibbles(address, numbers, at);
          nibbles(address + 4 * LINE, numbers, at + 32 * ROWS);
          nibbleScales(address + 8 * LINE, scales, offsets, block);
        }
        case Q4_K -> {
          for (int b = 0; b < 8; b++) {
            nibbles(address + K_HEADER + b * 256, numbers, at + b * 32 * ROWS);
          }
          groupScales(address, scales, offsets, block);
        }
        case Q5_K -> {
          for (int b = 0; b < 8; b++) {
            fives(address + K_HEADER + b * 320, numbers, at + b * 32 * ROWS);
          }
          groupScales(address, scales, offsets, block);
        }
        case Q6_K -> {
          for (int b = 0; b < 8; b++) {
            sixes(address + K_HEADER + b * 384, numbers, at + b * 32 * ROWS);
          }
          halfGroupScales(address, scales, offsets, block);
        }
        case BF16 -> bfloats(address, numbers, at);
        case F16 -> halves(address, numbers, at);
        case F32 -> floats(address, numbers, at);
        case FP8 -> {
          eighths(address, numbers, at);
          blockScale(address + 128 * PackedFormat.ROWS, scales, block);
        }
      }
    }
  }

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
  private static void bytes(long address, float[] to, int at) {
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

  /** Two blocks' scales. */
  private static void byteScales(long address, float[] to, int at) {
    for (int p = 0; p < PARTS; p++) {
      long from = address + p * BYTES / 2;
      int k = at + p * WIDTH;
      RowLanes.halves(from).mul(TOP_BYTE_ONE).intoArray(to, k);
      RowLanes.halves(from + LINE / 2).mul(TOP_BYTE_ONE).intoArray(to, k + ROWS);
    }
  }

  /** 32 k of nibbles, too large by {@link Activations#FACTORS}. */
  private static void nibbles(long address, float[] to, int at) {
    for (int line = 0; line < 4; line++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = RowLanes.line(address + line * LINE + p * BYTES);
        int k = at + 8 * line * ROWS + p * WIDTH;
        put(w.and(0xF), to, k);
        put(w.and(0xF0000), to, k + ROWS);
        put(w.and(0xF0), to, k + 2 * ROWS);
        put(w.and(0xF00000), to, k + 3 * ROWS);
        put(w.and(0xF00), to, k + 4 * ROWS);
        put(w.and(0xF000000), to, k + 5 * ROWS);
        put(w.and(0xF000), to, k + 6 * ROWS);
        put(down(w, 28), to, k + 7 * ROWS);
      }
    }
  }

  /** Two blocks' scales; stored numbers are 8 too large. */
  private static void nibbleScales(long address, float[] scales, float[] offsets, int at) {
    for (int p = 0; p < PARTS; p++) {
      for (int block = 0; block < 2; block++) {
        FloatVector scale = RowLanes.halves(address + block * LINE / 2 + p * BYTES / 2);
        int k = at + block * ROWS + p * WIDTH;
        scale.intoArray(scales, k);
        scale.mul(-8f).intoArray(offsets, k);
      }
    }
  }

  /** As {@link #nibbles}, each with a fifth bit from the line behind them. */
  private static void fives(long address, float[] to, int at) {
    for (int line = 0; line < 4; line++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = RowLanes.line(address + line * LINE + p * BYTES);
        IntVector f = down(RowLanes.line(address + 4 * LINE + p * BYTES), 4 * line);
        five(w, f, to, at + 8 * line * ROWS + p * WIDTH);
      }
    }
  }

  private static void five(IntVector w, IntVector f, float[] to, int k) {
    IntVector first = up(f, 4);
    put(w.and(0xF).or(first.and(0x10)), to, k);
    put(w.and(0xF0000).or(first.and(0x100000)), to, k + ROWS);
    IntVector second = up(f, 7);
    put(w.and(0xF0).or(second.and(0x100)), to, k + 2 * ROWS);
    put(w.and(0xF00000).or(second.and(0x1000000)), to, k + 3 * ROWS);
    IntVector third = up(f, 10);
    put(w.and(0xF00).or(third.and(0x1000)), to, k + 4 * ROWS);
    put(w.and(0xF000000).or(third.and(0x10000000)), to, k + 5 * ROWS);
    put(w.and(0xF000).or(up(f, 13).and(0x10000)), to, k + 6 * ROWS);
    put(down(w, 28).or(down(f, 15).and(0x10)), to, k + 7 * ROWS);
  }

  /** As {@link #nibbles}, each with two upper bits from the two lines behind them. */
  private static void sixes(long address, float[] to, int at) {
    for (int line = 0; line < 4; line++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = RowLanes.line(address + line * LINE + p * BYTES);
        IntVector u = RowLanes.line(address + (4 + line / 2) * LINE + p * BYTES);
        six(w, down(u, line % 2 * 8), to, at + 8 * line * ROWS + p * WIDTH);
      }
    }
  }

  private static void six(IntVector w, IntVector u, float[] to, int k) {
    IntVector first = up(u, 4);
    put(w.and(0xF).or(first.and(0x30)), to, k);
    put(w.and(0xF0000).or(first.and(0x300000)), to, k + ROWS);
    IntVector second = up(u, 6);
    put(w.and(0xF0).or(second.and(0x300)), to, k + 2 * ROWS);
    put(w.and(0xF00000).or(second.and(0x3000000)), to, k + 3 * ROWS);
    IntVector third = up(u, 8);
    put(w.and(0xF00).or(third.and(0x3000)), to, k + 4 * ROWS);
    put(w.and(0xF000000).or(third.and(0x30000000)), to, k + 5 * ROWS);
    put(w.and(0xF000).or(up(u, 10).and(0x30000)), to, k + 6 * ROWS);
    put(down(w, 28).or(down(u, 18).and(0x30)), to, k + 7 * ROWS);
  }

  /** Q4_K, Q5_K: eight groups' scales, and the minima that are subtracted. */
  private static void groupScales(long address, float[] scales, float[] offsets, int at) {
    for (int p = 0; p < PARTS; p++) {
      FloatVector scale = RowLanes.halves(address + p * BYTES / 2);
      FloatVector minimum = RowLanes.halves(address + LINE / 2 + p * BYTES / 2).neg();
      long from = address + LINE + p * WIDTH;
      for (int g = 0; g < 8; g++) {
        int k = at + g * ROWS + p * WIDTH;
        scaled(from + g * PackedFormat.ROWS, scale).intoArray(scales, k);
        scaled(from + (8 + g) * PackedFormat.ROWS, minimum).intoArray(offsets, k);
      }
    }
  }

  /** Q6_K: sixteen groups' scales; stored numbers are 32 too large. */
  private static void halfGroupScales(long address, float[] scales, float[] offsets, int at) {
    for (int p = 0; p < PARTS; p++) {
      FloatVector scale = RowLanes.halves(address + p * BYTES / 2);
      long from = address + LINE + p * WIDTH;
      for (int g = 0; g < 16; g++) {
        FloatVector s = scaled(from + g * PackedFormat.ROWS, scale);
        s.intoArray(scales, at + g * ROWS + p * WIDTH);
        s.mul(-32f).intoArray(offsets, at + g * ROWS + p * WIDTH);
      }
    }
  }

  private static FloatVector scaled(long bytes, FloatVector scale) {
    return ((FloatVector) RowLanes.bytes(bytes).convert(VectorOperators.I2F, 0)).mul(scale);
  }

  private static void bfloats(long address, float[] to, int at) {
    for (int line = 0; line < 4; line++) {
      for (int p = 0; p < PARTS; p++) {
        IntVector w = RowLanes.line(address + line * LINE + p * BYTES);
        int k = at + 2 * line * ROWS + p * WIDTH;
        up(w, 16).reinterpretAsFloats().intoArray(to, k);
        w.and(0xFFFF0000).reinterpretAsFloats().intoArray(to, k + ROWS);
      }
    }
  }

  private static void halves(long address, float[] to, int at) {
    for (int k = 0; k < 8; k++) {
      for (int p = 0; p < PARTS; p++) {
        RowLanes.anyHalves(address + k * LINE / 2 + p * BYTES / 2)
            .intoArray(to, at + k * ROWS + p * WIDTH);
      }
    }
  }

  private static void floats(long address, float[] to, int at) {
    for (int k = 0; k < 8; k++) {
      for (int p = 0; p < PARTS; p++) {
        RowLanes.floats(address + k * LINE + p * BYTES).intoArray(to, at + k * ROWS + p * WIDTH);
      }
    }
  }

  private static void eighths(long address, float[] to, int at) {
    for (int k = 0; k < 128; k++) {
      for (int p = 0; p < PARTS; p++) {
        RowLanes.eighths(address + k * PackedFormat.ROWS + p * WIDTH)
            .intoArray(to, at + k * ROWS + p * WIDTH);
      }
    }
  }

  private static void blockScale(long address, float[] to, int at) {
    float scale = RowLanes.number(address);
    for (int block = 0; block < 4; block++) {
      int k = at + block * ROWS;
      Arrays.fill(to, k, k + PackedFormat.ROWS, scale);
    }
  }
}
