package burhan.nn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding on interleaved pairs (2i, 2i+1), the layout of DeepSeek's weights.
 * Knows frequencies and positions; knows no heads.
 */
public final class Rope {
  private final int dim;
  private final double[] frequencies; // [dim / 2], radians per position
  private final double scale;
  private float[] cos = new float[0]; // [positions, dim / 2]
  private float[] sin = new float[0];

  /**
   * @param dim rotated numbers per head
   * @param scaling YaRN, always applied when the config has it; null for none
   */
  public Rope(int dim, double base, @Nullable YarnScaling scaling) {
    this.dim = dim;
    if (scaling == null) {
      this.frequencies = new double[dim / 2];
      Arrays.setAll(frequencies, i -> Math.pow(base, -2.0 * i / dim));
      this.scale = 1;
    } else {
      this.frequencies = scaling.frequencies(dim, base);
      this.scale = scaling.rotationScale();
    }
  }

  /** Makes the tables reach {@code positions}; call before rotating from several threads. */
  public void prepare(int positions) {
    int half = dim / 2;
    int have = cos.length / half;
    if (positions <= have) {
      return;
    }
    int next = Math.max(positions, 2 * have);
    cos = Arrays.copyOf(cos, next * half);
    sin = Arrays.copyOf(sin, next * half);
    for (int p = have; p < next; p++) {
      for (int i = 0; i < half; i++) {
        double angle = p * frequencies[i];
        cos[p * half + i] = (float) (Math.cos(angle) * scale);
        sin[p * half + i] = (float) (Math.sin(angle) * scale);
      }
    }
  }

  /**
   * Rotates one head in place.
   *
   * @param x [dim] from index {@code at}
   */
  public void rotate(float[] x, int at, int position) {
    int half = dim / 2;
    for (int i = 0; i < half; i++) {
      float c = cos[position * half + i];
      float s = sin[position * half + i];
      float a = x[at + 2 * i];
      float b = x[at + 2 * i + 1];
      x[at + 2 * i] = a * c - b * s;
      x[at + 2 * i + 1] = a * s + b * c;
    }
  }
}
