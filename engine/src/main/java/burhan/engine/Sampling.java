package burhan.engine;

import burhan.tensor.BadInputException;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How the next token is chosen; {@link Sampler} does it and states the order. Checked when made.
 *
 * @param temperature 0 takes the likeliest token; 1 leaves the model's distribution as it is
 * @param topK how many of the likeliest tokens stay; 0 for all
 * @param topP share of probability that the likeliest tokens must reach together; 1 for all
 * @param minP least probability of a token as a share of the likeliest one's; 0 for all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen in prompt
 *     or answer; 1 for none
 * @param presencePenalty taken once from the logit of a token seen in the answer
 * @param frequencyPenalty taken from the logit for each time the answer holds the token
 * @param seed the same seed gives the same tokens; empty for another answer each time
 * @param logitBias token id to what is added to its logit
 */
public record Sampling(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    double presencePenalty,
    double frequencyPenalty,
    OptionalLong seed,
    Map<Integer, Double> logitBias) {

  /** The likeliest token, always. */
  public static final Sampling GREEDY =
      new Sampling(0, 0, 1, 0, 1, 0, 0, OptionalLong.empty(), Map.of());

  /** What DeepSeek recommends for R1: temperature 0.6, top-p 0.95. */
  public static final Sampling RECOMMENDED = GREEDY.withTemperature(0.6).withTopP(0.95);

  /**
   * @throws BadInputException naming the value that is out of range
   */
  public Sampling {
    check("temperature", temperature, temperature >= 0, "0 (greedy) or more, such as 0.6");
    check("top-k", topK, topK >= 0, "0 (off) or more");
    check("top-p", topP, topP > 0 && topP <= 1, "more than 0 and at most 1 (off)");
    check("min-p", minP, minP >= 0 && minP <= 1, "0 (off) to 1");
    check("repetition penalty", repetitionPenalty, repetitionPenalty > 0, "more than 0; 1 is off");
    check(
        "presence penalty",
        presencePenalty,
        Math.abs(presencePenalty) <= 100,
        "-100 to 100; 0 is off");
    check(
        "frequency penalty",
        frequencyPenalty,
        Math.abs(frequencyPenalty) <= 100,
        "-100 to 100; 0 is off");
    logitBias = Map.copyOf(logitBias);
    logitBias.forEach((id, bias) ->
        check("logit bias of token " + id, bias, Math.abs(bias) <= 100, "-100 to 100"));
  }

  private static void check(String name, Number got, boolean holds, String expected) {
    if (!holds || !Double.isFinite(got.doubleValue())) {
      throw new BadInputException("%s is %s, expected %s".formatted(name, got, expected));
    }
  }

  public Sampling withTemperature(double value) {
    return new Sampling(
        value,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        seed,
        logitBias);
  }

  public Sampling withTopK(int value) {
    return new Sampling(
        temperature,
        value,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        seed,
        logitBias);
  }

  public Sampling withTopP(double value) {
    return new Sampling(
        temperature,
        topK,
        value,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        seed,
        logitBias);
  }

  public Sampling withMinP(double value) {
    return new Sampling(
        temperature,
        topK,
        topP,
        value,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        seed,
        logitBias);
  }

  public Sampling withRepetitionPenalty(double value) {
    return new Sampling(
        temperature, topK, topP, minP, value, presencePenalty, frequencyPenalty, seed, logitBias);
  }

  public Sampling withPresencePenalty(double value) {
    return new Sampling(
        temperature, topK, topP, minP, repetitionPenalty, value, frequencyPenalty, seed, logitBias);
  }

  public Sampling withFrequencyPenalty(double value) {
    return new Sampling(
        temperature, topK, topP, minP, repetitionPenalty, presencePenalty, value, seed, logitBias);
  }

  public Sampling withSeed(long value) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        OptionalLong.of(value),
        logitBias);
  }

  public Sampling withLogitBias(Map<Integer, Double> value) {
    return new Sampling(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        seed,
        value);
  }

  /**
   * @throws BadInputException if the logit bias names a token that the model does not have
   */
  void checkBias(int vocabSize) {
    for (int id : logitBias.keySet()) {
      if (id < 0 || id >= vocabSize) {
        throw new BadInputException(
            "logit bias names token %d, expected 0 to %d".formatted(id, vocabSize - 1));
      }
    }
  }

  /** Whether a token's past changes its logit. */
  boolean hasPenalties() {
    return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
  }
}
