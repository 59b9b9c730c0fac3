package burhan.kernel;

import burhan.tensor.Tensor;

/**
 * The reference: plain loops with double accumulators over the stored rows. Slow on purpose, and
 * kept for ever; every other kernel set is tested against it.
 */
public final class ScalarKernels implements Kernels {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Matrix pack(Tensor weight) {
    return new StoredMatrix(weight);
  }

  @Override
  public float dot(float[] a, int aAt, float[] b, int bAt, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) a[aAt + i] * b[bAt + i];
    }
    return (float) sum;
  }

  @Override
  public void addScaled(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] += scale * x[xAt + i];
    }
  }

  @Override
  public void rmsNorm(float[] x, int xAt, float[] gain, float eps, float[] y, int yAt, int n) {
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (double) x[xAt + i] * x[xAt + i];
    }
    double scale = 1 / Math.sqrt(squares / n + eps);
    for (int i = 0; i < n; i++) {
      y[yAt + i] = (float) (gain[i] * (x[xAt + i] * scale));
    }
  }

  @Override
  public void softmax(float[] x, int at, int n) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, x[at + i]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      x[at + i] = (float) Math.exp(x[at + i] - largest);
      sum += x[at + i];
    }
    for (int i = 0; i < n; i++) {
      x[at + i] = (float) (x[at + i] / sum);
    }
  }

  @Override
  public void swiglu(float[] gate, int gateAt, float[] up, int upAt, int n) {
    for (int i = 0; i < n; i++) {
      float g = gate[gateAt + i];
      gate[gateAt + i] = (float) (g / (1 + Math.exp(-g))) * up[upAt + i];
    }
  }

  @Override
  public AttentionMemory newMemory(AttentionMemory.Shape shape) {
    return new RowMemory(this, shape);
  }

  @Override
  public int parts() {
    return 1;
  }

  @Override
  public void split(int items, long work, RangeBody body) {
    body.run(0, 0, items);
  }

  /** The bytes as they are in the file, decoded row by row at each use. */
  private static final class StoredMatrix implements Matrix {
    private final Tensor weight;
    private final int rows;
    private final int cols;

    StoredMatrix(Tensor weight) {
      this.weight = weight;
      this.rows = Math.toIntExact(weight.dim(0));
      this.cols = Math.toIntExact(weight.dim(1));
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public int cols() {
      return cols;
    }

    @Override
    public long byteSize() {
      return weight.byteSize();
    }

    @Override
    public void multiply(float[] x, int xAt, int tokens, float[] y, int yAt) {
      float[] w = new float[cols];
      for (int r = 0; r < rows; r++) {
        weight.row(r, w, 0);
        for (int t = 0; t < tokens; t++) {
          y[yAt + t * rows + r] = dotRow(w, x, xAt + t * cols);
        }
      }
    }

    private float dotRow(float[] w, float[] x, int xAt) {
      double sum = 0;
      for (int i = 0; i < cols; i++) {
        sum += (double) w[i] * x[xAt + i];
      }
      return (float) sum;
    }
  }
}
