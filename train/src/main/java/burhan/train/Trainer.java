package burhan.train;

import burhan.model.DeepSeekConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The training loop. Knows steps, schedules and checkpoints; not where samples come from, nor what
 * the model looks like inside.
 */
final class Trainer {
  private final TrainConfig config;
  private final TrainingModel model;
  private final Optimizer optimizer;
  private final SampleSource samples;
  private final ProgressListener listener;
  private RunState state;

  Trainer(
      TrainConfig config,
      Parameters parameters,
      Optimizer optimizer,
      SampleSource samples,
      RunState state,
      ProgressListener listener) {
    this.config = config;
    this.optimizer = optimizer;
    this.samples = samples;
    this.state = state;
    this.listener = listener;
    ScalarType compute =
        config.precision() == TrainConfig.Precision.BFLOAT16
            ? ScalarType.BFloat16
            : ScalarType.Float;
    model = new TrainingModel(parameters, config.context(), compute);
  }

  RunState state() {
    return state;
  }

  /** Trains until the budget is spent or {@code stop} says so, and ends with a checkpoint. */
  Path run(MetricsLog log, BooleanSupplier stop) throws IOException {
    long started = System.nanoTime();
    long saved = started;
    while (state.tokens() < config.tokens()
        && !stop.getAsBoolean()
        && (config.minutes() <= 0 || minutesSince(started) < config.minutes())) {
      // 1. The documents of one step.
      long from = System.nanoTime();
      List<Sample> documents = draw();
      // 2. Forward and backward, micro-batch by micro-batch.
      StepSums sums = accumulate(documents);
      // 3. Clip, update, balance the experts.
      double rate = config.rate(state.tokens());
      double norm = optimizer.step(state.step() + 1, rate, config.clip());
      adjustSelectionBias(sums.load());
      // 4. Report.
      double seconds = (System.nanoTime() - from) / 1e9;
      state = state.after(sums.tokens(), documents.size(), seconds);
      StepMetrics metrics = sums.metrics(state, rate, norm, seconds);
      log.write(metrics);
      listener.step(metrics, share(started));
      // 5. Save now and then.
      if (minutesSince(saved) >= config.checkpointMinutes()
          || (config.checkpointSteps() > 0 && state.step() % config.checkpointSteps() == 0)) {
        listener.checkpoint(save());
        saved = System.nanoTime();
      }
    }
    Path last = save();
    listener.checkpoint(last);
    return last;
  }

  private double share(long started) {
    double byTime = config.minutes() <= 0 ? 0 : minutesSince(started) / config.minutes();
    return Math.min(1, Math.max(byTime, config.progress(state.tokens())));
  }

  private static double minutesSince(long nanos) {
    return (System.nanoTime() - nanos) / 60e9;
  }

  private Path save() throws IOException {
    return Checkpoint.write(config, model.parameters(), optimizer, state);
  }

  private List<Sample> draw() {
    List<Sample> documents = new ArrayList<>();
    double progress = config.progress(state.tokens());
    for (int tokens = 0; tokens < config.batch(state.tokens()); ) {
      Sample sample = samples.sample(state.samples() + documents.size(), progress);
      if (sample.length() > config.context()) {
        throw new IllegalStateException(
            "sample %d has %d tokens, more than the context of %d"
                .formatted(state.samples() + documents.size(), sample.length(), config.context()));
      }
      documents.add(sample);
      tokens += sample.length();
    }
    return documents;
  }

  private StepSums accumulate(List<Sample> documents) {
    List<PackedBatch> batches = BatchPacker.pack(documents, config.microTokens());
    DeepSeekConfig shape = model.parameters().config();
    StepSums sums = StepSums.of(batches, shape);
    boolean withMtp = config.hasMtp(state.step());
    double mtpScale = config.mtpWeight(state.tokens()) / Math.max(1, sums.mtpTargets());
    double balanceScale = config.balanceAlpha() / documents.size();
    for (PackedBatch batch : batches) {
      try (PointerScope _ = new PointerScope()) {
        Routing routing = model.newRouting();
        Loss loss = Loss.of(model.forward(batch, routing, withMtp), batch);
        loss.total(1.0 / Math.max(1, sums.targets()), mtpScale, balanceScale).backward();
        sums.add(loss, routing);
      }
    }
    return sums;
  }

  /**
   * Auxiliary-loss-free balancing: b_i += gamma * sign(mean load - load_i), over the whole step (V3
   * report, section 2.1.2).
   */
  private void adjustSelectionBias(long[][] load) {
    double gamma = config.gamma(state.tokens());
    for (int layer = 0; layer < load.length; layer++) {
      long total = 0;
      for (long l : load[layer]) {
        total += l;
      }
      double mean = total / (double) Math.max(1, load[layer].length);
      float[] bias = model.parameters().selectionBias(layer);
      for (int e = 0; e < bias.length && total > 0; e++) {
        bias[e] += (float) (gamma * Math.signum(mean - load[layer][e]));
      }
    }
  }
}
