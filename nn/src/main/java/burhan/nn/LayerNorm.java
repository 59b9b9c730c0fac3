package burhan.nn;

/**
 * Layer norm over rows, without bias: {@code y_i = gain_i * (x_i - mean) / sqrt(variance + eps)}.
 *
 * @param gain [width]
 */
public record LayerNorm(float[] gain, float eps) implements Norm {
  @Override
  public int width() {
    return gain.length;
  }

  @Override
  public void forward(float[] x, int rows, float[] y) {
    for (int r = 0; r < rows; r++) {
      one(x, r * gain.length, y);
    }
  }

  private void one(float[] x, int at, float[] y) {
    double sum = 0;
    for (int i = 0; i < gain.length; i++) {
      sum += x[at + i];
    }
    double mean = sum / gain.length;
    double squares = 0;
    for (int i = 0; i < gain.length; i++) {
      squares += (x[at + i] - mean) * (x[at + i] - mean);
    }
    double scale = 1 / Math.sqrt(squares / gain.length + eps);
    for (int i = 0; i < gain.length; i++) {
      y[at + i] = (float) ((x[at + i] - mean) * scale * gain[i]);
    }
  }
}
