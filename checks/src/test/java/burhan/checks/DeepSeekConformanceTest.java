package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.kernel.Kernels;
import burhan.kernel.ScalarKernels;
import burhan.kernel.VectorKernels;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.model.MultiTokenPrediction;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.nn.Probe;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Our intermediate values, expert choices and drafts against those of DeepSeek's own model code,
 * with the scalar and the vector kernels.
 */
class DeepSeekConformanceTest {
  private static final String[] FIXTURES = {
    "dsv3-f32", "dsv3-bf16", "dsv3-fp8", "dsv3-sharded", "dsv3-negbias", "dsv2-lite", "dsv2-group"
  };
  private static final double RELATIVE = 1e-4;
  private static final double INTERMEDIATE_TOLERANCE = 2e-4;
  private static final double MTP_TOLERANCE = 1e-3;
  private static final Workers WORKERS = new Workers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  static Stream<Arguments> fixtures() {
    return Stream.of(FIXTURES)
        .flatMap(name ->
            Stream.of(
                Arguments.of(name, new ScalarKernels()),
                Arguments.of(name, new VectorKernels(WORKERS))));
  }

  private static LanguageModel open(String fixture, Kernels kernels) {
    return Models.open(Conformance.folder("hf").resolve(fixture), kernels);
  }

  private static JsonNode expected(String fixture) {
    Path file = Conformance.folder("hf").resolve(fixture).resolve("expected.json");
    return Json.read(file).node();
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  /** The largest excess over the tolerance is what fails; the largest difference is reported. */
  private static double compare(
      JsonNode expected, float[] actual, int at, double absolute, double relative, String what) {
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      double want = expected.get(i).doubleValue();
      double difference = Math.abs(want - actual[at + i]);
      worst = Math.max(worst, difference);
      assertTrue(
          difference <= absolute + relative * Math.abs(want),
          () -> what + ": expected " + want + ", off by " + difference);
    }
    return worst;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("fixtures")
  void naiveAndAbsorbedAttentionAgree(String fixture, Kernels kernels) {
    try (LanguageModel model = open(fixture, kernels)) {
      int[] ids = ints(expected(fixture).get("prompts").get(2).get("ids"));
      float[] naive = attentionOfFirstLayer(model, ids, false);
      float[] absorbed = attentionOfFirstLayer(model, ids, true);
      double squares = 0;
      double worst = 0;
      for (int i = 0; i < naive.length; i++) {
        squares += (double) naive[i] * naive[i];
        worst = Math.max(worst, Math.abs(naive[i] - absorbed[i]));
      }
      double rms = Math.sqrt(squares / naive.length);
      double share = worst / rms;
      assertTrue(share <= 1e-5, () -> fixture + ": off by " + share + " of the output's rms");
    }
  }

  /** The first layer sees the same input in both forms, so nothing but the form can differ. */
  private static float[] attentionOfFirstLayer(LanguageModel model, int[] ids, boolean stepwise) {
    float[] all = new float[ids.length * model.summary().width()];
    int[] filled = {0};
    model.probe((layer, value, values, rows, width) -> {
      if (layer == 0 && value == Probe.Value.ATTENTION_OUTPUT) {
        System.arraycopy(values, 0, all, filled[0], rows * width);
        filled[0] += rows * width;
      }
    });
    KeyValueCache cache = model.newCache(ids.length);
    if (stepwise) {
      for (int id : ids) {
        model.forward(Batch.generate(new int[] {id}, new KeyValueCache[] {cache}));
      }
    } else {
      model.forward(Batch.prompt(ids, 0, ids.length, cache));
    }
    assertEquals(all.length, filled[0]);
    return all;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("fixtures")
  void intermediateValuesAndExpertChoices(String fixture, Kernels kernels) {
    JsonNode expected = expected(fixture).get("intermediate");
    int layer = expected.get("layer").intValue();
    Map<Probe.Value, float[]> seen = new EnumMap<>(Probe.Value.class);
    Map<Probe.Value, Integer> widths = new EnumMap<>(Probe.Value.class);
    try (LanguageModel model = open(fixture, kernels)) {
      model.probe((at, value, values, rows, width) -> {
        if (at == layer) {
          seen.put(value, Arrays.copyOf(values, rows * width));
          widths.put(value, width);
        }
      });
      int prompt = expected.get("prompt").intValue();
      int[] ids = ints(expected(fixture).get("prompts").get(prompt).get("ids"));
      model.forward(Batch.prompt(ids, 0, ids.length, model.newCache(ids.length)));
      Map<Probe.Value, String> names =
          Map.of(
              Probe.Value.ATTENTION_OUTPUT, "attention_output",
              Probe.Value.FFN_INPUT, "ffn_input",
              Probe.Value.GATE_SCORES, "gate_scores",
              Probe.Value.FFN_OUTPUT, "moe_output",
              Probe.Value.BLOCK_OUTPUT, "block_output");
      names.forEach((value, name) -> {
        JsonNode rows = expected.get(name);
        for (int r = 0; r < rows.size(); r++) {
          compare(
              rows.get(r),
              seen.get(value),
              r * widths.get(value),
              INTERMEDIATE_TOLERANCE,
              0,
              fixture + " " + name);
        }
      });
      compareExperts(fixture, expected, seen, widths.get(Probe.Value.EXPERT_INDICES));
    }
  }

  private static void compareExperts(
      String fixture, JsonNode expected, Map<Probe.Value, float[]> seen, int topK) {
    float[] indices = seen.get(Probe.Value.EXPERT_INDICES);
    float[] weights = seen.get(Probe.Value.EXPERT_WEIGHTS);
    JsonNode rows = expected.get("expert_indices");
    for (int r = 0; r < rows.size(); r++) {
      int[] want = ints(rows.get(r));
      assertEquals(topK, want.length);
      for (int k = 0; k < topK; k++) {
        int found = -1;
        for (int j = 0; j < topK; j++) {
          if ((int) indices[r * topK + j] == want[k]) {
            found = j;
          }
        }
        assertTrue(found >= 0, fixture + " row " + r + " lacks expert " + want[k]);
        assertEquals(
            expected.get("expert_weights").get(r).get(k).doubleValue(),
            weights[r * topK + found],
            INTERMEDIATE_TOLERANCE);
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("fixtures")
  void multiTokenPrediction(String fixture, Kernels kernels) {
    JsonNode expected = expected(fixture).get("mtp");
    try (LanguageModel model = open(fixture, kernels)) {
      MultiTokenPrediction mtp = model.multiTokenPrediction();
      assertEquals(expected == null, mtp == null, "the draft layer is loaded where it exists");
      if (expected == null || mtp == null) {
        return;
      }
      JsonNode reference = expected(fixture);
      for (int p = 0; p < expected.get("prompts").size(); p++) {
        compareMtp(model, mtp, expected.get("prompts").get(p), reference, p, fixture);
      }
    }
  }

  private static void compareMtp(
      LanguageModel model,
      MultiTokenPrediction mtp,
      JsonNode expected,
      JsonNode reference,
      int prompt,
      String fixture) {
    int[] ids = ints(reference.get("prompts").get(prompt).get("ids"));
    int[] greedy = ints(reference.get("prompts").get(prompt).get("greedy"));
    JsonNode logits = expected.get("logits");
    assertNotNull(expected.get("draft_after_each_greedy_token"));
    int[] drafts = ints(expected.get("draft_after_each_greedy_token"));
    int[] all = Arrays.copyOf(ids, ids.length + greedy.length);
    System.arraycopy(greedy, 0, all, ids.length, greedy.length);

    int rows = all.length - 1;
    model.forward(Batch.prompt(all, 0, rows, model.newCache(all.length)));
    float[] out = new float[rows * model.vocabSize()];
    mtp.forward(Batch.prompt(all, 1, rows, mtp.newCache(all.length)), model.hidden(), out);
    if (logits != null) {
      for (int i = 0; i < logits.size(); i++) {
        compare(logits.get(i), out, i * model.vocabSize(), MTP_TOLERANCE, 0, fixture + " mtp " + i);
      }
    }
    for (int j = 0; j < drafts.length; j++) {
      int row = ids.length - 1 + j;
      float[] one = Arrays.copyOfRange(out, row * model.vocabSize(), (row + 1) * model.vocabSize());
      assertEquals(drafts[j], argmax(one), fixture + " draft " + j);
    }
  }

  private static int argmax(float[] x) {
    int best = 0;
    for (int i = 1; i < x.length; i++) {
      if (x[i] > x[best]) {
        best = i;
      }
    }
    return best;
  }
}
