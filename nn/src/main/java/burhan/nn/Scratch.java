package burhan.nn;

import java.util.EnumMap;
import java.util.Map;

/**
 * Buffers that the layers of one model share and reuse from step to step, so that a step allocates
 * nothing once they have grown. A buffer is free again when the layer that asked for it returns.
 */
public final class Scratch {
  enum Slot {
    FFN_GATE,
    FFN_UP,
    EXPERT_IN,
    EXPERT_OUT,
    ROUTER,
    QUERY_LATENT,
    QUERY,
    KEY_VALUE_LATENT,
    KEY,
    VALUE,
    HEADS,
    ABSORBED,
    ATTENDED,
    BY_HEAD_IN,
    BY_HEAD_OUT,
    NORMED,
    BRANCH
  }

  private final Map<Slot, float[]> buffers = new EnumMap<>(Slot.class);

  /** At least {@code size} floats with undefined content. */
  float[] floats(Slot slot, int size) {
    float[] buffer = buffers.get(slot);
    if (buffer == null || buffer.length < size) {
      buffer = new float[size];
      buffers.put(slot, buffer);
    }
    return buffer;
  }
}
