package burhan.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some k of one or two groups of rows as floats, [k, rows] in a buffer that stays in the
 * first-level cache: cut out of its lines once, then multiplied with many tokens by {@link
 * PanelProduct}, which knows no format.
 */
@SuppressWarnings("NarrowCalculation") // places within a unit or a chunk, far below an int
final class Panel {
  /** Rows side by side: two vectors, and whole groups. */
  static final int ROWS = Math.max(PackedFormat.ROWS, 2 * RowLanes.WIDTH);

  /** Most numbers of a row. */
  static final int COLS = 256;

  private static final int SHORTEST_BLOCK = 16;
  private static final int LINE = PackedFormat.LINE;
  private static final int K_HEADER = 320;

  /** [k, rows]. */
  final float[] numbers = new float[COLS * ROWS];

  /** [block, rows]. */
  final float[] scales = new float[COLS / SHORTEST_BLOCK * ROWS];

  /** [block, rows]: what each activation of a block is multiplied with in addition. */
  final float[] offsets = new float[COLS / SHORTEST_BLOCK * ROWS];

  /** The scales of {@link #offsets}. */
  final float[] ones = new float[ROWS];

  private final PackedFormat format;
  private final List<Step> numberSteps = new ArrayList<>();
  private final List<Step> scaleSteps = new ArrayList<>();

  /** One of the loops of {@link Cutting}. */
  @FunctionalInterface
  interface Cut {
    void run(long address, Panel panel, int at);
  }

  /**
   * What is cut out of a unit, and where to.
   *
   * @param from bytes behind the unit's begin
   * @param to numbers, or blocks, behind the unit's first
   */
  record Step(Cut cut, int from, int to) {}

  Panel(PackedFormat format) {
    this.format = format;
    Arrays.fill(ones, 1);
    Arrays.fill(scales, 1);
    switch (format) {
      case Q8_0 -> {
        blocks(Cutting::bytes, 0, 8 * LINE, 2);
        scaleSteps.add(new Step(Cutting::byteScales, 16 * LINE, 0));
      }
      case Q4_0 -> {
        blocks(Cutting::nibbles, 0, 4 * LINE, 2);
        scaleSteps.add(new Step(Cutting::nibbleScales, 8 * LINE, 0));
      }
      case Q4_K -> {
        blocks(Cutting::nibbles, K_HEADER, 4 * LINE, 8);
        scaleSteps.add(new Step(Cutting::groupScales, 0, 0));
        scaleSteps.add(new Step(Cutting::groupOffsets, 0, 0));
      }
      case Q5_K -> {
        blocks(Cutting::fives, K_HEADER, 5 * LINE, 8);
        scaleSteps.add(new Step(Cutting::groupScales, 0, 0));
        scaleSteps.add(new Step(Cutting::groupOffsets, 0, 0));
      }
      case Q6_K -> {
        blocks(Cutting::sixes, K_HEADER, 6 * LINE, 8);
        scaleSteps.add(new Step(Cutting::halfGroupScales, 0, 0));
        scaleSteps.add(new Step(Cutting::halfGroupOffsets, 0, 0));
      }
      case BF16 -> numberSteps.add(new Step(Cutting::bfloats, 0, 0));
      case F16 -> numberSteps.add(new Step(Cutting::halves, 0, 0));
      case F32 -> numberSteps.add(new Step(Cutting::floats, 0, 0));
      case FP8 -> {
        numberSteps.add(new Step(Cutting::eighths, 0, 0));
        scaleSteps.add(new Step(Cutting::eighthsScale, 128 * PackedFormat.ROWS, 0));
      }
    }
  }

  private void blocks(Cut cut, int from, int bytes, int count) {
    for (int b = 0; b < count; b++) {
      numberSteps.add(new Step(cut, from + b * bytes, 32 * b));
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
    for (int u = 0; u < units; u++) {
      long unit = address + (long) u * format.unitBytes();
      run(numberSteps, unit, u * format.unitCols() * ROWS + row);
      run(scaleSteps, unit, u * (format.unitCols() / block(format)) * ROWS + row);
    }
  }

  /** As {@link #unpack}, but only scales and offsets. */
  void unpackScales(long address, int units, int row) {
    for (int u = 0; u < units; u++) {
      long unit = address + (long) u * format.unitBytes();
      run(scaleSteps, unit, u * (format.unitCols() / block(format)) * ROWS + row);
    }
  }

  // The call of a loop through its interface is what keeps C2 from inlining several loops into one
  // method: with three or more behind one call it leaves them alone, and two are small enough.
  private void run(List<Step> steps, long unit, int at) {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      step.cut.run(unit + step.from, this, at + step.to * ROWS);
    }
  }
}
