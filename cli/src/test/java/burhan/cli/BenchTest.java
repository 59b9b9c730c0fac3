package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BenchTest {
  @TempDir Path folder;

  private static void saysOneSentence(Called called, int code, String word) {
    assertEquals(code, called.code(), called.toString());
    assertEquals(1, called.err().lines().count(), called.err());
    assertTrue(called.err().contains(word), called.err());
  }

  @Test
  void writesAFileOrAFolderAndMeasuresNothing() {
    Path file = folder.resolve("nano.gguf");
    Called written =
        Called.with("bench", "--shape", "nano", "--type", "q4_0", "--write", file.toString());
    assertEquals(0, written.code(), written.err());
    assertEquals("", written.out());
    assertTrue(Files.exists(file));
    Called shown = Called.with("bench", "--shape", "nano", "--write", file.toString());
    saysOneSentence(shown, 1, "exists");

    Path fp8 = folder.resolve("fp8");
    assertEquals(
        0,
        Called.with("bench", "--shape", "nano", "--type", "FP8", "--write", fp8.toString()).code());
    assertTrue(Files.exists(fp8.resolve("model.safetensors")));
  }

  @Test
  void aBatchIsMeasuredTogether() {
    Called called =
        Called.with(
            Map.of("XDG_CACHE_HOME", folder.toString()),
            "",
            "bench",
            "--shape",
            "nano",
            "--type",
            "Q8_0",
            "--test",
            "pp2,tg2",
            "--batch",
            "1,3",
            "--json");
    assertEquals(0, called.code(), called.err());
    JsonNode rows = Json.parse("out", "{\"rows\": " + called.out() + "}").node().get("rows");
    assertEquals(3, rows.size(), called.out()); // a prompt is read alone
    JsonNode row = rows.get(2);
    assertEquals("tg2", row.get("test").stringValue());
    assertEquals(3, row.get("batch").intValue());
    assertTrue(row.get("tokens_per_second").doubleValue() > 0);
    assertTrue(row.get("cpu_seconds_per_token").doubleValue() > 0);
    assertTrue(row.get("machine_bytes_per_second").doubleValue() > 0);
    assertEquals(
        3.6e6,
        row.get("tokens_per_kwh").doubleValue() * row.get("joules_per_token").doubleValue(),
        1);
    assertTrue(Files.exists(folder.resolve("burhan/bench/nano-Q8_0-1.gguf")));
  }

  @Test
  void guessesAreMeasuredAgainstNone() {
    String[] args = {"bench", "--shape", "nano", "--test", "sg9", "--speculate", "ngram", "--json"};
    Called called = Called.with(Map.of("XDG_CACHE_HOME", folder.toString()), "", args);
    assertEquals(0, called.code(), called.err());
    JsonNode row = Json.parse("out", "{\"rows\": " + called.out() + "}").node().get("rows").get(0);
    assertEquals("sg9", row.get("test").stringValue());
    assertTrue(row.get("plain_tokens_per_second").doubleValue() > 0);
    assertTrue(row.get("tokens_per_second").doubleValue() > 0);
    assertTrue(row.get("tokens_per_step").doubleValue() >= 1);
    int drafted = row.get("draft_tokens").intValue();
    int accepted = row.get("accepted_tokens").intValue();
    assertTrue(accepted <= drafted, row.toString());
    assertEquals(
        drafted == 0 ? 0 : accepted / (double) drafted,
        row.get("acceptance_rate").doubleValue(),
        1e-9);
  }

  @Test
  void refusesInOneSentence() {
    saysOneSentence(Called.with("bench", "--shape", "nano", "--type", "Q9"), 1, "Q4_K_M");
    saysOneSentence(Called.with("bench", "--shape", "gpt"), 1, "r1-distill-qwen-1.5b");
    saysOneSentence(Called.with("bench", "--batch", "0"), 2, "--batch");
    saysOneSentence(Called.with("bench", "--write", folder.resolve("x").toString()), 2, "--shape");
    saysOneSentence(
        Called.with(
            "bench", "--shape", "nano", "--type", "FP8", "--write", folder.resolve("x.gguf") + ""),
        1,
        "FP8");
    saysOneSentence(
        Called.with(
            "bench", "--shape", "nano", "--type", "Q4_0", "--write", folder.resolve("x") + ""),
        1,
        ".gguf");
  }
}
