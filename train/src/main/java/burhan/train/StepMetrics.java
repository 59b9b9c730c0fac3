package burhan.train;

/**
 * What one optimiser step did; a line of {@code metrics.jsonl}.
 *
 * @param step number, from 1
 * @param tokens seen in the run so far, padding not counted
 * @param loss mean cross-entropy of the next token, in nats
 * @param mtpLoss mean cross-entropy of the token after it, in nats; 0 without an MTP layer
 * @param learningRate of this step
 * @param gradientNorm before clipping
 * @param tokensPerSecond of this step
 * @param imbalance largest expert's load over the mean load, averaged over layers; 1 is perfect
 * @param seconds spent in steps of this run so far, earlier starts included
 */
public record StepMetrics(
    long step,
    long tokens,
    double loss,
    double mtpLoss,
    double learningRate,
    double gradientNorm,
    double tokensPerSecond,
    double imbalance,
    double seconds) {}
