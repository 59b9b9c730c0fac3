package burhan.train;

import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.split_with_sizes;

import burhan.model.DeepSeekConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The trained numbers: one flat leaf for all matrices and one for all gains, so that the gradient,
 * clipping and the optimiser are each one call on one tensor; and the router's selection bias,
 * which no gradient reaches. Knows no forward pass.
 *
 * <p>Create it outside any PointerScope: it outlives every micro-batch.
 */
final class Parameters {
  private final DeepSeekConfig config;
  private final ParameterLayout layout;
  private final Tensor matrices; // [matrixElements]
  private final Tensor gains; // [gainElements]
  private final float[][] selectionBias; // [layers incl. MTP][experts]
  private final ScalarType precision;

  /**
   * @param precision Float, or Double for gradient checks
   * @param initStd standard deviation of fresh matrices
   * @param seed of the first values
   */
  Parameters(DeepSeekConfig config, ScalarType precision, double initStd, long seed) {
    this.config = config;
    this.precision = precision;
    layout = new ParameterLayout(config, initStd);
    matrices = vector(layout.matrixElements(), precision);
    gains = vector(layout.gainElements(), precision);
    gains.fill_(new Scalar(1.0));
    selectionBias =
        new float[config.numHiddenLayers() + config.numNextnPredictLayers()]
            [config.nRoutedExperts()];
    FirstValues.draw(layout, seed, this::writeMatrix);
    matrices.set_requires_grad(true);
    gains.set_requires_grad(true);
  }

  private static Tensor vector(long elements, ScalarType precision) {
    return empty(new long[] {elements}, new TensorOptions(precision), new MemoryFormatOptional());
  }

  DeepSeekConfig config() {
    return config;
  }

  ParameterLayout layout() {
    return layout;
  }

  ScalarType precision() {
    return precision;
  }

  Tensor matrices() {
    return matrices;
  }

  Tensor gains() {
    return gains;
  }

  /** Added to the scores of a layer's experts when choosing, never when weighing. */
  float[] selectionBias(int layer) {
    return selectionBias[layer];
  }

  /**
   * Views of the flat vectors under their checkpoint names, inside the autograd graph; one set per
   * micro-batch, freed with its PointerScope.
   *
   * @param compute element type of the matrices in products; gains keep their own
   */
  Map<String, Tensor> bind(ScalarType compute) {
    Map<String, Tensor> bound = new HashMap<>();
    split(compute == precision ? matrices : matrices.to(compute), layout.matrices(), bound);
    split(gains, layout.gains(), bound);
    return bound;
  }

  private static void split(
      Tensor flat, List<ParameterLayout.Slot> slots, Map<String, Tensor> bound) {
    long[] sizes = slots.stream().mapToLong(ParameterLayout.Slot::size).toArray();
    TensorVector parts = split_with_sizes(flat, sizes);
    for (int i = 0; i < sizes.length; i++) {
      ParameterLayout.Slot slot = slots.get(i);
      bound.put(slot.name(), parts.get(i).view(slot.shape()));
    }
  }

  /** Copies a parameter out, as float. */
  float[] read(ParameterLayout.Slot slot) {
    float[] out = new float[Math.toIntExact(slot.size())];
    Tensor flat = slot.matrix() ? matrices : gains;
    if (precision == ScalarType.Double) {
      java.nio.DoubleBuffer b = bytes(flat).asDoubleBuffer();
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) b.get(Math.toIntExact(slot.offset()) + i);
      }
    } else {
      bytes(flat).asFloatBuffer().get(Math.toIntExact(slot.offset()), out);
    }
    return out;
  }

  /** Overwrites a parameter. */
  void write(ParameterLayout.Slot slot, float[] values) {
    if (values.length != slot.size()) {
      throw new IllegalArgumentException(slot.name() + ": " + values.length + " values");
    }
    Tensor flat = slot.matrix() ? matrices : gains;
    if (precision == ScalarType.Double) {
      java.nio.DoubleBuffer b = bytes(flat).asDoubleBuffer();
      for (int i = 0; i < values.length; i++) {
        b.put(Math.toIntExact(slot.offset()) + i, values[i]);
      }
    } else {
      bytes(flat).asFloatBuffer().put(Math.toIntExact(slot.offset()), values);
    }
  }

  private void writeMatrix(ParameterLayout.Slot slot, float[] values) {
    write(slot, values);
  }

  /** The memory of a contiguous CPU tensor, native byte order; valid while the tensor lives. */
  static java.nio.ByteBuffer bytes(Tensor t) {
    return new BytePointer(t.data_ptr())
        .capacity(t.nbytes())
        .asByteBuffer()
        .order(java.nio.ByteOrder.nativeOrder());
  }
}
