package burhan.nn;

import burhan.kernel.Phase;

/** The second half of a block: a dense SwiGLU or routed experts. */
public sealed interface FeedForward permits SwiGlu, Experts {
  /**
   * @param phase what the rows belong to
   * @param x [rows, width], normalised
   * @param y [rows, width], overwritten
   */
  void forward(Phase phase, float[] x, int rows, float[] y);
}
