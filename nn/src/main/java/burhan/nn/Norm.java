package burhan.nn;

/** A normalisation of rows with a gain. */
public sealed interface Norm permits RmsNorm, LayerNorm {
  /** Numbers per row. */
  int width();

  /**
   * @param x [rows, width]; may be {@code y}
   * @param y [rows, width]
   */
  void forward(float[] x, int rows, float[] y);
}
