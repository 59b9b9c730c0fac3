package burhan.nn;

/** How a context was stretched beyond what a model was first trained on. Knows frequencies only. */
public sealed interface RopeScaling permits YarnScaling, RopeScaling.Simple {
  /**
   * Changes the frequencies in place.
   *
   * @param frequencies [dim / 2], radians per position, before stretching
   * @param base rope_theta, which they come from
   */
  void stretch(double[] frequencies, double base);

  /** What cos and sin are multiplied with. */
  double rotationScale();

  /** The forms that change frequencies alone. */
  sealed interface Simple extends RopeScaling {
    @Override
    default double rotationScale() {
      return 1;
    }
  }

  /** No stretching. */
  record None() implements Simple {
    @Override
    public void stretch(double[] frequencies, double base) {}
  }

  /** {@code "linear"}: every frequency divided by the factor. */
  record Linear(double factor) implements Simple {
    @Override
    public void stretch(double[] frequencies, double base) {
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= factor;
      }
    }
  }

  /**
   * {@code "llama3"}: short wavelengths are kept, long ones divided by the factor, those between
   * mixed.
   *
   * @param originalContext positions before stretching
   * @param lowFactor wavelengths above originalContext / lowFactor are long
   * @param highFactor wavelengths below originalContext / highFactor are short
   */
  record Llama3(double factor, double lowFactor, double highFactor, int originalContext)
      implements Simple {
    @Override
    public void stretch(double[] frequencies, double base) {
      for (int i = 0; i < frequencies.length; i++) {
        double wavelength = 2 * Math.PI / frequencies[i];
        double kept = (originalContext / wavelength - lowFactor) / (highFactor - lowFactor);
        double share = Math.clamp(kept, 0.0, 1.0);
        frequencies[i] *= (1 - share) / factor + share;
      }
    }
  }

  /** Divisors that a file gives for each frequency, as GGUF does in {@code rope_freqs.weight}. */
  record Divisors(float[] divisors) implements Simple {
    @Override
    public void stretch(double[] frequencies, double base) {
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] /= divisors[i];
      }
    }
  }
}
