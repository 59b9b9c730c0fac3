package burhan.train;

import static org.bytedeco.pytorch.global.torch.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Muon: the momentum of a linear map, orthogonalised by five Newton-Schulz steps, is the direction
 * of its update (Jordan 2024); scaled by 0.2 sqrt(max(out, in)), which gives it the size of an
 * AdamW update, so both share one learning rate and one decay (Liu et al. 2025, "Muon is scalable",
 * equation 4). Embedding, head, router and gains stay with AdamW.
 *
 * <p>Maps of equal shape are orthogonalised together: one batched product instead of hundreds of
 * small ones.
 */
final class Muon {
  private static final double MOMENTUM = 0.95;
  private static final double[] SERIES = {3.4445, -4.7750, 2.0315};
  private static final int STEPS = 5;

  private final Map<String, List<ParameterLayout.Slot>> byShape = new LinkedHashMap<>();

  Muon(ParameterLayout layout) {
    for (ParameterLayout.Slot slot : layout.matrices()) {
      if (slot.isHidden()) {
        String shape = slot.shape()[0] + "x" + slot.shape()[1];
        byShape.computeIfAbsent(shape, s -> new ArrayList<>()).add(slot);
      }
    }
  }

  /**
   * @param values flat matrices, updated in place
   * @param gradient flat, already clipped
   * @param momentum flat, updated in place
   */
  void step(Tensor values, Tensor gradient, Tensor momentum, double rate, double decay) {
    for (List<ParameterLayout.Slot> slots : byShape.values()) {
      TensorVector directions = new TensorVector();
      for (ParameterLayout.Slot slot : slots) {
        Tensor g = view(gradient, slot);
        Tensor m = view(momentum, slot);
        m.mul_(new Scalar(MOMENTUM)).add_(g);
        directions.push_back(g.add(m, new Scalar(MOMENTUM)));
      }
      long[] shape = slots.getFirst().shape();
      Tensor updates = orthogonal(stack(directions, 0), shape[0] > shape[1]);
      double size = 0.2 * Math.sqrt((double) Math.max(shape[0], shape[1]));
      for (int i = 0; i < slots.size(); i++) {
        view(values, slots.get(i))
            .mul_(new Scalar(1 - rate * decay))
            .add_(updates.select(0, i), new Scalar(-rate * size));
      }
    }
  }

  private static Tensor view(Tensor flat, ParameterLayout.Slot slot) {
    return flat.narrow(0, slot.offset(), slot.size()).view(slot.shape());
  }

  private static Tensor orthogonal(Tensor x, boolean tall) {
    if (tall) {
      x = x.transpose(1, 2);
    }
    Tensor norm =
        x.square()
            .sum(new long[] {1, 2}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
            .sqrt()
            .add(new Scalar(1e-7));
    x = x.div(norm);
    for (int i = 0; i < STEPS; i++) {
      Tensor a = x.bmm(x.transpose(1, 2));
      Tensor b = a.mul(new Scalar(SERIES[1])).add(a.bmm(a), new Scalar(SERIES[2]));
      x = x.mul(new Scalar(SERIES[0])).add(b.bmm(x));
    }
    return tall ? x.transpose(1, 2) : x;
  }
}
