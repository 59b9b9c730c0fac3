package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import burhan.checkpoint.Json;
import burhan.engine.Answer;
import burhan.engine.Engine;
import burhan.engine.GenerationRequest;
import burhan.engine.Prompt;
import burhan.engine.Sampler;
import burhan.engine.Sampling;
import burhan.kernel.Kernels;
import burhan.kernel.Precision;
import burhan.kernel.ScalarKernels;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.token.Tokenizer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The engine's greedy answers are the reference implementation's, alone and several together. */
class EngineConformanceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dsv3-f32",
        "dsv3-bf16",
        "dsv3-sharded",
        "dsv3-negbias",
        "dsv2-lite",
        "dsv2-group"
      })
  void greedyAnswersThroughTheBatch(String fixture) {
    Path folder = Conformance.folder("hf/" + fixture);
    List<GenerationRequest> requests = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    for (JsonNode prompt : Json.read(folder.resolve("expected.json")).node().get("prompts")) {
      int[] greedy = ints(prompt.get("greedy"));
      expected.add(greedy);
      requests.add(
          GenerationRequest.of(Prompt.raw(ints(prompt.get("ids"))))
              .withSampling(Sampling.GREEDY)
              .withMaxTokens(greedy.length));
    }
    try (Workers workers = new Workers(2)) {
      for (Kernels kernels : List.of(new ScalarKernels(), Kernels.best(workers, Precision.EXACT))) {
        LanguageModel model = Models.open(folder, kernels);
        try (Engine engine = Engine.of(model, letters(model.vocabSize()), Set.of())) {
          for (int batchSize : new int[] {1, requests.size()}) {
            List<Answer> answers = engine.generateAll(requests, batchSize);
            for (int i = 0; i < expected.size(); i++) {
              assertArrayEquals(
                  expected.get(i), answers.get(i).tokens(), fixture + " " + kernels.name());
            }
          }
        }
      }
    }
  }

  private static int[] ints(JsonNode list) {
    int[] out = new int[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = list.get(i).intValue();
    }
    return out;
  }

  /** The fixtures have no text: any tokenizer of their size will do. */
  static Tokenizer letters(int vocabSize) {
    StringBuilder vocabulary = new StringBuilder("\"a\": 0");
    for (int id = 1; id < vocabSize; id++) {
      vocabulary.append(", \"a").append(id).append("\": ").append(id);
    }
    return Tokenizer.parse(
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {%s}, \"merges\": []}}".formatted(vocabulary),
        "letters");
  }

  @Test
  void samplingAllocatesNothingPerToken() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Sampler sampler =
        new Sampler(
            Sampling.RECOMMENDED
                .withTopK(40)
                .withMinP(0.01)
                .withRepetitionPenalty(1.1)
                .withPresencePenalty(0.1)
                .withLogitBias(Map.of(3, 1.0))
                .withSeed(1),
            2000,
            new int[] {5},
            0);
    float[] logits = new float[2000];
    sample(sampler, logits, 3000); // compiled, and what it remembers has grown
    long before = threads.getCurrentThreadAllocatedBytes();
    sample(sampler, logits, 1000);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(0, bytes / 1000, "bytes per token");
  }

  private static void sample(Sampler sampler, float[] logits, int tokens) {
    for (int n = 0; n < tokens; n++) {
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (i * 37 + n * 11) % 101 / 10f;
      }
      sampler.next(logits, 0);
    }
  }
}
