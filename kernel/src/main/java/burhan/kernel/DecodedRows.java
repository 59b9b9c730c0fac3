package burhan.kernel;

import burhan.tensor.Tensor;

/**
 * Any float type without a kernel of its own: each row is decoded by the scalar decoder into a
 * buffer of the thread, then multiplied as float32. Slower, never wrong, and the file stays mapped.
 */
final class DecodedRows extends RowMatrix {
  private final Tensor weight;
  private final ThreadLocal<float[]> decoded;

  DecodedRows(Tensor weight, Workers workers) {
    super(weight, workers);
    this.weight = weight;
    this.decoded = ThreadLocal.withInitial(() -> new float[cols]);
  }

  private float[] decode(int row) {
    float[] w = decoded.get();
    weight.row(row, w, 0);
    return w;
  }

  @Override
  float oneRow(int row, float[] x, int xAt) {
    return VectorKernels.dotFloats(decode(row), 0, x, xAt, cols);
  }

  @Override
  void fourRows(int row, float[] x, int xAt, float[] y, int yAt) {
    for (int r = 0; r < 4; r++) {
      y[yAt + r] = oneRow(row + r, x, xAt);
    }
  }

  @Override
  void fourTokens(int row, float[] x, int xAt, float[] y, int yAt) {
    float[] w = decode(row);
    for (int t = 0; t < 4; t++) {
      y[yAt + t * rows] = VectorKernels.dotFloats(w, 0, x, xAt + t * cols, cols);
    }
  }
}
