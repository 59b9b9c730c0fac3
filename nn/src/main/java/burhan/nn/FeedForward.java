package burhan.nn;

/** The second half of a block: a dense SwiGLU or routed experts. */
public sealed interface FeedForward permits SwiGlu, Experts {
  /**
   * @param x [rows, width], normalised
   * @param y [rows, width], overwritten
   */
  void forward(float[] x, int rows, float[] y);
}
