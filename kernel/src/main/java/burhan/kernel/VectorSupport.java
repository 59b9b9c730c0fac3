package burhan.kernel;

import jdk.incubator.vector.FloatVector;

/** Asks for the Vector API once, where its absence can still be answered with a sentence. */
final class VectorSupport {
  /** Float lanes of the preferred vector; 0 without the module {@code jdk.incubator.vector}. */
  static final int LANES = lanes();

  private VectorSupport() {}

  private static int lanes() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return 0;
    }
    return FloatVector.SPECIES_PREFERRED.length();
  }
}
