package burhan.train;

import burhan.model.DeepSeekConfig;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Sums over the micro-batches of one step. */
final class StepSums {
  private final long tokens;
  private final long targets;
  private final long mtpTargets;
  private final long[][] load;
  private double loss;
  private double mtpLoss;

  private StepSums(long tokens, long targets, long mtpTargets, long[][] load) {
    this.tokens = tokens;
    this.targets = targets;
    this.mtpTargets = mtpTargets;
    this.load = load;
  }

  static StepSums of(List<PackedBatch> batches, DeepSeekConfig config) {
    long tokens = 0;
    long targets = 0;
    long mtpTargets = 0;
    for (PackedBatch batch : batches) {
      tokens += Arrays.stream(batch.lengths()).sum();
      targets += Arrays.stream(batch.targets()).filter(t -> t >= 0).count();
      mtpTargets += Arrays.stream(batch.mtpTargets()).filter(t -> t >= 0).count();
    }
    int layers = config.numHiddenLayers() + config.numNextnPredictLayers();
    return new StepSums(tokens, targets, mtpTargets, new long[layers][config.nRoutedExperts()]);
  }

  long tokens() {
    return tokens;
  }

  long targets() {
    return targets;
  }

  long mtpTargets() {
    return mtpTargets;
  }

  long[][] load() {
    return load;
  }

  void add(Loss part, Routing routing) {
    loss += part.main().item_double();
    Tensor further = part.mtp();
    if (further != null) {
      mtpLoss += further.item_double();
    }
    for (int layer = 0; layer < load.length; layer++) {
      for (int e = 0; e < load[layer].length; e++) {
        load[layer][e] += routing.load()[layer][e];
      }
    }
  }

  StepMetrics metrics(RunState state, double rate, double norm, double seconds) {
    return new StepMetrics(
        state.step(),
        state.tokens(),
        loss / Math.max(1, targets),
        mtpLoss / Math.max(1, mtpTargets),
        rate,
        norm,
        tokens / seconds,
        imbalance(),
        state.seconds());
  }

  private double imbalance() {
    double sum = 0;
    int layers = 0;
    for (long[] layer : load) {
      long total = Arrays.stream(layer).sum();
      if (total > 0) {
        sum += Arrays.stream(layer).max().orElse(0) * (double) layer.length / total;
        layers++;
      }
    }
    return layers == 0 ? 1 : sum / layers;
  }
}
