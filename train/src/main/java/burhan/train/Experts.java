package burhan.train;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.gather;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.softmax;
import static org.bytedeco.pytorch.global.torch.split_with_sizes;
import static org.bytedeco.pytorch.global.torch.zeros;

import burhan.model.DeepSeekConfig;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * DeepSeekMoE (V3 report, equations 12-16): routed experts by bias-corrected choice, shared experts
 * always. No token is dropped.
 *
 * <p>The rows are sorted by expert and each expert multiplies its own run of them, so an uneven
 * load costs nothing; padding to the largest load would. The choice is made on the CPU from the
 * scores; on another device this means one wait per layer.
 */
final class Experts {
  private final DeepSeekConfig config;
  private final Router router;

  Experts(DeepSeekConfig config) {
    this.config = config;
    router = new Router(config);
  }

  /**
   * @param x [N, D], normalised, in compute precision
   * @param p name prefix of the layer's mlp
   * @param bias [E] selection bias of the layer
   * @param losses collects the layer's sequence-wise balance term
   * @return [N, D]
   */
  Tensor forward(Tensor x, String p, int layer, float[] bias, Pass pass, List<Tensor> losses) {
    Tensor gate = pass.weight(p + "gate.weight");
    Tensor logits = linear(router(x), router(gate));
    Tensor scores =
        config.scoringFunc().equals("softmax")
            ? softmax(logits, 1, new ScalarTypeOptional())
            : logits.sigmoid();
    int[] chosen = pass.routing().repeated(layer);
    if (chosen == null) {
      chosen = router.choose(floats(scores), bias);
    }
    pass.routing().record(layer, chosen, pass.batch().document());
    losses.add(balance(scores, chosen, pass.batch()));
    Tensor routed = dispatch(x, p, scores, chosen, pass);
    if (config.nSharedExperts() == 0) {
      return routed;
    }
    return routed.add(Block.feedForward(x, p + "shared_experts.", pass));
  }

  /** The gate's product runs in at least float32. */
  private static Tensor router(Tensor x) {
    return x.scalar_type().intern() == ScalarType.BFloat16 ? x.to(ScalarType.Float) : x;
  }

  private static float[] floats(Tensor scores) {
    Tensor f = scores.detach();
    if (f.scalar_type().intern() != ScalarType.Float) {
      f = f.to(ScalarType.Float);
    }
    f = f.contiguous();
    float[] out = new float[Math.toIntExact(f.numel())];
    Parameters.bytes(f).asFloatBuffer().get(out);
    return out;
  }

  private Tensor dispatch(Tensor x, String p, Tensor scores, int[] chosen, Pass pass) {
    int k = config.numExpertsPerTok();
    int experts = config.nRoutedExperts();
    int[] document = pass.batch().document();
    int[] offset = new int[experts + 1];
    for (int j = 0; j < chosen.length; j++) {
      if (document[j / k] >= 0) {
        offset[chosen[j] + 1]++;
      }
    }
    for (int e = 0; e < experts; e++) {
      offset[e + 1] += offset[e];
    }
    int[] next = offset.clone();
    long[] row = new long[offset[experts]]; // slot -> row of x
    long[] pick = new long[offset[experts]]; // slot -> index into the [N * k] weights
    for (int j = 0; j < chosen.length; j++) {
      if (document[j / k] >= 0) {
        int slot = next[chosen[j]]++;
        row[slot] = j / k;
        pick[slot] = j;
      }
    }
    Tensor rows = AbstractTensor.create(row);
    Tensor weights =
        weights(scores, chosen).view(-1, 1).index_select(0, AbstractTensor.create(pick));
    Tensor sorted = x.index_select(0, rows);
    Tensor out = eachExpert(sorted, p, offset, pass);
    Tensor weighted = out.mul(weights);
    return zeros(new long[] {x.size(0), x.size(1)}, new TensorOptions(weighted.scalar_type()))
        .index_add(0, rows, weighted, new Scalar(1.0));
  }

  private Tensor eachExpert(Tensor sorted, String p, int[] offset, Pass pass) {
    int experts = offset.length - 1;
    List<Integer> busy = new ArrayList<>();
    for (int e = 0; e < experts; e++) {
      if (offset[e + 1] > offset[e]) {
        busy.add(e);
      }
    }
    long[] sizes = busy.stream().mapToLong(e -> offset[e + 1] - offset[e]).toArray();
    TensorVector parts = split_with_sizes(sorted, sizes);
    TensorVector out = new TensorVector();
    for (int i = 0; i < sizes.length; i++) {
      out.push_back(Block.feedForward(parts.get(i), p + "experts." + busy.get(i) + ".", pass));
    }
    return cat(out, 0);
  }

  /** [N, k] weights of the chosen experts: unbiased scores, normalised and scaled. */
  private Tensor weights(Tensor scores, int[] chosen) {
    long[] index = new long[chosen.length];
    for (int j = 0; j < index.length; j++) {
      index[j] = chosen[j];
    }
    int k = config.numExpertsPerTok();
    Tensor w = gather(scores, 1, AbstractTensor.create(index, index.length / k, k));
    if (config.normTopkProb()) {
      w = w.div(w.sum(new long[] {1}, true, new ScalarTypeOptional()).add(new Scalar(1e-20)));
    }
    return w.mul(new Scalar(config.routedScalingFactor()));
  }

  /**
   * Sequence-wise balance loss of one layer before alpha (V3 report, equations 17-20), summed over
   * the documents of the batch: sum_i f_i P_i, with f_i = E / (k T) * tokens choosing i (no
   * gradient) and P_i the mean over the document of s_i / sum_j s_j.
   */
  private Tensor balance(Tensor scores, int[] chosen, PackedBatch batch) {
    int experts = config.nRoutedExperts();
    int k = config.numExpertsPerTok();
    int[] document = batch.document();
    float[] share = new float[batch.lengths().length * experts];
    for (int j = 0; j < chosen.length; j++) {
      int doc = document[j / k];
      if (doc >= 0) {
        share[doc * experts + chosen[j]] +=
            (float) experts / ((float) k * batch.lengths()[doc] * batch.lengths()[doc]);
      }
    }
    float[] factor = new float[document.length * experts];
    for (int r = 0; r < document.length; r++) {
      if (document[r] >= 0) {
        System.arraycopy(share, document[r] * experts, factor, r * experts, experts);
      }
    }
    Tensor f = AbstractTensor.create(factor, document.length, experts);
    if (scores.scalar_type().intern() != ScalarType.Float) {
      f = f.to(scores.scalar_type());
    }
    Tensor proportion = scores.div(scores.sum(new long[] {1}, true, new ScalarTypeOptional()));
    return proportion.mul(f).sum();
  }
}
