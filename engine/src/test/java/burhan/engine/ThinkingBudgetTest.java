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
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** A thinking that is as long as it may be ends with a sentence, and the answer comes. */
class ThinkingBudgetTest {
  private static final Tokenizer TOKENIZER = ByteTokens.tokenizer();
  private static final String SENTENCE =
      "I have used up the time for thinking, so I answer with what I have found.";
  private static final int CLOSING = TOKENIZER.encodeWithSpecials(Thinking.CLOSING).length;

  /** Thinks for ever, and answers y behind an empty line. */
  private static final IntBinaryOperator THINKER =
      (token, position) ->
          switch (token) {
            case '\n' -> 'y';
            case 'y' -> ByteTokens.END;
            default -> 'x';
          };

  private static Engine engine(IntBinaryOperator next, EngineOptions options) {
    TextFiles text = new TextFiles(TOKENIZER, null, Set.of(ByteTokens.END), Sampling.RECOMMENDED);
    return Engine.of(new ScriptedModel(ByteTokens.SIZE, 1000, next), text, options);
  }

  private static GenerationRequest request(Prompt.Start start, int thinkingTokens) {
    return GenerationRequest.of(new Prompt(new int[] {1, 2, 3}, start))
        .withSampling(Sampling.GREEDY)
        .withThinkingTokens(thinkingTokens);
  }

  private static Answer answer(Prompt.Start start, int thinkingTokens) {
    List<Answer> answers = new ArrayList<>();
    for (Speculation.Source source :
        List.of(Speculation.Source.OFF, Speculation.Source.AUTO, Speculation.Source.NGRAM)) {
      EngineOptions options =
          EngineOptions.DEFAULT.withSpeculation(Speculation.AUTO.withSource(source));
      try (Engine engine = engine(THINKER, options)) {
        answers.add(engine.generate(request(start, thinkingTokens)));
      }
    }
    for (Answer answer : answers) {
      assertArrayEquals(answers.getFirst().tokens(), answer.tokens(), "guesses change nothing");
    }
    return answers.getFirst();
  }

  @Test
  void theThinkingIsClosedAndTheAnswerComes() {
    for (int most : new int[] {1, 7, 50}) {
      Answer answer = answer(Prompt.Start.THINKING, most);
      assertEquals("x".repeat(most) + "\n\n" + SENTENCE, answer.thinking());
      assertEquals("y", answer.text());
      assertEquals(FinishReason.STOP, answer.finishReason());
      assertEquals(most + CLOSING + 2, answer.usage().completionTokens());
      // The two line ends behind the tag are the answer's.
      assertEquals(most + CLOSING - 2, answer.usage().reasoningTokens());
    }
    assertEquals(SENTENCE, answer(Prompt.Start.THINKING, 0).thinking());
  }

  @Test
  void whoDoesNotThinkIsLeftAlone() {
    Answer answer = answer(Prompt.Start.ANSWER, 5);
    assertEquals(997, answer.usage().completionTokens());
    assertEquals(0, answer.usage().reasoningTokens());
    assertEquals("x".repeat(997), answer(Prompt.Start.RAW, 5).text());
    try (Engine engine =
        engine(
            (token, position) -> position == 2 ? ByteTokens.CLOSE : THINKER.applyAsInt(token, 0),
            EngineOptions.DEFAULT.withThinkingTokens(0))) {
      Answer over = engine.generate(request(Prompt.Start.THINKING, 1));
      assertEquals(SENTENCE, over.thinking(), "the engine's own limit is lower");
    }
  }

  @Test
  void aThinkingThatTheModelOpensIsLimitedToo() {
    IntBinaryOperator opens =
        (token, position) -> position == 2 ? ByteTokens.OPEN : THINKER.applyAsInt(token, position);
    try (Engine engine = engine(opens, EngineOptions.DEFAULT.withThinkingTokens(4))) {
      Answer answer = engine.generate(request(Prompt.Start.UNDECIDED, Thinking.NO_LIMIT));
      assertEquals("xxx\n\n" + SENTENCE, answer.thinking());
      assertEquals("y", answer.text());
    }
  }

  @Test
  void noCharacterIsCutInHalf() {
    // Two bytes each, and a limit in the middle.
    IntBinaryOperator letters =
        (token, position) ->
            token == 0xD9
                ? 0x83
                : token == '\n' || token == 'y' ? THINKER.applyAsInt(token, 0) : 0xD9;
    try (Engine engine = engine(letters, EngineOptions.DEFAULT)) {
      Answer answer = engine.generate(request(Prompt.Start.THINKING, 3));
      assertEquals("كك\n\n" + SENTENCE, answer.thinking());
    }
  }

  @Test
  void companyAndMaxTokensDoNotMatter() {
    try (Engine engine = engine(THINKER, EngineOptions.DEFAULT)) {
      List<GenerationRequest> requests = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        requests.add(request(Prompt.Start.THINKING, i).withMaxTokens(1 + 5 * i));
      }
      List<Answer> together = engine.generateAll(requests, 20);
      for (int i = 0; i < 30; i++) {
        assertArrayEquals(engine.generate(requests.get(i)).tokens(), together.get(i).tokens());
        assertTrue(together.get(i).tokens().length <= 1 + 5 * i);
      }
    }
  }

  @Test
  void effortIsALimit() {
    assertEquals(Thinking.OFF, Thinking.effort("none"));
    assertTrue(Thinking.effort("low").mostTokens() < Thinking.effort("medium").mostTokens());
    assertEquals(Thinking.ON, Thinking.effort("High"));
    assertEquals(
        "reasoning effort is 'much', expected none, minimal, low, medium, high or max",
        assertThrows(BadInputException.class, () -> Thinking.effort("much")).getMessage());
    assertThrows(BadInputException.class, () -> Thinking.atMost(-1));
  }
}
