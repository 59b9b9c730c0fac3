package burhan.train;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * AdamW on the two flat vectors: decoupled decay on matrices only, gradients clipped to a joint
 * norm. Knows no model and no schedule. (Loshchilov and Hutter 2019, algorithm 2.)
 */
final class Optimizer {
  private static final double EPSILON = 1e-8;

  /** One flat vector with its two moments. */
  private record Group(Tensor values, Tensor first, Tensor second, double decay) {
    static Group of(Tensor values, double decay) {
      try (NoGradGuard none = new NoGradGuard()) {
        return new Group(values, zeros_like(values), zeros_like(values), decay);
      }
    }
  }

  private final Group[] groups;
  private final double beta1;
  private final double beta2;

  Optimizer(Parameters parameters, double beta1, double beta2, double decay) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    groups =
        new Group[] {Group.of(parameters.matrices(), decay), Group.of(parameters.gains(), 0)};
  }

  /** Moments in a fixed order, for checkpoints: names and flat tensors. */
  java.util.Map<String, Tensor> moments() {
    java.util.Map<String, Tensor> out = new java.util.LinkedHashMap<>();
    out.put("matrices.first", groups[0].first());
    out.put("matrices.second", groups[0].second());
    out.put("gains.first", groups[1].first());
    out.put("gains.second", groups[1].second());
    return out;
  }

  /**
   * Clips, steps, and clears the gradients.
   *
   * @param step number of this update, from 1
   * @return the gradients' joint norm before clipping
   */
  double step(long step, double learningRate, double clip) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard none = new NoGradGuard()) {
      double squares = 0;
      for (Group g : groups) {
        double n = torch.linalg_vector_norm(g.values().grad()).item_double();
        squares += n * n;
      }
      double norm = Math.sqrt(squares);
      double shrink = norm > clip ? clip / (norm + 1e-6) : 1;
      for (Group g : groups) {
        update(g, step, learningRate, shrink);
        g.values().mutable_grad().zero_();
      }
      return norm;
    }
  }

  private void update(Group g, long step, double learningRate, double shrink) {
    Tensor gradient = g.values().mutable_grad();
    if (shrink != 1) {
      gradient.mul_(new Scalar(shrink));
    }
    g.first().mul_(new Scalar(beta1)).add_(gradient, new Scalar(1 - beta1));
    g.second().mul_(new Scalar(beta2)).addcmul_(gradient, gradient, new Scalar(1 - beta2));
    double correction1 = 1 - Math.pow(beta1, step);
    double correction2 = Math.sqrt(1 - Math.pow(beta2, step));
    Tensor denominator =
        g.second().sqrt().div_(new Scalar(correction2)).add_(new Scalar(EPSILON));
    if (g.decay() > 0) {
      g.values().mul_(new Scalar(1 - learningRate * g.decay()));
    }
    g.values().addcdiv_(g.first(), denominator, new Scalar(-learningRate / correction1));
  }
}
