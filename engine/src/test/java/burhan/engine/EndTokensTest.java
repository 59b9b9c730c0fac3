package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndTokensTest {
  @TempDir private Path folder;

  private Set<Integer> read(String config, String generation) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    Files.writeString(folder.resolve("generation_config.json"), generation);
    return EndTokens.read(folder, 10);
  }

  @Test
  void bothFilesCount() throws IOException {
    assertEquals(Set.of(1), read("{\"eos_token_id\": 1}", "{}"));
    assertEquals(Set.of(1, 2, 9), read("{\"eos_token_id\": 1}", "{\"eos_token_id\": [2, 9, 1]}"));
    assertEquals(Set.of(2), read("{\"eos_token_id\": -1}", "{\"eos_token_id\": 2}"));
    assertEquals(Set.of(), read("{\"eos_token_id\": null}", "{}"));
    Files.delete(folder.resolve("generation_config.json"));
    assertEquals(Set.of(), EndTokens.read(folder, 10));
  }

  @Test
  void anIdTheModelLacksIsRefused() {
    for (String bad : new String[] {"10", "-2", "\"1\"", "1.5", "[1, 99999999999]", "{}"}) {
      String message =
          assertThrows(BadInputException.class, () -> read("{\"eos_token_id\": " + bad + "}", "{}"))
              .getMessage();
      assertTrue(message.contains("config.json: 'eos_token_id' holds "), message);
      assertTrue(message.endsWith("expected token ids from 0 to 9"), message);
    }
  }
}
