package burhan.model;

import burhan.kernel.Matrix;
import burhan.tensor.BlockScales;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * The two halves of latent attention's {@code kv_b}, head by head, as the absorbed form wants them.
 * GGUF files hold them so; from the one matrix [H * (nope + v), R] of other files the keys are
 * transposed, in the stored type where its numbers stay what they are, else as float32.
 *
 * @param keys for each head [R, nope]
 * @param values for each head [v, R]
 */
record LatentExpansion(Matrix[] keys, Matrix[] values) {
  static LatentExpansion load(Layers layers, String at, DeepSeekConfig c) {
    int heads = c.numAttentionHeads();
    int nope = c.qkNopeHeadDim();
    int value = c.vHeadDim();
    int rank = c.kvLoraRank();
    Matrix[] keys = new Matrix[heads];
    Matrix[] values = new Matrix[heads];
    if (layers.has(at + "k_b_proj.weight")) {
      Tensor stackedKeys = layers.shaped(at + "k_b_proj.weight", heads, rank, nope);
      Tensor stackedValues = layers.shaped(at + "v_b_proj.weight", heads, value, rank);
      for (int h = 0; h < heads; h++) {
        keys[h] = layers.kernels().pack(stackedKeys.slice(h));
        values[h] = layers.kernels().pack(stackedValues.slice(h));
      }
      return new LatentExpansion(keys, values);
    }
    Tensor both = layers.shaped(at + "kv_b_proj.weight", (long) heads * (nope + value), rank);
    for (int h = 0; h < heads; h++) {
      long first = (long) h * (nope + value);
      keys[h] = layers.kernels().pack(transposed(both.slice(first, nope)));
      values[h] = layers.kernels().pack(both.slice(first + nope, value));
    }
    return new LatentExpansion(keys, values);
  }

  private static Tensor transposed(Tensor matrix) {
    int rows = Math.toIntExact(matrix.dim(0));
    int cols = Math.toIntExact(matrix.dim(1));
    BlockScales scales = matrix.scales();
    boolean isPlain =
        switch (matrix.type()) {
          case BF16, F16, F8_E4M3 -> scales == null || isOneBlockHigh(scales, rows);
          default -> false;
        };
    if (!isPlain) {
      float[] from = matrix.toFloats();
      float[] to = new float[from.length];
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < cols; c++) {
          to[c * rows + r] = from[r * cols + c];
        }
      }
      return Tensor.of(matrix.name(), to, cols, rows);
    }
    int bytes = matrix.type().blockBytes();
    MemorySegment to = MemorySegment.ofArray(new byte[Math.multiplyExact(rows * cols, bytes)]);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        long from = ((long) r * cols + c) * bytes;
        MemorySegment.copy(matrix.data(), from, to, ((long) c * rows + r) * bytes, bytes);
      }
    }
    Tensor result = new Tensor(matrix.name(), matrix.type(), new long[] {cols, rows}, to);
    if (scales == null) {
      return result;
    }
    float[] factors = new float[Math.ceilDiv(cols, scales.blockCols())];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = scales.at(0, i * scales.blockCols());
    }
    Tensor column = Tensor.of(matrix.name() + " scales", factors, factors.length, 1);
    return result.scaledBy(column, scales.blockCols(), scales.blockRows());
  }

  private static boolean isOneBlockHigh(BlockScales scales, int rows) {
    return scales.firstRow() / scales.blockRows()
        == (scales.firstRow() + rows - 1) / scales.blockRows();
  }
}
