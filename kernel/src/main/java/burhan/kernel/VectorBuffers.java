package burhan.kernel;

import java.util.EnumMap;
import java.util.Map;

/** What one thread needs for products of packed weights: grown and never given back. */
final class VectorBuffers {
  private final Map<PackedFormat, Panel> panels = new EnumMap<>(PackedFormat.class);
  private final Activations activations = new Activations();
  private final PanelProduct product = new PanelProduct();
  private float[] sums = {};

  Activations activations() {
    return activations;
  }

  PanelProduct product() {
    return product;
  }

  Panel panel(PackedFormat format) {
    return panels.computeIfAbsent(format, Panel::new);
  }

  /** At least {@code count} floats with undefined content. */
  float[] sums(int count) {
    if (sums.length < count) {
      sums = new float[count];
    }
    return sums;
  }
}
