package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.engine.Answer;
import burhan.engine.Engine;
import burhan.engine.GenerationRequest;
import burhan.engine.Prompt;
import burhan.engine.Sampling;
import burhan.engine.Speculation;
import burhan.kernel.Kernels;
import burhan.kernel.Precision;
import burhan.kernel.ScalarKernels;
import burhan.kernel.VectorKernels;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.model.MultiTokenPrediction;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.task.Problem;
import burhan.task.Skill;
import burhan.task.Split;
import burhan.task.Tasks;
import burhan.token.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Several rows of one sequence in a step compute what one row a step does, bit for bit; with
 * guesses an answer is the reference's, greedy and sampled, from the model's own prediction and
 * from its text.
 */
class SpeculationConformanceTest {
  private static final Workers WORKERS = new Workers(2);
  private static final List<Kernels> KERNELS =
      List.of(
          new ScalarKernels(), new VectorKernels(WORKERS), Kernels.best(WORKERS, Precision.EXACT));

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static JsonNode prompts(String fixture) {
    Path file = Conformance.folder("hf/" + fixture).resolve("expected.json");
    return Json.read(file).node().get("prompts");
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dsv3-f32",
        "dsv3-bf16",
        "dsv3-fp8",
        "dsv2-lite",
        "deepseek-moe-f32",
        "llama3-f32",
        "mistral-swa",
        "mixtral-f16",
        "qwen3-bf16",
        "granitemoe-f32",
        "dbrx-bf16"
      })
  void severalRowsOfASequenceAreAsGoodAsOneAStep(String fixture) {
    JsonNode prompt = prompts(fixture).get(1);
    int[] ids = ints(prompt.get("ids"));
    int[] next = ints(prompt.get("greedy"));
    List<Kernels> all = new ArrayList<>(KERNELS);
    all.add(Kernels.best(WORKERS));
    for (Kernels kernels : all) {
      try (LanguageModel model = Models.open(Conformance.folder("hf/" + fixture), kernels)) {
        float[][] single = new float[next.length][];
        KeyValueCache cache = read(model, ids);
        for (int i = 0; i < next.length; i++) {
          single[i] = step(model, cache, next[i]);
        }
        KeyValueCache wide = read(model, ids);
        KeyValueCache other = read(model, ids);
        int at = 0;
        for (int rows = 1; at + rows <= next.length; rows++) {
          // The sequence's rows, two that guess wrong, and a row of somebody else.
          int[] tokens = Arrays.copyOfRange(next, at, at + rows + 3);
          KeyValueCache[] caches = new KeyValueCache[rows + 3];
          Arrays.fill(caches, wide);
          tokens[rows] = 1;
          tokens[rows + 1] = 2;
          tokens[rows + 2] = next[0];
          caches[rows + 2] = other;
          model.forward(Batch.generate(tokens, caches));
          float[] logits = new float[(rows + 3) * model.vocabSize()];
          model.logits(0, rows + 3, logits);
          for (int row = 0; row < rows; row++) {
            int from = row * model.vocabSize();
            assertArrayEquals(
                single[at + row],
                Arrays.copyOfRange(logits, from, from + model.vocabSize()),
                fixture + " " + kernels.name() + " row " + row + " of " + rows);
          }
          at += rows;
          wide.truncate(ids.length + at);
          other.truncate(ids.length);
        }
        assertTrue(at > 5, "the fixture is long enough");
      }
    }
  }

  private static KeyValueCache read(LanguageModel model, int[] ids) {
    KeyValueCache cache = model.newCache(model.contextLength());
    model.forward(Batch.prompt(ids, 0, ids.length, cache));
    return cache;
  }

  private static float[] step(LanguageModel model, KeyValueCache cache, int token) {
    model.forward(Batch.generate(new int[] {token}, new KeyValueCache[] {cache}));
    float[] logits = new float[model.vocabSize()];
    model.logits(0, 1, logits);
    return logits;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dsv3-f32", "dsv3-bf16", "dsv3-sharded", "dsv3-fp8", "qwen2-bf16"})
  void greedyAnswersAreTheReferences(String fixture) {
    Path folder = Conformance.folder("hf/" + fixture);
    List<GenerationRequest> requests = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    for (JsonNode prompt : prompts(fixture)) {
      int[] greedy = ints(prompt.get("greedy"));
      expected.add(greedy);
      requests.add(
          GenerationRequest.of(Prompt.raw(ints(prompt.get("ids"))))
              .withSampling(Sampling.GREEDY)
              .withMaxTokens(greedy.length));
    }
    for (Kernels kernels : KERNELS) {
      for (Speculation.Source source : Speculation.Source.values()) {
        LanguageModel model = Models.open(folder, kernels);
        if (source == Speculation.Source.MTP && model.multiTokenPrediction() == null) {
          model.close();
          continue;
        }
        try (Engine engine =
            Engine.of(
                model,
                EngineConformanceTest.letters(model.vocabSize()),
                Set.of(),
                Speculation.AUTO.withSource(source))) {
          for (int batchSize : new int[] {1, requests.size()}) {
            List<Answer> answers = engine.generateAll(requests, batchSize);
            for (int i = 0; i < expected.size(); i++) {
              assertArrayEquals(
                  expected.get(i),
                  answers.get(i).tokens(),
                  fixture + " " + kernels.name() + " " + source);
            }
          }
        }
      }
    }
  }

  private static final Skill[] MATHS = {Skill.ADD, Skill.SUB, Skill.MUL, Skill.DIV};

  private static List<Message> question(int i) {
    Problem problem = Tasks.problem(MATHS[i % MATHS.length], i, Split.TEST);
    return List.of(Message.user(problem.prompt()));
  }

  private static Engine nano(Speculation.Source source) {
    return Engine.open(
        Path.of("..", "models", "burhan-nano"),
        Kernels.best(WORKERS),
        OptionalInt.empty(),
        Speculation.AUTO.withSource(source).withDraftTokens(3));
  }

  @Test
  void nanoSaysTheSameAndItsGuessesAreOftenRight() {
    List<Answer> plain = new ArrayList<>();
    for (Speculation.Source source : Speculation.Source.values()) {
      int drafted = 0;
      int accepted = 0;
      int tokens = 0;
      try (Engine engine = nano(source)) {
        for (int i = 0; i < 12; i++) {
          Sampling sampling =
              i % 3 < 2 ? Sampling.GREEDY : Sampling.RECOMMENDED.withTemperature(1).withSeed(i);
          Answer answer =
              engine.generate(
                  GenerationRequest.of(engine.prompt(question(i), true)).withSampling(sampling));
          drafted += answer.usage().draftTokens();
          accepted += answer.usage().acceptedTokens();
          tokens += answer.usage().completionTokens();
          if (source == Speculation.Source.OFF) {
            plain.add(answer);
          } else {
            assertArrayEquals(plain.get(i).tokens(), answer.tokens(), source + " " + i);
            assertEquals(plain.get(i).text(), answer.text());
            assertEquals(plain.get(i).thinking(), answer.thinking());
          }
        }
      }
      System.out.printf(
          "nano, %s: %d of %d guesses right, %.2f tokens a step%n",
          source, accepted, drafted, tokens / (double) (tokens - accepted));
      if (source == Speculation.Source.MTP) {
        assertTrue(accepted > drafted / 4, "the prediction is worth its name");
      }
    }
  }

  @Test
  void thePredictionSeesWhatItWouldSeeAllAtOnce() {
    int accepted = 0;
    int drafted = 0;
    int expectedAccepted = 0;
    int expectedDrafted = 0;
    try (Engine engine =
        Engine.open(
            Path.of("..", "models", "burhan-nano"),
            new VectorKernels(WORKERS),
            OptionalInt.empty(),
            new Speculation(Speculation.Source.MTP, 1))) {
      LanguageModel model = engine.model();
      MultiTokenPrediction mtp = model.multiTokenPrediction();
      assertNotNull(mtp);
      for (int i = 0; i < 8; i++) {
        int[] prompt = engine.prompt(question(i), true).ids();
        Answer answer =
            engine.generate(GenerationRequest.of(Prompt.raw(prompt)).withSampling(Sampling.GREEDY));
        drafted += answer.usage().draftTokens();
        accepted += answer.usage().acceptedTokens();
        // The whole text at once: behind which of its tokens is the prediction right?
        int[] tokens = answer.tokens();
        int[] all = Arrays.copyOf(prompt, prompt.length + tokens.length);
        System.arraycopy(tokens, 0, all, prompt.length, tokens.length);
        int rows = all.length - 1;
        model.forward(Batch.prompt(all, 0, rows, model.newCache(all.length)));
        float[] logits = new float[rows * model.vocabSize()];
        mtp.forward(Batch.prompt(all, 1, rows, mtp.newCache(all.length)), model.hidden(), logits);
        int known = 1; // tokens of the answer
        while (known < tokens.length) {
          int row = prompt.length + known - 2;
          boolean isRight = best(logits, row, model.vocabSize()) == tokens[known];
          expectedDrafted++;
          expectedAccepted += isRight ? 1 : 0;
          // The guess and the token behind it, unless the guess was the end.
          known += isRight ? 2 : 1;
        }
      }
    }
    assertTrue(drafted > 100, "long enough: " + drafted);
    assertEquals(expectedDrafted, drafted);
    assertEquals(expectedAccepted, accepted);
  }

  private static int best(float[] logits, int row, int vocabSize) {
    int best = 0;
    for (int id = 1; id < vocabSize; id++) {
      best = logits[row * vocabSize + id] > logits[row * vocabSize + best] ? id : best;
    }
    return best;
  }
}
