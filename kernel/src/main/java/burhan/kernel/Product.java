package burhan.kernel;

import org.jspecify.annotations.Nullable;

/**
 * One of several products that run together: a weight, the rows it meets and where the result goes.
 * Made once and filled anew for each use, so that a step allocates nothing.
 */
public final class Product {
  @Nullable Matrix matrix;
  Phase phase = Phase.GENERATE;
  float[] x = {};
  int xAt;
  int tokens;
  float[] y = {};
  int yAt;
  // The activations as the kernels want them; theirs to use.
  long prepared;
  float[] ordered = {};

  /** {@link #set(Phase, Matrix, float[], int, int, float[], int)} by the most exact kernels. */
  public void set(Matrix weight, float[] from, int fromAt, int rows, float[] to, int toAt) {
    set(Phase.GENERATE, weight, from, fromAt, rows, to, toAt);
  }

  /**
   * {@code y = x W^T}, as {@link Matrix#multiply}.
   *
   * @param ofRows what the rows belong to
   * @param rows of x, at least one
   */
  public void set(
      Phase ofRows, Matrix weight, float[] from, int fromAt, int rows, float[] to, int toAt) {
    this.phase = ofRows;
    this.matrix = weight;
    this.x = from;
    this.xAt = fromAt;
    this.tokens = rows;
    this.y = to;
    this.yAt = toAt;
  }

  Matrix matrix() {
    Matrix m = matrix;
    if (m == null) {
      throw new IllegalStateException("the product was not set");
    }
    return m;
  }
}
