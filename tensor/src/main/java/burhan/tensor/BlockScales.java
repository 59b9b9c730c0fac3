package burhan.tensor;

/**
 * Scales of blocks of rows and columns, as DeepSeek stores FP8 weights: a block's numbers are
 * multiplied with its scale, whatever "inv" the checkpoint's name for it says.
 */
public final class BlockScales {
  private final float[] factors; // [row blocks, perRow]
  private final int perRow;
  private final int blockRows;
  private final int blockCols;
  private final long firstRow;

  /**
   * @param firstRow of the tensor within the scaled whole
   */
  BlockScales(float[] factors, int perRow, int blockRows, int blockCols, long firstRow) {
    this.factors = factors;
    this.perRow = perRow;
    this.blockRows = blockRows;
    this.blockCols = blockCols;
    this.firstRow = firstRow;
  }

  /** Rows that share a scale. */
  public int blockRows() {
    return blockRows;
  }

  /** Columns that share a scale. */
  public int blockCols() {
    return blockCols;
  }

  /** Where the tensor's first row lies among the scaled ones. */
  public long firstRow() {
    return firstRow;
  }

  /** The scale of one number. */
  public float at(long row, int col) {
    return factors[block(row) + col / blockCols];
  }

  private int block(long row) {
    return Math.toIntExact((firstRow + row) / blockRows) * perRow;
  }

  void multiply(long row, float[] out, int at, int cols) {
    int block = block(row);
    for (int from = 0; from < cols; from += blockCols, block++) {
      float factor = factors[block];
      for (int i = at + from, end = at + Math.min(cols, from + blockCols); i < end; i++) {
        out[i] *= factor;
      }
    }
  }

  BlockScales from(long row) {
    return new BlockScales(factors, perRow, blockRows, blockCols, firstRow + row);
  }
}
