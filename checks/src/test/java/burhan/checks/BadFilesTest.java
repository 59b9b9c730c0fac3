package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.engine.TextFiles;
import burhan.kernel.ScalarKernels;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import burhan.tensor.BadInputException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every malformed file among the fixtures is judged as its index expects: a refusal is one sentence
 * that begins with the file, by the cheapest command that must notice. {@code show} reads headers
 * and vocabulary, {@code logits} computes.
 */
class BadFilesTest {
  static Stream<Arguments> files() {
    JsonNode cases = Json.read(Conformance.folder("bad").resolve("index.json")).node().get("cases");
    return cases
        .valueStream()
        .map(one ->
            Arguments.of(
                one.get("file").stringValue(),
                one.get("expected").stringValue(),
                one.get("seen_by").stringValue()));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("files")
  void isJudgedAsExpected(String name, String expected, String seenBy) {
    Path file = Conformance.folder("bad").resolve(name);
    String refusal = refusal(file, seenBy.equals("logits"));
    System.out.printf("bad file  %-36s %-7s %s%n", name, expected, refusal == null ? "-" : refusal);
    switch (expected) {
      case "accept" -> assertNull(refusal);
      case "refuse" -> assertFalse(refusal == null, "was accepted");
      default -> assertEquals("either", expected);
    }
    if (refusal != null) {
      assertTrue(refusal.startsWith(file.toString()), refusal);
      assertEquals(1, refusal.lines().count(), refusal);
      assertTrue(refusal.length() < 400 + file.toString().length(), refusal);
    }
  }

  private static String refusal(Path file, boolean computes) {
    try {
      Models.Description description = Models.describe(file);
      TextFiles.open(file, description.summary().vocabSize());
      if (computes) {
        try (LanguageModel model = Models.open(file, new ScalarKernels())) {
          model.forward(Batch.prompt(new int[] {1, 2, 3}, 0, 3, model.newCache(8)));
          model.logits(0, 3, new float[3 * model.vocabSize()]);
        }
      }
      return null;
    } catch (BadInputException e) {
      return e.getMessage();
    }
  }
}
