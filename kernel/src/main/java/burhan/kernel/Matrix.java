package burhan.kernel;

/**
 * A weight {@code W [rows, cols]} as one kernel set keeps it, and the products a layer needs. A
 * layer never sees the bytes. Each output number is the same sum in the same order whatever else is
 * computed in the same call, so a row's result does not depend on its company.
 *
 * <p>Shapes: {@code T} tokens; all activations are row-major float32 arrays.
 */
public interface Matrix {
  /** Output width. */
  int rows();

  /** Input width. */
  int cols();

  /** Bytes of the stored weight. */
  long byteSize();

  /**
   * {@code y = x W^T} for {@code tokens} rows, by the most exact kernels.
   *
   * @param x [T, cols] from index {@code xAt}
   * @param y [T, rows] from index {@code yAt}, overwritten
   */
  void multiply(float[] x, int xAt, int tokens, float[] y, int yAt);

  /** The same by the kernels that suit what the rows belong to. */
  default void multiply(Phase phase, float[] x, int xAt, int tokens, float[] y, int yAt) {
    multiply(x, xAt, tokens, y, yAt);
  }
}
