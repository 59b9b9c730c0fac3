package burhan.train;

import java.nio.file.Path;

/**
 * Everything a training run is told.
 *
 * @param stage what is learned
 * @param start folder with {@code config.json} and {@code tokenizer.json}; with {@code
 *     model.safetensors} the run goes on from those weights, without it from fresh ones
 * @param out folder of the run: checkpoints, metrics, final model
 * @param tokens length of the run in tokens, padding not counted; the schedules follow it
 * @param minutes stop cleanly after so many minutes even if tokens remain; 0 means no such bound
 * @param batchTokens tokens of one optimiser step (default 8192)
 * @param microTokens tokens of one forward and backward pass (default 4096); gradients of a step's
 *     passes are summed
 * @param context longest document in tokens (default 384); longer samples are refused
 * @param learningRate peak (default 2e-3)
 * @param learningRateFloor end of the schedule as a share of the peak (default 0.05)
 * @param warmupTokens linear rise (default 500 000)
 * @param schedule default COSINE
 * @param optimizer ADAMW (default), or MUON for the linear maps inside the blocks
 * @param beta1 AdamW's first decay (default 0.9)
 * @param beta2 AdamW's second decay (default 0.95)
 * @param weightDecay decoupled, on matrices only (default 0.1)
 * @param clip largest joint gradient norm (default 1.0)
 * @param mtpWeight lambda of the MTP loss for the first two thirds (default 0.3)
 * @param mtpWeightEnd lambda afterwards (default 0.1)
 * @param balanceAlpha weight of the sequence-wise balance loss (default 1e-4)
 * @param biasGamma step of the selection bias per optimiser step (default 1e-3); 0 in the last 3 %
 * @param initStd standard deviation of fresh matrices (default 0.03)
 * @param seed of first values and data (default 1)
 * @param threads of libtorch (default 1); with one, runs repeat bit for bit
 * @param precision of products (default FLOAT32)
 * @param checkpointMinutes time between checkpoints (default 5)
 * @param checkpointSteps also every so many steps; 0 means by time alone (default)
 */
public record TrainConfig(
    Stage stage,
    Path start,
    Path out,
    long tokens,
    double minutes,
    int batchTokens,
    int microTokens,
    int context,
    double learningRate,
    double learningRateFloor,
    long warmupTokens,
    Schedule schedule,
    Optimizer.Rule optimizer,
    double beta1,
    double beta2,
    double weightDecay,
    double clip,
    double mtpWeight,
    double mtpWeightEnd,
    double balanceAlpha,
    double biasGamma,
    double initStd,
    long seed,
    int threads,
    Precision precision,
    double checkpointMinutes,
    long checkpointSteps) {

  /** Element type of matrix products; master weights, norms and the router stay float32. */
  public enum Precision {
    FLOAT32,
    BFLOAT16
  }

  double progress(long tokensDone) {
    return Math.min(1, tokensDone / (double) tokens);
  }

  double rate(long tokensDone) {
    return learningRate
        * schedule.share(tokensDone, warmupTokens, tokens, learningRateFloor);
  }

  double mtpWeight(long tokensDone) {
    return progress(tokensDone) < 2.0 / 3 ? mtpWeight : mtpWeightEnd;
  }

  double gamma(long tokensDone) {
    return progress(tokensDone) < 0.97 ? biasGamma : 0;
  }
}
