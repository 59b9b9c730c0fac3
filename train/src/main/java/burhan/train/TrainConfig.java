package burhan.train;

import java.nio.file.Path;
import java.util.Map;

/**
 * Everything a training run is told. {@link TrainKeys} reads it from a file or from flags, where
 * each component has the same name in snake case.
 *
 * @param stage what is learned
 * @param start folder with {@code config.json} and {@code tokenizer.json}; with {@code
 *     model.safetensors} the run goes on from those weights, without it from fresh ones
 * @param out folder of the run: checkpoints, metrics, final model
 * @param tokens length of the run in tokens, padding not counted; the schedules follow it
 * @param minutes stop cleanly after so many minutes even if tokens remain; 0 means no such bound
 * @param batchTokens tokens of one optimiser step from half of the run on
 * @param batchTokensStart tokens of one step at the start; in between the batch grows linearly, for
 *     early steps learn from any gradient and late ones need a quiet one (as V3 did, section 4.2)
 * @param microTokens tokens of one forward and backward pass; a step's gradients are summed
 * @param context longest document in tokens; longer samples are drawn again
 * @param learningRate peak
 * @param learningRateFloor end of the schedule as a share of the peak
 * @param warmupTokens length of the linear rise
 * @param schedule COSINE or WSD
 * @param optimizer ADAMW, or MUON for the linear maps inside the blocks
 * @param beta1 AdamW's first decay
 * @param beta2 AdamW's second decay
 * @param weightDecay decoupled, on matrices only
 * @param clip largest joint gradient norm
 * @param mtpWeight lambda of the MTP loss for the first two thirds of the run
 * @param mtpWeightEnd lambda afterwards
 * @param mtpEvery the MTP layer takes part in every so manieth step; it costs a fifth of a step
 * @param balanceAlpha weight of the sequence-wise balance loss
 * @param biasGamma change of the experts' selection bias per step; 0 in the last 3 %
 * @param promptShare share of the pre-training documents whose question is learned, too; a
 *     question's numbers cannot be predicted, and at small scale their noise costs more than its
 *     words teach
 * @param initStd standard deviation of fresh matrices
 * @param seed of first values and data
 * @param threads of libtorch; with one, runs repeat bit for bit
 * @param precision of products; BFLOAT16 pays only where the processor multiplies it (AMX)
 * @param checkpointMinutes time between checkpoints
 * @param checkpointSteps also every so many steps; 0 means by time alone
 */
public record TrainConfig(
    Stage stage,
    Path start,
    Path out,
    long tokens,
    double minutes,
    int batchTokens,
    int batchTokensStart,
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
    int mtpEvery,
    double balanceAlpha,
    double biasGamma,
    double promptShare,
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

  /**
   * Reads settings by their snake-case names, with the stage's defaults for the rest.
   *
   * @throws burhan.tensor.BadInputException naming the key that is unknown, missing or out of range
   */
  public static TrainConfig of(Map<String, String> settings) {
    return new TrainKeys(settings).config();
  }

  double progress(long tokensDone) {
    return Math.min(1, tokensDone / (double) tokens);
  }

  double rate(long tokensDone) {
    return learningRate * schedule.share(tokensDone, warmupTokens, tokens, learningRateFloor);
  }

  int batch(long tokensDone) {
    double grown = Math.min(1, 2 * progress(tokensDone));
    return (int) Math.round(batchTokensStart + grown * (batchTokens - batchTokensStart));
  }

  boolean hasMtp(long step) {
    return step % mtpEvery == 0;
  }

  double mtpWeight(long tokensDone) {
    return progress(tokensDone) < 2.0 / 3 ? mtpWeight : mtpWeightEnd;
  }

  double gamma(long tokensDone) {
    return progress(tokensDone) < 0.97 ? biasGamma : 0;
  }
}
