package burhan.nn;

import burhan.kernel.Kernels;
import burhan.kernel.Matrix;

/** {@code y = W_down (silu(W_gate x) * W_up x)}. */
public final class SwiGlu implements FeedForward {
  private final Kernels kernels;
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
  public void forward(float[] x, int rows, float[] y) {
    forward(x, 0, rows, y);
  }

  /** The same for rows that begin at index {@code xAt}; {@code y} begins at 0. */
  void forward(float[] x, int xAt, int rows, float[] y) {
    int inner = gate.rows();
    float[] g = scratch.floats(Scratch.Slot.FFN_GATE, rows * inner);
    float[] u = scratch.floats(Scratch.Slot.FFN_UP, rows * inner);
    gate.multiply(x, xAt, rows, g, 0);
    up.multiply(x, xAt, rows, u, 0);
    kernels.swiglu(g, 0, u, 0, rows * inner);
    down.multiply(g, 0, rows, y, 0);
  }
}
