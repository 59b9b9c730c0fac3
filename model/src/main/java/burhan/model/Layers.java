package burhan.model;

import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import burhan.nn.Experts;
import burhan.nn.LayerNorm;
import burhan.nn.Linear;
import burhan.nn.Norm;
import burhan.nn.RmsNorm;
import burhan.nn.Router;
import burhan.nn.Scratch;
import burhan.nn.SwiGlu;
import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tensors to layers, each checked against the shape that the config demands. Knows names as Hugging
 * Face's Llama and DeepSeek classes have them, which every other naming is brought to; knows no
 * architecture.
 *
 * @param width of the model, D
 * @param normEps of the norms between layers
 */
record Layers(Weights weights, Kernels kernels, Scratch scratch, int width, float normEps) {
  static String layer(int index) {
    return "model.layers." + index + ".";
  }

  boolean has(String name) {
    return weights.find(name) != null;
  }

  Matrix matrix(String name, int rows, int cols) {
    return kernels.pack(shaped(name, rows, cols));
  }

  Linear linear(String name, int rows, int cols, boolean hasBias) {
    return new Linear(
        matrix(name + ".weight", rows, cols), hasBias ? vector(name + ".bias", rows) : null);
  }

  float[] vector(String name, int size) {
    return shaped(name, size).toFloats();
  }

  Norm norm(String name) {
    return norm(name, width, normEps);
  }

  RmsNorm norm(String name, int size, float eps) {
    return new RmsNorm(kernels, vector(name, size), eps);
  }

  Norm layerNorm(String name) {
    return new LayerNorm(vector(name, width), normEps);
  }

  /** The tensor of that name, which must hold floats in exactly this shape. */
  Tensor shaped(String name, long... shape) {
    Tensor tensor = weights.get(name);
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new BadInputException(
          "%s: tensor '%s' has the shape %s, but the config needs %s"
              .formatted(
                  weights.where(),
                  tensor.name(),
                  Arrays.toString(tensor.shape()),
                  Arrays.toString(shape)));
    }
    if (!tensor.type().isFloat()) {
      throw new BadInputException(
          "%s: %s holds no floats; the file is of another model"
              .formatted(weights.where(), tensor));
    }
    return tensor;
  }

  /** {@code gate_proj}, {@code up_proj} and {@code down_proj} behind {@code at}. */
  SwiGlu feedForward(String at, int inner) {
    return new SwiGlu(
        kernels,
        matrix(at + "gate_proj.weight", inner, width),
        matrix(at + "up_proj.weight", inner, width),
        matrix(at + "down_proj.weight", width, inner),
        scratch);
  }

  /** {@code gate}, {@code experts.E} and, with a width of its own, {@code shared_experts}. */
  Experts experts(
      String at, int count, int inner, int sharedInner, Router.Rule rule, float @Nullable [] bias) {
    SwiGlu[] routed = new SwiGlu[count];
    for (int e = 0; e < count; e++) {
      routed[e] = feedForward(at + "experts." + e + ".", inner);
    }
    return new Experts(
        kernels,
        new Router(matrix(at + "gate.weight", count, width), bias, rule),
        routed,
        sharedInner == 0 ? null : feedForward(at + "shared_experts.", sharedInner),
        width,
        scratch);
  }
}
