package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.engine.Answer.FinishReason;
import burhan.tensor.BadInputException;
import burhan.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way of a request, over a model that says what the test wants. */
class EngineTest {
  private static final Tokenizer TOKENIZER = ByteTokens.tokenizer();
  private static final int PROMPT = 3;

  private static GenerationRequest request(Prompt.Start start) {
    return GenerationRequest.of(new Prompt(new int[PROMPT], start)).withSampling(Sampling.GREEDY);
  }

  /** Bytes of the text, with tags and {@code <end>} as the one token they are. */
  private static int[] tokens(String text) {
    return TOKENIZER.encodeWithSpecials(text);
  }

  private static Engine saying(String text) {
    return Engine.of(
        ScriptedModel.saying(ByteTokens.SIZE, PROMPT, tokens(text)),
        TOKENIZER,
        Set.of(ByteTokens.END));
  }

  /** A listener that writes down what it hears. */
  private static final class Log implements AnswerListener {
    final List<String> pieces = new ArrayList<>();
    final StringBuilder thinking = new StringBuilder();
    final StringBuilder text = new StringBuilder();
    Answer answer;

    @Override
    public void thinking(String piece) {
      assertFalse(piece.isEmpty());
      pieces.add(piece);
      thinking.append(piece);
    }

    @Override
    public void text(String piece) {
      assertFalse(piece.isEmpty());
      pieces.add(piece);
      text.append(piece);
    }

    @Override
    public void finish(Answer whole) {
      answer = whole;
    }
  }

  @Test
  void thinkingThenAnswer() {
    Log log = new Log();
    try (Engine engine = saying("\nhm, ٣ 😀 \n</think>\n\nforty-two é \n<end>")) {
      Answer answer = engine.generate(request(Prompt.Start.THINKING), log, new Cancellation());
      assertEquals("hm, ٣ 😀", answer.thinking());
      assertEquals("forty-two é", answer.text());
      assertEquals(FinishReason.STOP, answer.finishReason());
      assertEquals(answer, log.answer);
      assertEquals(answer.thinking(), log.thinking.toString());
      assertEquals(answer.text(), log.text.toString());
      assertTrue(log.pieces.contains(" 😀"), "held back until whole: " + log.pieces);
      assertEquals(PROMPT, answer.usage().promptTokens());
      assertEquals(answer.tokens().length, answer.usage().completionTokens());
      int close = "\nhm, ٣ 😀 \n".getBytes(StandardCharsets.UTF_8).length + 1;
      assertEquals(close, answer.usage().reasoningTokens());
      assertTrue(answer.timings().prefillTokensPerSecond() > 0);
      assertTrue(answer.timings().decodeTokensPerSecond() > 0);
      assertTrue(answer.timings().firstTokenMillis() > 0);
    }
  }

  @Test
  void theModelMayOpenThinkingItself() {
    try (Engine engine = saying("<think>\n\n</think>\n\nyes<end>")) {
      Answer answer = engine.generate(request(Prompt.Start.UNDECIDED));
      assertEquals("", answer.thinking());
      assertEquals("yes", answer.text());
      assertEquals(4, answer.usage().reasoningTokens());
    }
  }

  @Test
  void aClosingTagNobodyOpenedMakesTheRestThinking() {
    Log log = new Log();
    try (Engine engine = saying("so it is </think> yes <end>")) {
      Answer answer = engine.generate(request(Prompt.Start.UNDECIDED), log, new Cancellation());
      assertEquals("so it is", answer.thinking());
      assertEquals("yes", answer.text());
      assertEquals("so it is".length() + 2, answer.usage().reasoningTokens());
      assertEquals("so it isyes", log.text.toString(), "a stream cannot take back");
    }
  }

  @Test
  void stopStringsEndTheAnswerButNotTheThinking() {
    Log log = new Log();
    try (Engine engine = saying("a END b</think>c EN d END e<end>")) {
      Answer answer =
          engine.generate(
              request(Prompt.Start.THINKING).withStop(List.of("END", "nothing")),
              log,
              new Cancellation());
      assertEquals("a END b", answer.thinking());
      assertEquals("c EN d", answer.text());
      assertEquals("c EN d", log.text.toString());
      assertEquals(FinishReason.STOP, answer.finishReason());
    }
  }

  @Test
  void otherSpecialTokensAreNoText() {
    try (Engine engine = saying("a<user>b<end>")) {
      assertEquals("ab", engine.generate(request(Prompt.Start.UNDECIDED)).text());
    }
  }

  @Test
  void rawTextKeepsItsSpaceAndTags() {
    try (Engine engine = saying(" a</think> \n<end>")) {
      assertEquals(" a</think> \n", engine.generate(request(Prompt.Start.RAW)).text());
    }
  }

  @Test
  void maxTokensEndsWithLengthAndWithoutHalfACharacter() {
    try (Engine engine = saying("aé<end>")) {
      Answer answer = engine.generate(request(Prompt.Start.RAW).withMaxTokens(2));
      assertEquals("a", answer.text());
      assertEquals(FinishReason.LENGTH, answer.finishReason());
      assertEquals(2, answer.usage().completionTokens());
    }
  }

  @Test
  void invalidBytesBecomeTheReplacementCharacter() {
    ScriptedModel model =
        ScriptedModel.saying(ByteTokens.SIZE, PROMPT, 'a', 0xC3, 'b', 0xC3, ByteTokens.END);
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of(ByteTokens.END))) {
      assertEquals("a\uFFFDb\uFFFD", engine.generate(request(Prompt.Start.RAW)).text());
    }
  }

  @Test
  void aFullContextEndsWithLength() {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, 20, (token, position) -> 'x');
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of())) {
      Answer answer = engine.generate(request(Prompt.Start.RAW));
      assertEquals(FinishReason.LENGTH, answer.finishReason());
      assertEquals(17, answer.usage().completionTokens());
      Answer none = engine.generate(GenerationRequest.of(Prompt.raw(new int[20])));
      assertEquals(FinishReason.LENGTH, none.finishReason());
      assertEquals(0, none.usage().completionTokens());
    }
  }

  @Test
  void badRequestsAreRefusedWithBothNumbers() {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, 20, (token, position) -> 'x');
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of())) {
      refuses(
          "prompt: 21 tokens, but the context holds 20; shorten it or open the model with a larger context",
          () -> engine.generate(GenerationRequest.of(Prompt.raw(new int[21]))));
      refuses(
          "prompt: no tokens, expected at least one",
          () -> engine.generate(GenerationRequest.of(Prompt.raw(new int[0]))));
      refuses(
          "prompt: token 260, expected 0 to 259",
          () -> engine.generate(GenerationRequest.of(Prompt.raw(new int[] {260}))));
      refuses(
          "max tokens is 0, expected 1 or more", () -> request(Prompt.Start.RAW).withMaxTokens(0));
      refuses("batch size is 0, expected 1 or more", () -> engine.generateAll(List.of(), 0));
      assertEquals(List.of(), model.steps);
    }
  }

  private static void refuses(String sentence, Runnable what) {
    assertEquals(sentence, assertThrows(BadInputException.class, what::run).getMessage());
  }

  @Test
  void answersAreToldInTheOrderTheyFinish() {
    ScriptedModel model =
        new ScriptedModel(
            ByteTokens.SIZE, 2000, (token, position) -> position >= 1101 ? ByteTokens.END : 'x');
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of(ByteTokens.END))) {
      List<Integer> finished = new ArrayList<>();
      List<Answer> answers =
          engine.generateAll(
              List.of(raw(1000), raw(1101), raw(1102)),
              1,
              (answer, index) -> finished.add(index),
              new Cancellation());
      assertEquals(List.of(103, 2, 1), answers.stream().map(a -> a.tokens().length).toList());
      assertEquals(List.of(0, 1, 2), finished);
    }
  }

  private static GenerationRequest raw(int tokens) {
    return GenerationRequest.of(Prompt.raw(new int[tokens])).withSampling(Sampling.GREEDY);
  }

  @Test
  void companyDoesNotChangeAnAnswer() {
    // The next token depends on the last and its position, so that a mixed-up row would show.
    ScriptedModel model =
        new ScriptedModel(
            ByteTokens.SIZE,
            200,
            (token, position) -> {
              int next = (token * 31 + position * 17) % 250;
              return next < 4 ? ByteTokens.END : next;
            });
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of(ByteTokens.END))) {
      List<GenerationRequest> requests = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int[] ids = new int[1 + i % 7];
        Arrays.fill(ids, i);
        Sampling sampling =
            i % 2 == 0 ? Sampling.GREEDY : Sampling.RECOMMENDED.withTemperature(9).withSeed(i);
        requests.add(GenerationRequest.of(Prompt.raw(ids)).withSampling(sampling));
      }
      List<Answer> together = engine.generateAll(requests, 8);
      for (int i = 0; i < requests.size(); i++) {
        Answer alone = engine.generate(requests.get(i));
        assertArrayEquals(alone.tokens(), together.get(i).tokens(), "request " + i);
        assertEquals(alone.text(), together.get(i).text());
      }
    }
  }

  @Test
  @Timeout(20)
  void cancellationEndsWithinOneStep() {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, 100_000, (token, position) -> 'x');
    Cancellation cancellation = new Cancellation();
    model.beforeStep =
        () -> {
          if (model.steps.size() == 4) {
            Thread other = Thread.ofPlatform().start(cancellation::cancel);
            joinQuietly(other);
          }
        };
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of(), Speculation.OFF)) {
      Answer answer = engine.generate(request(Prompt.Start.RAW), AnswerListener.NONE, cancellation);
      assertEquals(FinishReason.CANCELLED, answer.finishReason());
      assertEquals(5, model.steps.size(), "the step under way was the last");
      assertEquals("xxxxx", answer.text(), "what had come is kept");
      model.beforeStep = () -> {};
      Answer next = engine.generate(request(Prompt.Start.RAW).withMaxTokens(2));
      assertEquals("xx", next.text(), "the engine goes on");
    }
  }

  private static void slowly() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Timeout(20)
  void closingEndsWhatIsGenerating() throws InterruptedException {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, 1 << 30, (token, position) -> 'x');
    Engine engine = Engine.of(model, TOKENIZER, Set.of());
    CountDownLatch started = new CountDownLatch(1);
    AtomicReference<Answer> answer = new AtomicReference<>();
    Thread generating =
        Thread.ofPlatform()
            .start(() ->
                answer.set(
                    engine.generate(
                        request(Prompt.Start.RAW),
                        new AnswerListener() {
                          @Override
                          public void text(String piece) {
                            started.countDown();
                          }
                        },
                        new Cancellation())));
    assertTrue(started.await(10, TimeUnit.SECONDS));
    engine.close();
    assertTrue(model.isClosed);
    generating.join();
    assertEquals(FinishReason.CANCELLED, answer.get().finishReason());
    assertThrows(IllegalStateException.class, () -> engine.generate(request(Prompt.Start.RAW)));
    engine.close();
  }

  @Test
  @Timeout(20)
  void aRequestCancelledBeforeItsTurnHasNone() throws InterruptedException {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, 100, (token, position) -> 'x');
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    model.beforeStep =
        () -> {
          running.countDown();
          awaitQuietly(goOn);
        };
    try (Engine engine = Engine.of(model, TOKENIZER, Set.of())) {
      AtomicReference<Answer> first = new AtomicReference<>();
      Thread other =
          Thread.ofPlatform().start(() -> first.set(engine.generate(request(Prompt.Start.RAW))));
      running.await();
      Cancellation cancellation = new Cancellation();
      cancellation.cancel();
      Answer second = engine.generate(request(Prompt.Start.RAW), AnswerListener.NONE, cancellation);
      assertEquals(FinishReason.CANCELLED, second.finishReason());
      assertEquals(PROMPT, second.usage().promptTokens());
      goOn.countDown();
      other.join();
      assertEquals(FinishReason.LENGTH, first.get().finishReason());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Timeout(20)
  void aListenerMayGenerateAndClose() {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, 100, (token, position) -> 'x');
    Engine engine = Engine.of(model, TOKENIZER, Set.of());
    AnswerListener asking =
        new AnswerListener() {
          @Override
          public void text(String piece) {
            assertEquals("xx", engine.generate(request(Prompt.Start.RAW).withMaxTokens(2)).text());
          }
        };
    Answer first = engine.generate(request(Prompt.Start.RAW), asking, new Cancellation());
    assertEquals(97, first.tokens().length);
    AnswerListener closing =
        new AnswerListener() {
          @Override
          public void text(String piece) {
            engine.close();
          }
        };
    model.beforeStep = () -> slowly();
    Answer answer = engine.generate(request(Prompt.Start.RAW), closing, new Cancellation());
    assertEquals(FinishReason.CANCELLED, answer.finishReason());
    assertTrue(model.isClosed);
  }
}
