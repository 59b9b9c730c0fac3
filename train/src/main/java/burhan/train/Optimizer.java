package burhan.train;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * AdamW on the two flat vectors (Loshchilov and Hutter 2019, algorithm 2): decoupled decay on
 * matrices only, gradients clipped to a joint norm; or Muon for the maps inside the blocks and
 * AdamW for the rest. Knows no model and no schedule.
 */
public final class Optimizer {
  private static final double EPSILON = 1e-8;

  /** Which rule moves the linear maps inside the blocks. */
  public enum Rule {
    ADAMW,
    MUON
  }

  private final Parameters parameters;
  private final Map<String, Tensor> moments = new LinkedHashMap<>();
  private final double beta1;
  private final double beta2;
  private final double decay;
  private final @Nullable Muon muon;

  /** Runs of the flat matrices that AdamW moves: {offset, length}. */
  private final List<long[]> adamRuns;

  Optimizer(Parameters parameters, Rule rule, double beta1, double beta2, double decay) {
    this.parameters = parameters;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.decay = decay;
    muon = rule == Rule.MUON ? new Muon(parameters.layout()) : null;
    adamRuns = runs(parameters.layout(), rule);
    try (NoGradGuard _ = new NoGradGuard()) {
      for (String moment : List.of("first", "second")) {
        moments.put("matrices." + moment, zeros_like(parameters.matrices()));
        moments.put("gains." + moment, zeros_like(parameters.gains()));
      }
    }
  }

  private static List<long[]> runs(ParameterLayout layout, Rule rule) {
    List<long[]> runs = new ArrayList<>();
    for (ParameterLayout.Slot slot : layout.matrices()) {
      if (rule == Rule.MUON && slot.isHidden()) {
        continue;
      }
      long[] last = runs.isEmpty() ? null : runs.getLast();
      if (last != null && last[0] + last[1] == slot.offset()) {
        last[1] += slot.size();
      } else {
        runs.add(new long[] {slot.offset(), slot.size()});
      }
    }
    return runs;
  }

  /** Moments in a fixed order, for checkpoints: names and flat tensors. */
  Map<String, Tensor> moments() {
    return moments;
  }

  private Tensor moment(String name) {
    Tensor t = moments.get(name);
    if (t == null) {
      throw new IllegalArgumentException(name);
    }
    return t;
  }

  /**
   * Clips, steps, and clears the gradients.
   *
   * @param step number of this update, from 1
   * @return the gradients' joint norm before clipping
   */
  double step(long step, double rate, double clip) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor matrices = parameters.matrices().mutable_grad();
      Tensor gains = parameters.gains().mutable_grad();
      double norm =
          Math.hypot(
              torch.linalg_vector_norm(matrices).item_double(),
              torch.linalg_vector_norm(gains).item_double());
      if (norm > clip) {
        matrices.mul_(new Scalar(clip / norm));
        gains.mul_(new Scalar(clip / norm));
      }
      Tensor values = parameters.matrices().detach();
      Tensor first = moment("matrices.first");
      Tensor second = moment("matrices.second");
      for (long[] run : adamRuns) {
        adam(
            values.narrow(0, run[0], run[1]),
            matrices.narrow(0, run[0], run[1]),
            first.narrow(0, run[0], run[1]),
            second.narrow(0, run[0], run[1]),
            step,
            rate,
            decay);
      }
      if (muon != null) {
        muon.step(values, matrices, first, rate, decay);
      }
      adam(
          parameters.gains().detach(),
          gains,
          moment("gains.first"),
          moment("gains.second"),
          step,
          rate,
          0);
      matrices.zero_();
      gains.zero_();
      return norm;
    }
  }

  private void adam(
      Tensor values, Tensor g, Tensor first, Tensor second, long step, double rate, double wd) {
    first.mul_(new Scalar(beta1)).add_(g, new Scalar(1 - beta1));
    second.mul_(new Scalar(beta2)).addcmul_(g, g, new Scalar(1 - beta2));
    double correction1 = 1 - Math.pow(beta1, (double) step);
    double correction2 = Math.sqrt(1 - Math.pow(beta2, (double) step));
    Tensor denominator = second.sqrt().div_(new Scalar(correction2)).add_(new Scalar(EPSILON));
    if (wd > 0) {
      values.mul_(new Scalar(1 - rate * wd));
    }
    values.addcdiv_(first, denominator, new Scalar(-rate / correction1));
  }
}
