package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.engine.Answer;
import burhan.engine.Engine;
import burhan.engine.EngineOptions;
import burhan.engine.GenerationRequest;
import burhan.engine.Prompt;
import burhan.engine.Sampling;
import burhan.engine.TextFiles;
import burhan.kernel.Kernels;
import burhan.kernel.ScalarKernels;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a prompt from earlier requests changes no token, whatever the attention. */
class PrefixConformanceTest {
  private static Engine engine(Path folder, Kernels kernels, long prefixBytes) {
    LanguageModel model = Models.open(folder, kernels);
    TextFiles text =
        new TextFiles(
            EngineConformanceTest.letters(model.vocabSize()), null, Set.of(), Sampling.RECOMMENDED);
    return Engine.of(model, text, EngineOptions.DEFAULT.withPrefixBytes(prefixBytes));
  }

  private static int[] joined(int[] a, int[] b) {
    int[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dsv3-f32",
        "dsv2-lite",
        "mistral-swa",
        "qwen3-yarn",
        "llama3-f32",
        "granitemoe-f32"
      })
  void answersAreTheSameWithAndWithout(String fixture) {
    Path folder = Conformance.folder("hf/" + fixture);
    try (Workers workers = new Workers(2)) {
      for (Kernels kernels : List.of(new ScalarKernels(), Kernels.best(workers))) {
        try (Engine without = engine(folder, kernels, 0);
            Engine with = engine(folder, kernels, 1 << 24)) {
          conversations(fixture + " " + kernels.name(), without, with);
        }
      }
    }
  }

  private static void conversations(String what, Engine without, Engine with) {
    int vocabSize = with.model().vocabSize();
    int room = Math.min(with.contextLength() - 16, 240);
    SplittableRandom random = new SplittableRandom(7);
    List<int[]> prompts = new ArrayList<>();
    prompts.add(random.ints(70, 0, vocabSize).toArray());
    int known = 0;
    for (int i = 0; i < 14; i++) {
      int[] prompt = prompts.get(random.nextInt(prompts.size()));
      GenerationRequest request =
          GenerationRequest.of(Prompt.raw(prompt))
              .withMaxTokens(1 + random.nextInt(12))
              .withSampling(
                  i % 2 == 0
                      ? Sampling.GREEDY
                      : Sampling.RECOMMENDED.withTemperature(1).withSeed(i));
      Answer expected = without.generate(request);
      Answer answer = with.generate(request);
      assertArrayEquals(expected.tokens(), answer.tokens(), what + " request " + i);
      assertEquals(0, expected.usage().cachedTokens());
      known += answer.usage().cachedTokens();
      // The next turn: the answer, or something else in its place, and a question.
      int[] said = i % 3 == 0 ? new int[] {1, 2} : answer.tokens();
      int[] next = joined(joined(prompt, said), random.ints(20, 0, vocabSize).toArray());
      prompts.add(next.length <= room ? next : Arrays.copyOf(next, 33));
    }
    assertTrue(known > 14 * 30, what + ": " + known + " tokens were known");
  }
}
