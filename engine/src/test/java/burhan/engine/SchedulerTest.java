package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.engine.Answer.FinishReason;
import burhan.tensor.BadInputException;
import burhan.token.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits, who runs, who is refused, and what becomes of those that nobody waits for. */
@Timeout(60)
class SchedulerTest {
  private static final Tokenizer TOKENIZER = ByteTokens.tokenizer();

  private final ScriptedModel model =
      new ScriptedModel(ByteTokens.SIZE, 1000, (token, position) -> 'a' + position % 26);

  private Engine engine(EngineOptions options) {
    TextFiles text = new TextFiles(TOKENIZER, null, Set.of(ByteTokens.END), Sampling.RECOMMENDED);
    return Engine.of(model, text, options);
  }

  private static GenerationRequest request(int promptTokens, int maxTokens) {
    return GenerationRequest.of(Prompt.raw(new int[promptTokens]))
        .withSampling(Sampling.GREEDY)
        .withMaxTokens(maxTokens);
  }

  private static String expected(int promptTokens, int tokens) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tokens; i++) {
      text.append((char) ('a' + (promptTokens - 1 + i) % 26));
    }
    return text.toString();
  }

  private static Generation submit(Engine engine, GenerationRequest request) {
    return engine.submit(request, new Cancellation());
  }

  /** Holds the model up before a step until told. */
  private CountDownLatch hold() {
    CountDownLatch goOn = new CountDownLatch(1);
    model.beforeStep = () -> await(goOn);
    return goOn;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitRunning(Engine engine, int sequences) {
    while (engine.load().running() != sequences) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoDoesNotReadHoldsUpNobodyAndLosesNothing() {
    try (Engine engine = engine(EngineOptions.DEFAULT)) {
      Generation unread = submit(engine, request(3, 900));
      assertEquals(expected(5, 20), engine.generate(request(5, 20)).text());
      while (!unread.isFinished()) {
        Thread.onSpinWait();
      }
      assertEquals(0, engine.load().running());
      List<String> pieces = new ArrayList<>();
      Answer answer =
          unread.await(
              new AnswerListener() {
                @Override
                public void text(String piece) {
                  pieces.add(piece);
                }
              });
      assertEquals(expected(3, 900), answer.text());
      assertEquals(answer.text(), String.join("", pieces));
      assertTrue(pieces.size() <= 64, pieces.size() + " pieces, the last ones grown together");
    }
  }

  @Test
  void aFullLineRefusesAndSaysWhenToComeBack() {
    CountDownLatch goOn = hold();
    try (Engine engine = engine(EngineOptions.DEFAULT.withMostRunning(1).withMostWaiting(2))) {
      Generation running = submit(engine, request(1, 5));
      awaitRunning(engine, 1);
      Generation second = submit(engine, request(2, 5));
      Generation third = submit(engine, request(3, 5));
      BusyException busy = assertThrows(BusyException.class, () -> submit(engine, request(4, 5)));
      assertTrue(busy.retryAfter().compareTo(Duration.ofSeconds(1)) >= 0);
      assertEquals(2, engine.load().waiting());
      second.cancel();
      Answer gone = second.await(AnswerListener.NONE);
      assertEquals(FinishReason.CANCELLED, gone.finishReason(), "while the step is held up");
      Generation fourth = submit(engine, request(4, 5));
      goOn.countDown();
      assertEquals(expected(1, 5), running.await(AnswerListener.NONE).text());
      assertEquals(expected(3, 5), third.await(AnswerListener.NONE).text());
      Answer last = fourth.await(AnswerListener.NONE);
      assertEquals(expected(4, 5), last.text());
      assertTrue(last.timings().waitMillis() > 0);
    }
  }

  @Test
  void tenantsTakeTurns() {
    CountDownLatch goOn = hold();
    List<String> order = new CopyOnWriteArrayList<>();
    try (Engine engine = engine(EngineOptions.DEFAULT.withMostRunning(1))) {
      List<Generation> all = new ArrayList<>();
      for (String name : List.of("a1", "a2", "a3", "b1", "c1", "b2")) {
        GenerationRequest request = request(2, 3).withTenant(name.substring(0, 1));
        Generation generation = submit(engine, request);
        Thread.ofVirtual()
            .start(() ->
                generation.await(
                    new AnswerListener() {
                      @Override
                      public void finish(Answer answer) {
                        order.add(name);
                      }
                    }));
        if (all.isEmpty()) {
          awaitRunning(engine, 1);
        }
        all.add(generation);
        model.beforeStep =
            () -> {
              await(goOn);
              pause(); // so that the readers write down the order
            };
      }
      goOn.countDown();
      while (order.size() < 6) {
        Thread.onSpinWait();
      }
      assertEquals(List.of("a1", "a2", "b1", "c1", "a3", "b2"), order);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(3);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void memoryIsPromisedBeforeItIsNeeded() {
    // 12 bytes a token, 64 tokens a block.
    CountDownLatch goOn = hold();
    try (Engine engine = engine(EngineOptions.DEFAULT.withCacheBytes(5 * 64 * 12))) {
      Generation two = submit(engine, request(60, 60));
      awaitRunning(engine, 1);
      assertEquals(2 * 64 * 12, engine.load().cacheBytes());
      Generation four = submit(engine, request(100, 150));
      Generation one = submit(engine, request(10, 10));
      assertEquals(2, engine.load().waiting());
      goOn.countDown();
      assertEquals(expected(60, 60), two.await(AnswerListener.NONE).text());
      assertEquals(expected(100, 150), four.await(AnswerListener.NONE).text());
      assertEquals(expected(10, 10), one.await(AnswerListener.NONE).text());
      // Without a limit there is as much as memory holds.
      Answer longest = engine.generate(request(20, GenerationRequest.NO_LIMIT));
      assertEquals(300, longest.tokens().length);
      assertEquals(FinishReason.LENGTH, longest.finishReason());
      assertEquals(
          "prompt: 321 tokens take 4608 bytes of cache, but the engine may use 3840; shorten it or allow more memory",
          assertThrows(BadInputException.class, () -> engine.generate(request(321, 1)))
              .getMessage());
      assertEquals(0, engine.load().cacheBytes());
    }
  }

  @Test
  void aLimitOfTimeEndsWhoRunsAndWhoWaits() {
    model.beforeStep = SchedulerTest::pause;
    Duration shortly = Duration.ofMillis(20);
    try (Engine engine = engine(EngineOptions.DEFAULT.withMostRunning(1))) {
      Generation running = submit(engine, request(1, 990).withTimeLimit(shortly.multipliedBy(20)));
      Generation waiting = submit(engine, request(1, 10).withTimeLimit(shortly));
      Answer some = running.await(AnswerListener.NONE);
      assertEquals(FinishReason.TIMEOUT, some.finishReason());
      assertEquals(expected(1, some.tokens().length), some.text());
      Answer none = waiting.await(AnswerListener.NONE);
      assertEquals(FinishReason.TIMEOUT, none.finishReason());
      assertEquals("", none.text());
      assertEquals(expected(7, 3), engine.generate(request(7, 3)).text());
    }
  }

  @Test
  void stoppingFinishesWhatRunsWithinTheGrace() {
    CountDownLatch goOn = hold();
    Engine engine = engine(EngineOptions.DEFAULT.withMostRunning(1));
    Generation running = submit(engine, request(1, 5));
    awaitRunning(engine, 1);
    Generation waiting = submit(engine, request(1, 5));
    Thread stopping = Thread.ofVirtual().start(() -> engine.stop(Duration.ofSeconds(30)));
    assertEquals(FinishReason.CANCELLED, waiting.await(AnswerListener.NONE).finishReason());
    assertThrows(IllegalStateException.class, () -> submit(engine, request(1, 5)));
    assertFalse(model.isClosed);
    goOn.countDown();
    assertEquals(expected(1, 5), running.await(AnswerListener.NONE).text());
    join(stopping);
    assertTrue(model.isClosed);
  }

  @Test
  void aReaderThatThrowsOrIsInterruptedFreesItsPlace() {
    model.beforeStep = SchedulerTest::pause;
    try (Engine engine = engine(EngineOptions.DEFAULT)) {
      AnswerListener broken =
          new AnswerListener() {
            @Override
            public void text(String piece) {
              throw new IllegalArgumentException("the connection is gone");
            }
          };
      assertThrows(
          IllegalArgumentException.class,
          () -> engine.generate(request(1, 900), broken, new Cancellation()));
      awaitRunning(engine, 0);
      List<Answer> cancelled = new CopyOnWriteArrayList<>();
      Thread reader =
          Thread.ofVirtual().start(() -> cancelled.add(engine.generate(request(1, 900))));
      awaitRunning(engine, 1);
      reader.interrupt();
      join(reader);
      assertEquals(FinishReason.CANCELLED, cancelled.getFirst().finishReason());
      awaitRunning(engine, 0);
      assertTrue(model.steps.size() < 200, "neither ran to its end");
    }
  }

  @Test
  void whoLooksSeesTheTokensAndTheirAlternatives() {
    try (Engine engine = engine(EngineOptions.DEFAULT)) {
      List<TokenChoice> choices = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      AnswerListener looking =
          new AnswerListener() {
            @Override
            public void token(TokenChoice choice) {
              choices.add(choice);
            }

            @Override
            public void text(String piece) {
              text.append(piece);
              assertEquals(text.length(), choices.size(), "a token comes before its text");
            }
          };
      GenerationRequest request = request(4, 30);
      Answer answer = engine.generate(request.withAlternatives(3), looking, new Cancellation());
      assertEquals(expected(4, 30), answer.text());
      assertEquals(30, choices.size());
      // The scripted logits are 30 for one token and 0 for the others.
      double sum = Math.log(1 + (ByteTokens.SIZE - 1) * Math.exp(-30));
      for (int i = 0; i < 30; i++) {
        assertEquals(answer.tokens()[i], choices.get(i).token().id());
        assertEquals(-sum, choices.get(i).token().logProbability(), 1e-9);
        assertEquals(3, choices.get(i).likeliest().size());
        assertEquals(choices.get(i).token(), choices.get(i).likeliest().getFirst());
        assertEquals(-30 - sum, choices.get(i).likeliest().getLast().logProbability(), 1e-9);
      }
      choices.clear();
      engine.generate(request, looking(choices), new Cancellation());
      assertEquals(List.of(), choices);
    }
  }

  private static AnswerListener looking(List<TokenChoice> choices) {
    return new AnswerListener() {
      @Override
      public void token(TokenChoice choice) {
        choices.add(choice);
      }
    };
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
