package burhan.train;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.jspecify.annotations.Nullable;

/**
 * Next-token cross-entropy, the MTP cross-entropy, and the balance term, as sums over a
 * micro-batch; the caller divides by the counts of the whole step, so that a step's gradient does
 * not depend on how it was cut into micro-batches.
 *
 * @param main sum over predicted tokens
 * @param mtp sum over MTP-predicted tokens, or null without MTP
 * @param balance sum over documents and layers, or null without experts
 */
record Loss(Tensor main, @Nullable Tensor mtp, @Nullable Tensor balance) {
  private static final long SUM = 2; // at::Reduction::Sum

  static Loss of(TrainingModel.Hidden hidden, PackedBatch batch) {
    Tensor main = crossEntropy(hidden.hidden(), batch.targets(), hidden.pass());
    Tensor further = hidden.mtpHidden();
    Tensor mtp = further == null ? null : crossEntropy(further, batch.mtpTargets(), hidden.pass());
    Tensor balance = hidden.balance().stream().reduce(Tensor::add).orElse(null);
    return new Loss(main, mtp, balance);
  }

  /** Only rows with a target meet the head: on masked rows it would be the costliest layer. */
  private static Tensor crossEntropy(Tensor hidden, int[] targets, Pass pass) {
    int[] rows = IntStream.range(0, targets.length).filter(i -> targets[i] >= 0).toArray();
    int[] wanted = Arrays.stream(rows).map(i -> targets[i]).toArray();
    Tensor picked = hidden.index_select(0, TrainingModel.longs(rows));
    return cross_entropy_loss(
        TrainingModel.logits(picked, pass),
        TrainingModel.longs(wanted),
        new TensorOptional(),
        SUM,
        -100,
        0.0);
  }

  /** The number to minimise. */
  Tensor total(double mainScale, double mtpScale, double balanceScale) {
    Tensor sum = main.mul(new Scalar(mainScale));
    if (mtp != null) {
      sum = sum.add(mtp.mul(new Scalar(mtpScale)));
    }
    if (balance != null && balanceScale > 0) {
      sum = sum.add(balance.mul(new Scalar(balanceScale)));
    }
    return sum;
  }
}
