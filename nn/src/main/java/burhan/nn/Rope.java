package burhan.nn;

import java.util.Arrays;

/**
 * Rotary position embedding. Knows frequencies, positions and which numbers form a pair; knows no
 * heads.
 */
public final class Rope {
  /** Which two numbers of a head turn together; it depends on how a file's rows are ordered. */
  public enum Layout {
    /** (2i, 2i+1): DeepSeek's weights, and Llama's in GGUF, whose rows are permuted for it. */
    INTERLEAVED,
    /** (i, i + dim/2): the others. */
    HALF_SPLIT
  }

  private final int dim;
  private final Layout layout;
  private final double[] frequencies; // [dim / 2], radians per position
  private final double scale;
  private float[] cos = new float[0]; // [positions, dim / 2]
  private float[] sin = new float[0];

  /**
   * @param dim rotated numbers per head
   * @param scaling how the context was stretched
   */
  public Rope(int dim, double base, Layout layout, RopeScaling scaling) {
    this.dim = dim;
    this.layout = layout;
    this.frequencies = new double[dim / 2];
    Arrays.setAll(frequencies, i -> Math.pow(base, -2.0 * i / dim));
    scaling.stretch(frequencies, base);
    this.scale = scaling.rotationScale();
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
      int first = layout == Layout.INTERLEAVED ? at + 2 * i : at + i;
      int second = layout == Layout.INTERLEAVED ? first + 1 : first + half;
      float a = x[first];
      float b = x[second];
      x[first] = a * c - b * s;
      x[second] = a * s + b * c;
    }
  }
}
