package burhan.train;

import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * Draws a new model's matrices: normal with the layout's standard deviation, each parameter from a
 * stream of its own, so that a parameter's values depend on the seed and its name alone.
 */
final class FirstValues {
  private FirstValues() {}

  static void draw(
      ParameterLayout layout, long seed, BiConsumer<ParameterLayout.Slot, float[]> write) {
    for (ParameterLayout.Slot slot : layout.matrices()) {
      SplittableRandom rng = new SplittableRandom(seed * 31 + slot.name().hashCode());
      float[] values = new float[Math.toIntExact(slot.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (rng.nextGaussian() * slot.initStd());
      }
      write.accept(slot, values);
    }
  }
}
