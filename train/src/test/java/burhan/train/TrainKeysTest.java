package burhan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainKeysTest {
  @TempDir Path folder;

  @Test
  void aFileSetsWhatItNames() throws IOException {
    Path file = folder.resolve("nano.toml");
    Files.writeString(
        file,
        """
        # burhan-nano
        stage = "sft"
        start = 'models/a'   # where from
        out = "runs/b"
        tokens = 6_000_000
        learning_rate = 5e-4
        batch_tokens_start = 1024
        optimizer = "muon"
        """);
    TrainConfig config = TrainConfig.of(TrainKeys.read(file));
    assertEquals(Stage.SFT, config.stage());
    assertEquals(Path.of("models/a"), config.start());
    assertEquals(6_000_000, config.tokens());
    assertEquals(5e-4, config.learningRate());
    assertEquals(Optimizer.Rule.MUON, config.optimizer());
    assertEquals(384, config.context(), "a default");
  }

  @Test
  void refusesWhatItDoesNotKnow() throws IOException {
    refused(Map.of("start", "a", "out", "b", "lerning_rate", "1"), "lerning_rate");
    refused(Map.of("start", "a"), "'out' is missing");
    refused(Map.of("start", "a", "out", "b", "tokens", "-4"), "'tokens' is '-4'");
    refused(Map.of("start", "a", "out", "b", "learning_rate", "fast"), "'fast'");
    refused(Map.of("start", "a", "out", "b", "stage", "grow"), "[PRETRAIN, SFT]");
    Path file = folder.resolve("bad.toml");
    Files.writeString(file, "tokens = 3\n[model]\n");
    BadInputException e = assertThrows(BadInputException.class, () -> TrainKeys.read(file));
    assertTrue(e.getMessage().contains("bad.toml:2"), e.getMessage());
  }

  private static void refused(Map<String, String> settings, String part) {
    BadInputException e = assertThrows(BadInputException.class, () -> TrainConfig.of(settings));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void theScheduleRisesFallsAndEndsAtItsFloor() {
    assertTrue(Schedule.COSINE.share(0, 100, 1000, 0.1) < 0.02);
    assertEquals(1, Schedule.COSINE.share(100, 100, 1000, 0.1), 1e-9);
    assertEquals(0.55, Schedule.COSINE.share(550, 100, 1000, 0.1), 1e-9);
    assertEquals(0.1, Schedule.COSINE.share(1000, 100, 1000, 0.1), 1e-9);
    assertEquals(1, Schedule.WSD.share(800, 100, 1000, 0.1), 1e-9);
    assertEquals(0.55, Schedule.WSD.share(910, 100, 1000, 0.1), 1e-9);
  }
}
