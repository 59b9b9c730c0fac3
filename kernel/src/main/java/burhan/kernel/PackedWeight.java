package burhan.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A weight in groups of sixteen rows.
 *
 * @param rows of the weight; the last group is filled up with zeros
 * @param units of a group
 * @param data all groups, one behind the other, aligned to a line
 */
record PackedWeight(PackedFormat format, int rows, int cols, int units, MemorySegment data) {
  static int units(PackedFormat format, int cols) {
    return Math.ceilDiv(cols, format.unitCols());
  }

  static int groups(int rows) {
    return Math.ceilDiv(rows, PackedFormat.ROWS);
  }

  /** Bytes that a weight of this size takes. */
  static long byteSize(PackedFormat format, int rows, int cols) {
    return (long) groups(rows) * units(format, cols) * format.unitBytes();
  }

  int groups() {
    return groups(rows);
  }

  /** Bytes of one group. */
  long groupBytes() {
    return (long) units * format.unitBytes();
  }

  /** Numbers of a row, with those that fill up the last unit. */
  int paddedCols() {
    return units * format.unitCols();
  }
}
