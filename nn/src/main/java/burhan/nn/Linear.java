package burhan.nn;

import burhan.kernel.Matrix;
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
   * @param x [rows, in]
   * @param y [rows, out], overwritten
   */
  void forward(float[] x, int rows, float[] y) {
    weight.multiply(x, 0, rows, y, 0);
    addBias(rows, y);
  }

  /** The product alone, to be run together with others before {@link #addBias}. */
  void enter(Product product, float[] x, int rows, float[] y) {
    product.set(weight, x, 0, rows, y, 0);
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
