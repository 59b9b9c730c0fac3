package burhan.nn;

import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import burhan.kernel.Phase;
import burhan.kernel.Product;

/** {@code y = W_down (silu(W_gate x) * W_up x)}. */
public final class SwiGlu implements FeedForward {
  private final Kernels kernels;
  private final Product[] inward = {new Product(), new Product()};
  private final Matrix gate; // [inner, width]
  private final Matrix up; // [inner, width]
  private final Matrix down; // [width, inner]
  private final Scratch scratch;

  public SwiGlu(Kernels kernels, Matrix gate, Matrix up, Matrix down, Scratch scratch) {
    this.kernels = kernels;
    this.gate = gate;
    this.up = up;
    this.down = down;
    this.scratch = scratch;
  }

  @Override
  public void forward(Phase phase, float[] x, int rows, float[] y) {
    forward(phase, x, 0, rows, y);
  }

  /** The same for rows that begin at index {@code xAt}; {@code y} begins at 0. */
  void forward(Phase phase, float[] x, int xAt, int rows, float[] y) {
    int inner = gate.rows();
    float[] g = scratch.floats(Scratch.Slot.FFN_GATE, rows * inner);
    float[] u = scratch.floats(Scratch.Slot.FFN_UP, rows * inner);
    enter(phase, inward[0], inward[1], x, xAt, rows, g, u, 0);
    kernels.multiply(inward, 2);
    kernels.swiglu(g, 0, u, 0, rows * inner);
    down.multiply(phase, g, 0, rows, y, 0);
  }

  /** Width between the two halves. */
  int inner() {
    return gate.rows();
  }

  /** The first half's two products, to be run together with others. */
  void enter(
      Phase phase,
      Product first,
      Product second,
      float[] x,
      int xAt,
      int rows,
      float[] g,
      float[] u,
      int at) {
    first.set(phase, gate, x, xAt, rows, g, at);
    second.set(phase, up, x, xAt, rows, u, at);
  }

  /** The second half's product. */
  void leave(Phase phase, Product product, float[] g, int at, int rows, float[] y, int yAt) {
    product.set(phase, down, g, at, rows, y, yAt);
  }
}
