package burhan.nn;

import burhan.kernel.Matrix;
import burhan.kernel.Phase;
import burhan.kernel.Product;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = W x + b}.
 *
 * @param weight [out, in]
 * @param bias [out], or null
 */
public record Linear(Matrix weight, float @Nullable [] bias) {
  /** Output width. */
  public int rows() {
    return weight.rows();
  }

  /**
   * @param phase what the rows belong to
   * @param x [rows, in]
   * @param y [rows, out], overwritten
   */
  void forward(Phase phase, float[] x, int rows, float[] y) {
    weight.multiply(phase, x, 0, rows, y, 0);
    addBias(rows, y);
  }

  /** The product alone, to be run together with others before {@link #addBias}. */
  void enter(Phase phase, Product product, float[] x, int rows, float[] y) {
    product.set(phase, weight, x, 0, rows, y, 0);
  }

  void addBias(int rows, float[] y) {
    if (bias != null) {
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < bias.length; i++) {
          y[r * bias.length + i] += bias[i];
        }
      }
    }
  }
}
