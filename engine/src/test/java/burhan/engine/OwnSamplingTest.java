package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnSamplingTest {
  @TempDir private Path folder;

  private Sampling read(String json) throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), json);
    return OwnSampling.read(folder);
  }

  @Test
  void theModelsWishCounts() throws IOException {
    assertEquals(Sampling.RECOMMENDED, OwnSampling.read(folder));
    assertEquals(Sampling.RECOMMENDED, read("{\"eos_token_id\": 1}"));
    assertEquals(Sampling.GREEDY, read("{\"do_sample\": false, \"temperature\": 1.0}"));
    assertEquals(
        Sampling.GREEDY
            .withTemperature(0.7)
            .withTopK(20)
            .withTopP(0.8)
            .withMinP(0.1)
            .withRepetitionPenalty(1.05),
        read(
            """
            {"do_sample": true, "temperature": 0.7, "top_k": 20, "top_p": 0.8, "min_p": 0.1,
             "repetition_penalty": 1.05}
            """));
  }

  @Test
  void aWishOutOfRangeIsRefused() {
    for (String bad : new String[] {"\"temperature\": -1", "\"top_p\": 0", "\"top_k\": \"many\""}) {
      String message =
          assertThrows(BadInputException.class, () -> read("{" + bad + "}")).getMessage();
      assertTrue(message.contains("generation_config.json: "), message);
      assertEquals(message.indexOf("generation_config"), message.lastIndexOf("generation_config"));
    }
  }
}
