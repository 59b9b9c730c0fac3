package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.engine.Answer;
import burhan.engine.AnswerListener;
import burhan.engine.Cancellation;
import burhan.engine.Engine;
import burhan.engine.EngineOptions;
import burhan.engine.GenerationRequest;
import burhan.engine.Sampling;
import burhan.engine.Speculation;
import burhan.kernel.Kernels;
import burhan.kernel.Workers;
import burhan.task.Skill;
import burhan.task.Split;
import burhan.task.Tasks;
import burhan.token.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The model in the box, asked by many at once under little memory: everybody's answer is as alone.
 */
@Timeout(120)
class SchedulerConformanceTest {
  private static final int CALLERS = 24;
  private static final int TOKENS = 20;

  private static Engine nano(Workers workers, EngineOptions options) {
    return Engine.open(Path.of("..", "models", "burhan-nano"), Kernels.best(workers), options);
  }

  private static GenerationRequest request(Engine engine, int i) {
    String question =
        Tasks.problem(i % 2 == 0 ? Skill.ADD : Skill.MUL, i % 20, Split.TEST).prompt();
    Sampling sampling =
        i % 3 < 2 ? Sampling.GREEDY : Sampling.RECOMMENDED.withTemperature(1).withSeed(i);
    return GenerationRequest.of(engine.prompt(List.of(Message.user(question)), true))
        .withMaxTokens(TOKENS)
        .withTenant("tenant " + i % 3)
        .withSampling(sampling);
  }

  @Test
  void everybodysAnswerIsAsAlone() throws InterruptedException {
    try (Workers workers = new Workers(2)) {
      List<int[]> expected = new ArrayList<>();
      EngineOptions plain =
          EngineOptions.DEFAULT
              .withSpeculation(Speculation.OFF)
              .withMostRunning(1)
              .withPrefixBytes(0);
      try (Engine alone = nano(workers, plain)) {
        for (int i = 0; i < CALLERS; i++) {
          expected.add(alone.generate(request(alone, i)).tokens());
        }
      }
      ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
      try (Engine together = nano(workers, EngineOptions.DEFAULT.withCacheBytes(24L << 20))) {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          int index = i;
          callers.add(
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      ask(together, index, expected.get(index));
                    } catch (RuntimeException | Error e) {
                      wrong.add(e);
                    }
                  }));
        }
        for (Thread caller : callers) {
          caller.join();
        }
        assertEquals(List.of(), List.copyOf(wrong));
        int known = 0;
        for (int i = 0; i < 6; i++) {
          Answer again = together.generate(request(together, i));
          assertArrayEquals(expected.get(i), again.tokens(), "asked again: " + i);
          known += again.usage().cachedTokens();
        }
        assertTrue(known > 0, "the prompts were known by then");
        assertEquals(0, together.load().cacheBytes());
      }
    }
  }

  /** Every fifth goes after a few characters. */
  private static void ask(Engine engine, int index, int[] expected) {
    Cancellation cancellation = new Cancellation();
    int[] heard = {0};
    AnswerListener listener =
        new AnswerListener() {
          @Override
          public void thinking(String piece) {
            heard[0] += piece.length();
            if (index % 5 == 0 && heard[0] > 8) {
              cancellation.cancel();
            }
          }
        };
    int[] tokens = engine.generate(request(engine, index), listener, cancellation).tokens();
    if (index % 5 == 0) {
      assertArrayEquals(Arrays.copyOf(expected, tokens.length), tokens, "cut off " + index);
    } else {
      assertArrayEquals(expected, tokens, "together " + index);
    }
  }
}
