package burhan.kernel;

import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;

/**
 * A weight whose rows lie one after the other as in the file: how a product is cut into row ranges
 * for the workers and into small kernels. Knows no element type; the subclass has the inner loops.
 */
abstract sealed class RowMatrix extends SplitMatrix permits F32Rows, Bf16Rows, Q8Rows, DecodedRows {
  final int rows;
  final int cols;
  private final long byteSize;

  RowMatrix(Tensor weight, Workers workers) {
    super(workers);
    if (weight.rank() != 2) {
      throw new BadInputException(weight + ": a matrix needs two dimensions");
    }
    this.rows = Math.toIntExact(weight.dim(0));
    this.cols = Math.toIntExact(weight.dim(1));
    this.byteSize = weight.byteSize();
  }

  /**
   * {@code W[row] . x}, with the same order of sums as {@link #fourRows} and {@link #fourTokens}.
   */
  abstract float oneRow(int row, float[] x, int xAt);

  /** Four consecutive rows times one token. */
  abstract void fourRows(int row, float[] x, int xAt, float[] y, int yAt);

  /** One row times four consecutive tokens; {@code y} advances by {@link #rows} a token. */
  abstract void fourTokens(int row, float[] x, int xAt, float[] y, int yAt);

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int cols() {
    return cols;
  }

  @Override
  public final long byteSize() {
    return byteSize;
  }

  @Override
  final int units() {
    return rows;
  }

  @Override
  final void prepare(Product product) {
    product.ordered = ordered(product.x, product.xAt, product.tokens);
  }

  @Override
  final void range(Product product, int from, int to) {
    int at = reorders() ? 0 : product.xAt;
    range(from, to, product.ordered, at, product.tokens, product.y, product.yAt);
  }

  /** Whether {@link #ordered} brings activations into another order. */
  boolean reorders() {
    return false;
  }

  /**
   * Activations in the order in which the kernel meets the weights.
   *
   * @return {@code x} itself, or, if it reorders, a buffer of this thread that begins with them
   */
  float[] ordered(float[] x, int xAt, int tokens) {
    return x;
  }

  private void range(int from, int to, float[] x, int xAt, int tokens, float[] y, int yAt) {
    int t = 0;
    for (; t + 4 <= tokens; t += 4) {
      for (int r = from; r < to; r++) {
        fourTokens(r, x, xAt + t * cols, y, yAt + t * rows + r);
      }
    }
    for (; t < tokens; t++) {
      rowsOf(from, to, x, xAt + t * cols, y, yAt + t * rows + from);
    }
  }

  private void rowsOf(int from, int to, float[] x, int xAt, float[] y, int yAt) {
    int r = from;
    for (; r + 4 <= to; r += 4) {
      fourRows(r, x, xAt, y, yAt + r - from);
    }
    for (; r < to; r++) {
      y[yAt + r - from] = oneRow(r, x, xAt);
    }
  }
}
