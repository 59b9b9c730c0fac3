package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Distributions computed by hand against many draws, and the order of the steps. */
class SamplerTest {
  private static final int DRAWS = 40_000;
  private static final Sampling PLAIN = Sampling.GREEDY.withTemperature(1).withSeed(7);
  private static final float[] LOGITS = logits(0.25, 0.5, 0.125, 0.125);

  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  /** Shares of many draws lie within five standard errors of what they should be. */
  private static void draws(Sampling sampling, double... expected) {
    Sampler sampler = new Sampler(sampling, LOGITS.length, new int[0], 0);
    int[] counts = new int[expected.length];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.next(LOGITS.clone(), 0)]++;
    }
    for (int id = 0; id < expected.length; id++) {
      double p = expected[id];
      double error = Math.sqrt(p * (1 - p) / DRAWS);
      assertEquals(p, counts[id] / (double) DRAWS, 5 * error, sampling + " token " + id);
    }
  }

  @Test
  void temperature() {
    draws(PLAIN, 0.25, 0.5, 0.125, 0.125);
    double sum = 0.0625 + 0.25 + 2 * 0.015625;
    draws(PLAIN.withTemperature(0.5), 0.0625 / sum, 0.25 / sum, 0.015625 / sum, 0.015625 / sum);
    draws(PLAIN.withTemperature(1e-4), 0, 1, 0, 0);
    draws(PLAIN.withTemperature(0), 0, 1, 0, 0);
  }

  @Test
  void topK() {
    draws(PLAIN.withTopK(2), 1 / 3.0, 2 / 3.0, 0, 0);
    draws(PLAIN.withTopK(1), 0, 1, 0, 0);
    // Two tokens are equal: the lower id is the likelier.
    draws(PLAIN.withTopK(3), 2 / 7.0, 4 / 7.0, 1 / 7.0, 0);
    draws(PLAIN.withTopK(99), 0.25, 0.5, 0.125, 0.125);
  }

  @Test
  void topP() {
    draws(PLAIN.withTopP(0.49), 0, 1, 0, 0);
    draws(PLAIN.withTopP(0.6), 1 / 3.0, 2 / 3.0, 0, 0);
    draws(PLAIN.withTopP(0.8), 2 / 7.0, 4 / 7.0, 1 / 7.0, 0);
    draws(PLAIN.withTopP(1e-9), 0, 1, 0, 0);
  }

  @Test
  void minP() {
    draws(PLAIN.withMinP(0.4), 1 / 3.0, 2 / 3.0, 0, 0);
    draws(PLAIN.withMinP(0.6), 0, 1, 0, 0);
    draws(PLAIN.withMinP(0.2), 0.25, 0.5, 0.125, 0.125);
  }

  @Test
  void topKComesBeforeTopP() {
    // Of the two that are left the first has two thirds, which is enough; of all four it is not.
    draws(PLAIN.withTopK(2).withTopP(0.6), 0, 1, 0, 0);
  }

  @Test
  void temperatureComesBeforeTopP() {
    // Square roots are 0.37 0.26 0.18 0.18 of their sum: 0.65 needs three. Unheated it needs two.
    double sum = Math.sqrt(0.25) + Math.sqrt(0.5) + Math.sqrt(0.125);
    draws(
        PLAIN.withTemperature(2).withTopP(0.65),
        Math.sqrt(0.25) / sum,
        Math.sqrt(0.5) / sum,
        Math.sqrt(0.125) / sum,
        0);
  }

  @Test
  void penaltiesChangeLogitsBeforeAnythingElse() {
    Sampling sampling =
        Sampling.GREEDY
            .withRepetitionPenalty(2)
            .withPresencePenalty(0.25)
            .withFrequencyPenalty(0.5)
            .withLogitBias(Map.of(3, 1.5));
    Sampler sampler = new Sampler(sampling, 4, new int[] {1, 0, 1}, 0);
    float[] first = {2, -1, 0.5f, 0};
    assertEquals(3, sampler.next(first, 0), "0 was in the prompt, 3 is favoured");
    assertArrayEquals(new float[] {1, -2, 0.5f, 1.5f}, first);
    float[] second = {2, -1, 0.5f, 1};
    assertEquals(0, sampler.next(second, 0));
    assertArrayEquals(new float[] {1, -2, 0.5f, 2.5f / 2 - 0.25f - 0.5f}, second);
    float[] third = {2, -1, 0.5f, 1};
    assertEquals(2, sampler.next(third, 0));
    assertArrayEquals(new float[] {1 - 0.75f, -2, 0.5f, 0.5f}, third);
  }

  @Test
  void readsItsOwnRowOfABatch() {
    float[] rows = {9, 0, 0, 0, 0, 0, 9, 0};
    assertEquals(2, new Sampler(Sampling.GREEDY, 4, new int[0], 0).next(rows, 4));
    assertEquals(2, new Sampler(PLAIN.withTopK(1), 4, new int[0], 0).next(rows, 4));
  }

  @Test
  void aSeedMeansTheSameOnEveryMachine() {
    // SplitMix64 of seed 0 begins with e220a8397b1dcdaf, which is 0.8833 of the whole range.
    Sampler sampler =
        new Sampler(Sampling.GREEDY.withTemperature(1).withSeed(0), 1000, new int[0], 99);
    assertEquals(999 - 883, sampler.next(new float[1000], 0));
    Sampler unseeded = new Sampler(Sampling.GREEDY.withTemperature(1), 1000, new int[0], 0);
    assertEquals(999 - 883, unseeded.next(new float[1000], 0));
  }

  @Test
  void refusesWhatMakesNoSense() {
    refuses("temperature is -1.0, expected 0 (greedy) or more", () -> PLAIN.withTemperature(-1));
    refuses("temperature is NaN", () -> PLAIN.withTemperature(Double.NaN));
    refuses("temperature is Infinity", () -> PLAIN.withTemperature(Double.POSITIVE_INFINITY));
    refuses("top-k is -1", () -> PLAIN.withTopK(-1));
    refuses("top-p is 0.0", () -> PLAIN.withTopP(0));
    refuses("top-p is 1.1", () -> PLAIN.withTopP(1.1));
    refuses("min-p is 2.0", () -> PLAIN.withMinP(2));
    refuses("repetition penalty is 0.0", () -> PLAIN.withRepetitionPenalty(0));
    refuses("presence penalty is 101.0", () -> PLAIN.withPresencePenalty(101));
    refuses("frequency penalty is NaN", () -> PLAIN.withFrequencyPenalty(Double.NaN));
    refuses("logit bias of token 3 is 200.0", () -> PLAIN.withLogitBias(Map.of(3, 200.0)));
    refuses(
        "logit bias names token 4, expected 0 to 3",
        () -> new Sampler(PLAIN.withLogitBias(Map.of(4, 1.0)), 4, new int[0], 0));
    refuses(
        "the model's logits are not numbers",
        () -> new Sampler(PLAIN, 2, new int[0], 0).next(new float[] {0, Float.NaN}, 0));
  }

  private static void refuses(String sentence, Runnable what) {
    String message = assertThrows(BadInputException.class, what::run).getMessage();
    assertTrue(message.startsWith(sentence), message);
  }
}
