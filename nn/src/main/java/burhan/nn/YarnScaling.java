package burhan.nn;

/**
 * YaRN context extension, as in {@code rope_scaling} of a DeepSeek config. Knows the formulas that
 * turn it into frequencies and scales; applies nothing.
 *
 * @param factor how many times the context was stretched
 * @param originalContext positions before stretching, L0
 * @param betaFast rotations over L0 above which a frequency is kept
 * @param betaSlow rotations over L0 below which a frequency is divided by the factor
 * @param mscale magnitude of cos and sin
 * @param mscaleAllDim magnitude of the softmax scale
 */
public record YarnScaling(
    double factor,
    int originalContext,
    double betaFast,
    double betaSlow,
    double mscale,
    double mscaleAllDim)
    implements RopeScaling {

  /** {@code 0.1 m ln(factor) + 1}. */
  private double magnitude(double m) {
    return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
  }

  /** 1 where both mscale keys are equal. */
  @Override
  public double rotationScale() {
    return magnitude(mscale) / magnitude(mscaleAllDim);
  }

  /** What {@code 1/sqrt(head dim)} is multiplied with: m squared. */
  public double softmaxScale() {
    double m = magnitude(mscaleAllDim);
    return m * m;
  }

  /** Kept below the low pair, divided by the factor above the high one, linear between. */
  @Override
  public void stretch(double[] frequencies, double base) {
    int dim = 2 * frequencies.length;
    double low = Math.max(Math.floor(pairOf(betaFast, dim, base)), 0);
    double high = Math.min(Math.ceil(pairOf(betaSlow, dim, base)), dim - 1);
    if (low == high) {
      high += 0.001; // as DeepSeek's code does: no division by zero
    }
    for (int i = 0; i < frequencies.length; i++) {
      double ramp = Math.clamp((i - low) / (high - low), 0.0, 1.0);
      frequencies[i] = frequencies[i] * (1 - ramp) + frequencies[i] / factor * ramp;
    }
  }

  /** The pair that turns {@code rotations} times over the original context. */
  private double pairOf(double rotations, int dim, double base) {
    return dim * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(base));
  }
}
