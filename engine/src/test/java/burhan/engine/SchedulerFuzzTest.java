package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.engine.Answer.FinishReason;
import burhan.token.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random arrivals, cancellations, failures, slow readers and limits of time under tiny memory:
 * nothing is lost, nothing comes twice, no answer meets another's tokens, and at the end nothing is
 * promised to anybody.
 */
@Timeout(120)
class SchedulerFuzzTest {
  private static final Tokenizer TOKENIZER = ByteTokens.tokenizer();
  private static final int POISON = 255; // the model fails on it
  private static final int CONTEXT = 400;
  private static final int CALLERS = 24;
  private static final int REQUESTS = 12; // of each

  private static int next(int token, int position) {
    int next = (token * 31 + position * 17) % 250;
    return next < 3 ? ByteTokens.END : next;
  }

  /** What the model says alone, by the book. */
  private static int[] expected(int[] prompt, int most) {
    int[] out = new int[Math.min(most, CONTEXT - prompt.length)];
    int token = prompt[prompt.length - 1];
    for (int i = 0; i < out.length; i++) {
      token = next(token, prompt.length - 1 + i);
      out[i] = token;
      if (token == ByteTokens.END) {
        return java.util.Arrays.copyOf(out, i + 1);
      }
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void nothingIsLostAndNothingComesTwice(long seed) throws InterruptedException {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, CONTEXT, SchedulerFuzzTest::next);
    model.onBatch =
        batch -> {
          for (int row = 0; row < batch.size(); row++) {
            if (batch.token(row) == POISON) {
              throw new IllegalStateException("poison");
            }
          }
        };
    long bytes = (7 + seed) * 64 * 12; // the longest request takes seven blocks
    EngineOptions options =
        EngineOptions.DEFAULT.withMostRunning(5).withMostWaiting(10).withCacheBytes(bytes);
    TextFiles text = new TextFiles(TOKENIZER, null, Set.of(ByteTokens.END), Sampling.RECOMMENDED);
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger whole = new AtomicInteger();
    ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    Engine engine = Engine.of(model, text, options);
    List<Thread> callers = new CopyOnWriteArrayList<>();
    for (int c = 0; c < CALLERS; c++) {
      SplittableRandom random = new SplittableRandom(seed * 1000 + c);
      callers.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < REQUESTS; i++) {
                  try {
                    whole.addAndGet(ask(engine, random) ? 1 : 0);
                  } catch (RuntimeException | Error e) {
                    wrong.add(e);
                  }
                  ended.incrementAndGet();
                  EngineLoad load = engine.load();
                  assertTrue(load.cacheBytes() + load.prefixBytes() <= bytes);
                }
              }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(List.of(), List.copyOf(wrong));
    assertEquals(CALLERS * REQUESTS, ended.get());
    assertTrue(whole.get() > CALLERS * REQUESTS / 4, whole + " whole answers");
    while (engine.load().running() > 0) {
      Thread.sleep(1); // whoever cancelled and went does not wait for the step under way
    }
    EngineLoad load = engine.load();
    assertEquals(0, load.running() + load.waiting() + load.cacheBytes());
    assertTrue(load.prefixBytes() > 0 && load.prefixBytes() <= bytes);
    engine.close();
    assertEquals(new EngineLoad(0, 0, 0, 0, bytes), engine.load());
    assertTrue(model.isClosed);
  }

  /** One request with a random fate; returns whether its answer came to its own end. */
  private static boolean ask(Engine engine, SplittableRandom random) {
    int[] prompt = random.ints(1 + random.nextInt(250), 0, 250).toArray();
    int most = 1 + random.nextInt(150);
    boolean isPoisoned = random.nextInt(10) == 0;
    if (isPoisoned) {
      prompt[random.nextInt(prompt.length)] = POISON;
    }
    GenerationRequest request =
        GenerationRequest.of(Prompt.raw(prompt))
            .withMaxTokens(most)
            .withTenant("t" + random.nextInt(3))
            .withSampling(
                random.nextBoolean()
                    ? Sampling.GREEDY
                    : Sampling.RECOMMENDED.withTemperature(1).withSeed(random.nextLong()));
    if (random.nextInt(8) == 0) {
      request = request.withTimeLimit(Duration.ofNanos(1 + random.nextInt(3_000_000)));
    }
    Cancellation cancellation = new Cancellation();
    int cancelAt = random.nextInt(4) == 0 ? random.nextInt(200) : Integer.MAX_VALUE;
    if (cancelAt == 0) {
      cancellation.cancel();
    }
    StringBuilder heard = new StringBuilder();
    AnswerListener listener =
        new AnswerListener() {
          @Override
          public void text(String piece) {
            heard.append(piece);
            if (heard.length() >= cancelAt) {
              cancellation.cancel();
            }
          }
        };
    try {
      Answer answer =
          random.nextBoolean()
              ? engine.submit(request, cancellation).await(listener)
              : engine.generate(request, listener, cancellation);
      int[] expected = expected(prompt, most);
      int[] got = answer.tokens();
      boolean isWhole =
          answer.finishReason() == FinishReason.STOP
              || answer.finishReason() == FinishReason.LENGTH;
      int common = java.util.Arrays.mismatch(got, expected);
      if (isWhole ? common != -1 : common != -1 && common != got.length) {
        throw new AssertionError("another's tokens, at " + common + " " + answer.finishReason());
      }
      if (!answer.text().contentEquals(heard)) {
        throw new AssertionError("heard <%s> of <%s>".formatted(heard, answer.text()));
      }
      if (isPoisoned && isWhole) {
        throw new AssertionError("a poisoned prompt was answered");
      }
      return isWhole;
    } catch (BusyException e) {
      Thread.yield();
      return false;
    } catch (IllegalStateException e) {
      if (!isPoisoned) {
        throw e;
      }
      return false;
    }
  }
}
