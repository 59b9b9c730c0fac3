package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.engine.Answer.FinishReason;
import burhan.tensor.BadInputException;
import burhan.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** Guesses change how many steps an answer takes, and nothing else. */
class SpeculationTest {
  private static final Tokenizer TOKENIZER = ByteTokens.tokenizer();
  private static final Speculation NGRAM =
      Speculation.AUTO.withSource(Speculation.Source.NGRAM).withDraftTokens(6);

  /** Repeats itself, but not quite: what depends on the position shows a row in the wrong place. */
  private static final IntBinaryOperator REPETITIVE =
      (token, position) ->
          position % 29 == 0 ? 'a' + position / 29 % 20 : 'a' + (token * 7 + 5) % 11;

  private static Engine engine(Speculation speculation, int context, IntBinaryOperator next) {
    return Engine.of(
        new ScriptedModel(ByteTokens.SIZE, context, next),
        TOKENIZER,
        Set.of(ByteTokens.END),
        speculation);
  }

  private static GenerationRequest request(int length) {
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = 'a' + i % 4;
    }
    return GenerationRequest.of(Prompt.raw(ids)).withSampling(Sampling.GREEDY);
  }

  private static void assertSame(Answer expected, Answer actual, String what) {
    assertArrayEquals(expected.tokens(), actual.tokens(), what);
    assertEquals(expected.text(), actual.text(), what);
    assertEquals(expected.thinking(), actual.thinking(), what);
    assertEquals(expected.finishReason(), actual.finishReason(), what);
    assertEquals(expected.usage().reasoningTokens(), actual.usage().reasoningTokens(), what);
  }

  @Test
  void greedyAnswersAreTheSameUpToEveryLimit() {
    for (Speculation speculation : List.of(NGRAM, Speculation.AUTO)) {
      try (Engine plain = engine(Speculation.OFF, 150, REPETITIVE);
          Engine guessing = engine(speculation, 150, REPETITIVE)) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 1; i < 40; i++) {
          requests.add(request(i).withMaxTokens(i));
          requests.add(request(i).withStop(List.of("ag", "hb")));
          requests.add(request(i)); // to the end of the context
        }
        List<Answer> together = guessing.generateAll(requests, 5);
        for (int i = 0; i < requests.size(); i++) {
          Answer expected = plain.generate(requests.get(i));
          assertSame(expected, guessing.generate(requests.get(i)), "alone " + i);
          assertSame(expected, together.get(i), "together " + i);
        }
      }
    }
  }

  @Test
  void seededSamplesAreTheSame() {
    Sampling sampling =
        Sampling.RECOMMENDED.withTemperature(4).withTopP(1).withFrequencyPenalty(0.5);
    try (Engine plain = engine(Speculation.OFF, 300, REPETITIVE);
        Engine guessing = engine(NGRAM, 300, REPETITIVE)) {
      int accepted = 0;
      int refused = 0;
      for (int seed = 0; seed < 50; seed++) {
        GenerationRequest request = request(9).withSampling(sampling.withSeed(seed));
        Answer answer = guessing.generate(request);
        assertSame(plain.generate(request), answer, "seed " + seed);
        accepted += answer.usage().acceptedTokens();
        refused += answer.usage().draftTokens() - answer.usage().acceptedTokens();
      }
      assertTrue(accepted > 50 && refused > 50, accepted + " right, " + refused + " wrong");
    }
  }

  @Test
  void fewerStepsAndCounted() {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, 200, (token, position) -> 'x');
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of(), NGRAM)) {
      Answer answer = engine.generate(request(8).withMaxTokens(100));
      assertEquals(100, answer.usage().completionTokens());
      assertEquals(FinishReason.LENGTH, answer.finishReason());
      int generating = model.steps.size() - 1;
      // A step's tokens are one and the guesses that were right; the first came with the prompt.
      assertEquals(99, generating + answer.usage().acceptedTokens());
      assertEquals(answer.usage().draftTokens(), answer.usage().acceptedTokens());
      assertEquals(1, answer.usage().acceptanceRate());
      assertTrue(generating < 25, model.steps.toString());
    }
  }

  @Test
  void guessesBehindTheEndAreNoText() {
    // After "xyz" has come three times the guess is that it goes on, but the model ends.
    IntBinaryOperator next =
        (token, position) -> position == 19 ? ByteTokens.END : 'a' + (position + 1) % 4;
    try (Engine engine = engine(NGRAM, 100, next)) {
      Answer answer = engine.generate(request(8));
      assertEquals("abcdabcdabcd", answer.text());
      assertEquals(FinishReason.STOP, answer.finishReason());
      assertEquals(13, answer.usage().completionTokens());
    }
  }

  @Test
  void aListenerCancelsWhileTokensAreGuessed() {
    try (Engine engine = engine(NGRAM, 1 << 30, (token, position) -> 'x')) {
      Cancellation cancellation = new Cancellation();
      StringBuilder heard = new StringBuilder();
      AnswerListener listener =
          new AnswerListener() {
            @Override
            public void text(String piece) {
              heard.append(piece);
              if (heard.length() >= 20) {
                cancellation.cancel();
              }
            }
          };
      Answer answer = engine.generate(request(3), listener, cancellation);
      assertEquals(FinishReason.CANCELLED, answer.finishReason());
      assertEquals("x".repeat(answer.tokens().length), answer.text());
      assertEquals(answer.text(), heard.toString());
    }
  }

  @Test
  void textThatNeverRepeatsIsNotGuessed() {
    ScriptedModel model =
        new ScriptedModel(ByteTokens.SIZE, 250, (token, position) -> position + 100);
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of(), Speculation.AUTO)) {
      Answer answer = engine.generate(request(3).withMaxTokens(100));
      assertEquals(0, answer.usage().draftTokens());
    }
  }

  @Test
  void aModelWithoutPredictionIsRefused() {
    Speculation mtp = Speculation.AUTO.withSource(Speculation.Source.MTP);
    assertEquals(
        "speculate is mtp, but this model has no multi-token prediction; choose auto or ngram",
        assertThrows(BadInputException.class, () -> engine(mtp, 10, REPETITIVE)).getMessage());
    assertEquals(
        "draft tokens is 16, expected 1 to 15",
        assertThrows(BadInputException.class, () -> mtp.withDraftTokens(16)).getMessage());
  }

  @Test
  void whatDoesNotPayPausesLongerAndLonger() {
    Acceptance acceptance = new Acceptance(4);
    assertEquals(4, acceptance.worth(4, 0.1), "hope");
    for (int i = 0; i < 20; i++) {
      acceptance.count(0, false);
    }
    assertEquals(0, acceptance.worth(4, 0.3), "1.5 of 22 are right, which is less than 0.3");
    assertEquals(2, acceptance.worth(4, 0.05) + acceptance.failures() + 1, "and it stays off");
    int paused = 1;
    while (acceptance.worth(4, 0.3) == 0) {
      paused++;
    }
    assertEquals(15, paused, "16 asked in vain, then a trial");
    for (int i = 0; i < 20; i++) {
      acceptance.count(0, false);
    }
    assertEquals(0, acceptance.worth(4, 0.3));
    paused = 1;
    while (acceptance.worth(4, 0.3) == 0) {
      paused++;
    }
    assertEquals(32, paused);
    assertEquals(2, acceptance.failures());
  }

  @Test
  void deeperGuessesWhereTheyAreRightAndCheap() {
    Acceptance acceptance = new Acceptance(3);
    for (int i = 0; i < 20; i++) {
      acceptance.count(0, true);
      acceptance.count(1, i % 2 == 0);
      acceptance.count(2, false);
    }
    assertEquals(2, acceptance.worth(3, 0.1));
    assertEquals(1, acceptance.worth(3, 0.45));
    assertEquals(1, acceptance.worth(1, 0.1));
    assertEquals(0, acceptance.worth(3, 1));
  }

  @Test
  void aStepCostsALineInItsRows() {
    StepCosts costs = new StepCosts(8);
    assertEquals(0.2, costs.row(1), 1e-9, "believed");
    for (int i = 0; i < 10; i++) {
      costs.stepTook(1, 0, 1100);
      costs.stepTook(3, 2, 1300 + (i == 5 ? 100_000 : 0));
      costs.stepTook(9, 8, 1); // too wide to be measured
    }
    costs.draftTook(2, 440);
    assertEquals(100 / 1100.0, costs.row(1), 1e-3 * 60, "one slow step hardly counts");
    assertEquals(220 / 1100.0, costs.draft(1), 0.05);
  }

  /** Chi-squared of counts against the chances that they should have. */
  private static double chiSquared(int[] counts, double[] chances, int draws) {
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      double expected = chances[i] * draws;
      sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return sum;
  }

  /** A token, drawn with the help of a guess. */
  private interface Rule {
    int draw(Sampler sampler, float[] logits, int guess, SplittableRandom random);
  }

  private static double chiSquared(Rule rule) {
    double[] chances = {0.4, 0.3, 0.2, 0.1};
    int draws = 20_000;
    int[] counts = new int[chances.length];
    SplittableRandom random = new SplittableRandom(5);
    Sampler sampler = new Sampler(Sampling.GREEDY.withTemperature(1).withSeed(3), 4, new int[0], 0);
    for (int i = 0; i < draws; i++) {
      float[] logits = new float[chances.length];
      for (int id = 0; id < chances.length; id++) {
        logits[id] = (float) Math.log(chances[id]);
      }
      counts[rule.draw(sampler, logits, 1, random)]++;
    }
    return chiSquared(counts, chances, draws);
  }

  @Test
  void theTestOfTheDistributionTellsRightFromWrong() {
    // Three degrees of freedom: 16.3 is exceeded once in a thousand.
    double bound = 16.3;
    assertTrue(chiSquared((sampler, logits, guess, random) -> sampler.next(logits, 0)) < bound);
    // As written by Leviathan: accept with p(guess), else draw from p without it.
    Rule written =
        (sampler, logits, guess, random) -> {
          if (random.nextDouble() < Math.exp(logits[guess])) {
            return guess;
          }
          logits[guess] = Float.NEGATIVE_INFINITY;
          return sampler.next(logits, 0);
        };
    assertTrue(chiSquared(written) < bound);
    Rule forgetsToRemove =
        (sampler, logits, guess, random) ->
            random.nextDouble() < Math.exp(logits[guess]) ? guess : sampler.next(logits, 0);
    assertTrue(chiSquared(forgetsToRemove) > 100 * bound);
    Rule acceptsTheLikely =
        (sampler, logits, guess, random) ->
            random.nextDouble() < 1.1 * Math.exp(logits[guess])
                ? guess
                : written.draw(sampler, logits, guess, random);
    assertTrue(chiSquared(acceptsTheLikely) > 10 * bound);
  }

  @Test
  void theEngineKeepsTheDistribution() {
    // The prompt ends as it began, so that the guess is always the same: 1 after 2 3.
    int[] prompt = {2, 3, 1, 0, 2, 3};
    double[] chances = {0.4, 0.3, 0.2, 0.1};
    int draws = 5_000;
    int[] first = new int[4];
    int[] pairs = new int[16];
    double[] pairChances = new double[16];
    for (int i = 0; i < 16; i++) {
      pairChances[i] = chances[i / 4] * chances[i % 4];
    }
    int drafted = 0;
    try (Engine engine =
        Engine.of(ScriptedModel.drawing(chances, 40), TOKENIZER, Set.of(), NGRAM)) {
      for (int seed = 0; seed < draws; seed++) {
        Answer answer =
            engine.generate(
                GenerationRequest.of(Prompt.raw(prompt))
                    .withMaxTokens(4)
                    .withSampling(Sampling.GREEDY.withTemperature(1).withSeed(seed)));
        int[] tokens = answer.tokens();
        first[tokens[1]]++;
        pairs[4 * tokens[2] + tokens[3]]++;
        drafted += answer.usage().draftTokens();
      }
    }
    assertTrue(drafted > draws / 2, "guesses were made: " + drafted);
    double one = chiSquared(first, chances, draws);
    double two = chiSquared(pairs, pairChances, draws);
    assertTrue(one < 16.3, "3 degrees of freedom: " + one);
    assertTrue(two < 37.7, "15 degrees of freedom: " + two);
  }
}
