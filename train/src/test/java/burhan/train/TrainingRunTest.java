package burhan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of seconds from end to end: it learns, survives a kill, and stops when asked. */
class TrainingRunTest {
  @TempDir Path folder;

  private static List<Double> losses(Path out) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
      losses.add(Json.parse("metrics", line).number("loss"));
    }
    return losses;
  }

  @Test
  void theLossFallsAndAKilledRunEndsAsIfNothingHadHappened() throws Exception {
    Path start = Tiny.start(folder.resolve("start"));
    Path whole = folder.resolve("whole");
    TrainingRun.run(Tiny.config(start, whole, Map.of()), Tiny::copying, new Tiny.Quiet());
    List<Double> losses = losses(whole);
    assertTrue(losses.getFirst() > 2.9, "an untrained model guesses: " + losses.getFirst());
    assertTrue(losses.getLast() < 1.0, "copying is learned: " + losses.getLast());
    assertTrue(Files.size(whole.resolve("loss.png")) > 1000);

    Path killed = folder.resolve("killed");
    Process child = child(start, killed);
    awaitSteps(child, killed, 30);
    child.destroyForcibly().waitFor();
    assertTrue(losses(killed).size() < losses.size(), "killed in the middle");
    Process second = child(start, killed);
    assertEquals(0, second.waitFor());
    assertEquals(losses, losses(killed), "the same curve, bit for bit");
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model/model.safetensors")),
        Files.readAllBytes(killed.resolve("model/model.safetensors")));
  }

  @Test
  void sigtermEndsARunWithACheckpointOfItsLastStep() throws Exception {
    Path out = folder.resolve("out");
    Process child = child(Tiny.start(folder.resolve("start")), out);
    awaitSteps(child, out, 12);
    child.destroy();
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));
    assertEquals(128 + 15, child.exitValue());
    int steps = losses(out).size();
    assertTrue(Files.exists(out.resolve("checkpoints/step-%08d/state.json".formatted(steps))));
  }

  @Test
  void aRunIsNotResumedUnderAnotherSeed() throws IOException {
    Path start = Tiny.start(folder.resolve("start"));
    Path out = folder.resolve("out");
    TrainingRun.run(
        Tiny.config(start, out, Map.of("tokens", "1000")), Tiny::copying, new Tiny.Quiet());
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () ->
                TrainingRun.run(
                    Tiny.config(start, out, Map.of("tokens", "1000", "seed", "9")),
                    Tiny::copying,
                    new Tiny.Quiet()));
    assertTrue(e.getMessage().contains("seed 1"), e.getMessage());
  }

  private static void awaitSteps(Process child, Path out, int steps)
      throws IOException, InterruptedException {
    Path metrics = out.resolve("metrics.jsonl");
    while (child.isAlive()) {
      if (Files.exists(metrics) && Files.readAllLines(metrics).size() >= steps) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("the run ended early with " + child.exitValue());
  }

  private Process child(Path start, Path out) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            start.toString(),
            out.toString());
    Path log = folder.resolve("child.log");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** The second process. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      TrainingRun.run(
          Tiny.config(Path.of(args[0]), Path.of(args[1]), Map.of("checkpoint_steps", "10")),
          Tiny::copying,
          new Tiny.Quiet());
    }
  }
}
