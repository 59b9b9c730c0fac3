package burhan.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.engine.Answer;
import burhan.engine.Engine;
import burhan.engine.GenerationRequest;
import burhan.engine.Prompt;
import burhan.engine.Sampling;
import burhan.kernel.Kernels;
import burhan.kernel.ScalarKernels;
import burhan.kernel.Workers;
import burhan.model.DeepSeekConfig;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.YarnScaling;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomModelTest {
  private static final DeepSeekConfig V3 = config("deepseek_v3", 300, 24, 1);
  private static final DeepSeekConfig V2 = config("deepseek_v2", 300, 0, 0);

  private static DeepSeekConfig config(String type, int vocabSize, int queryRank, int mtp) {
    boolean v3 = type.equals("deepseek_v3");
    return new DeepSeekConfig(
        type,
        vocabSize,
        48,
        64,
        16,
        3,
        mtp,
        4,
        1,
        8,
        2,
        v3 ? 2 : 1,
        1,
        v3 ? "noaux_tc" : "greedy",
        v3 ? "sigmoid" : "softmax",
        v3,
        v3 ? 2.5 : 1,
        1,
        queryRank,
        16,
        8,
        8,
        8,
        1024,
        10_000,
        new YarnScaling(4, 256, 32, 1, 1, 1),
        1e-6,
        false,
        256,
        257);
  }

  @Test
  void everyTensorIsThereAndTheModelRuns(@TempDir Path folder) throws IOException {
    for (DeepSeekConfig config : List.of(V3, V2)) {
      for (DType type : List.of(DType.F32, DType.F16, DType.BF16)) {
        RandomModel.write(folder, config, type, 1);
        long size = Files.size(folder.resolve("model.safetensors"));
        assertTrue(size > RandomModel.weightBytes(Json.of("x", config.toJson("x")), type));
        try (LanguageModel model = Models.open(folder, new ScalarKernels())) {
          assertEquals(config, DeepSeekConfig.parse(Json.read(folder.resolve("config.json"))));
          if (config.numNextnPredictLayers() > 0) {
            assertNotNull(model.multiTokenPrediction());
          }
        }
        try (Engine engine = Engine.open(folder, new ScalarKernels())) {
          int[] ids = engine.tokenizer().encode("17+25?");
          Answer answer = engine.generate(GenerationRequest.of(Prompt.raw(ids)).withMaxTokens(3));
          assertTrue(answer.tokens().length > 0);
        }
      }
    }
  }

  @Test
  void aSeedGivesTheSameBytes(@TempDir Path first, @TempDir Path second, @TempDir Path other)
      throws IOException {
    RandomModel.write(first, V3, DType.BF16, 5);
    RandomModel.write(second, V3, DType.BF16, 5);
    RandomModel.write(other, V3, DType.BF16, 6);
    byte[] bytes = Files.readAllBytes(first.resolve("model.safetensors"));
    assertArrayEquals(bytes, Files.readAllBytes(second.resolve("model.safetensors")));
    assertFalse(Arrays.equals(bytes, Files.readAllBytes(other.resolve("model.safetensors"))));
  }

  @Test
  void refusesWhatItCannotWrite(@TempDir Path folder) {
    assertThrows(BadInputException.class, () -> RandomModel.write(folder, V3, DType.Q8_0, 1));
    assertThrows(
        BadInputException.class,
        () -> RandomModel.write(folder, config("deepseek_v3", 100, 0, 0), DType.F32, 1));
  }

  @Test
  void aGreedyAnswerIsTheSameAloneAndInABatch(@TempDir Path folder) throws IOException {
    RandomModel.write(folder, V3, DType.F32, 3);
    try (Workers workers = new Workers(2)) {
      for (Kernels kernels : List.of(new ScalarKernels(), Kernels.best(workers))) {
        try (Engine engine = Engine.open(folder, kernels)) {
          Random random = new Random(11);
          List<GenerationRequest> requests = new ArrayList<>();
          for (int i = 0; i < 12; i++) {
            int[] ids = random.ints(1 + random.nextInt(40), 0, V3.vocabSize()).toArray();
            requests.add(
                GenerationRequest.of(Prompt.raw(ids))
                    .withSampling(i % 4 == 3 ? Sampling.RECOMMENDED.withSeed(i) : Sampling.GREEDY)
                    .withMaxTokens(1 + random.nextInt(24)));
          }
          for (int batchSize : new int[] {3, 12}) {
            List<Answer> together = engine.generateAll(requests, batchSize);
            for (int i = 0; i < requests.size(); i++) {
              assertArrayEquals(
                  engine.generate(requests.get(i)).tokens(),
                  together.get(i).tokens(),
                  kernels.name() + " batch " + batchSize + " request " + i);
            }
          }
        }
      }
    }
  }
}
