package burhan.nn;

/** The first half of a block: rows look at what their sequence has seen. */
public sealed interface Attention permits LatentAttention, GroupedAttention {
  /**
   * @param x [rows, D], normalised
   * @param y [rows, D], overwritten
   */
  void forward(Batch batch, float[] x, float[] y);
}
