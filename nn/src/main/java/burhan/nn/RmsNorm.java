package burhan.nn;

import burhan.kernel.Kernels;

/**
 * RMSNorm over rows: {@code y_i = gain_i * x_i / sqrt(mean(x^2) + eps)}.
 *
 * @param gain [width]
 */
public record RmsNorm(Kernels kernels, float[] gain, float eps) implements Norm {
  @Override
  public int width() {
    return gain.length;
  }

  @Override
  public void forward(float[] x, int rows, float[] y) {
    int width = gain.length;
    for (int r = 0; r < rows; r++) {
      kernels.rmsNorm(x, r * width, gain, eps, y, r * width, width);
    }
  }
}
