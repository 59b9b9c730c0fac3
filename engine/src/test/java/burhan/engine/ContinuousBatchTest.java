package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.kernel.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which rows a step takes, without a thread and without a clock that matters. */
class ContinuousBatchTest {
  private final ScriptedModel model =
      new ScriptedModel(
          ByteTokens.SIZE, 5000, (token, position) -> position >= 1101 ? ByteTokens.END : 'x');
  private final Engine engine =
      Engine.of(model, ByteTokens.tokenizer(), Set.of(ByteTokens.END), Speculation.OFF);
  private final ContinuousBatch batch =
      new ContinuousBatch(model, new StepCosts(32), sequence -> {});

  private Sequence add(int promptTokens) {
    return add(promptTokens, 3000);
  }

  private Sequence add(int promptTokens, int most) {
    GenerationRequest request =
        GenerationRequest.of(Prompt.raw(new int[promptTokens])).withSampling(Sampling.GREEDY);
    Generation generation = new Generation(request, new Cancellation());
    PrefixCache.Match match = new PrefixCache(0).enter("", new int[0], 0);
    Sequence sequence = new Sequence(engine, generation, false, most, match, 0);
    batch.add(sequence);
    return sequence;
  }

  private List<Sequence> run() {
    List<Sequence> out = new ArrayList<>();
    while (batch.size() > 0) {
      batch.step();
      out.addAll(batch.removeFinished());
    }
    return out;
  }

  @Test
  void promptsTakeTurnsAndSequencesShareSteps() {
    Sequence first = add(1100, 3);
    Sequence second = add(200, 5);
    assertEquals(List.of(first, second), run());
    assertEquals(
        List.of(
            "prompt 512",
            "prompt 200",
            "prompt 512",
            "prompt 76",
            "generate 2",
            "generate 2",
            "generate 1",
            "generate 1"),
        model.steps);
  }

  @Test
  void aLongPromptHoldsRunningAnswersUpForABoundedTime() {
    // A row of a prompt takes a millisecond at least, so a chunk of 112 rows is too long.
    model.onBatch =
        rows -> {
          if (rows.phase() == Phase.PROMPT) {
            sleep(rows.size());
          }
        };
    add(1080);
    while (model.steps.size() < 3) {
      batch.step();
    }
    model.steps.clear();
    Sequence longOne = add(400);
    while (longOne.promptLeft() > 0) {
      batch.step();
    }
    int chunks = 0;
    for (int i = 0; i < model.steps.size(); i++) {
      String step = model.steps.get(i);
      if (step.startsWith("prompt")) {
        int rows = Integer.parseInt(step.substring("prompt ".length()));
        assertTrue(rows <= 96, model.steps.toString());
        chunks++;
      }
    }
    assertTrue(chunks >= 5, model.steps.toString());
    assertTrue(model.steps.contains("generate 1"), "the first goes on: " + model.steps);
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatFailsInAStepFailsAlone() {
    model.onBatch =
        rows -> {
          for (int row = 0; row < rows.size(); row++) {
            if (rows.phase() == Phase.GENERATE && rows.position(row) == 60) {
              throw new IllegalStateException("position 60");
            }
          }
        };
    Sequence bad = add(58);
    Sequence good = add(1090);
    Sequence other = add(1095);
    assertEquals(Set.of(bad, good, other), Set.copyOf(run()));
    assertTrue(bad.nanos() == 0 && good.nanos() > 0 && other.nanos() > 0);
    good.publish();
    assertEquals(13, good.generation().await(AnswerListener.NONE).tokens().length);
  }
}
