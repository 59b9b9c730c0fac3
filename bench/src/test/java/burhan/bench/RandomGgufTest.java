package burhan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.GgufFiles;
import burhan.checkpoint.Json;
import burhan.checkpoint.TensorInfo;
import burhan.kernel.ScalarKernels;
import burhan.model.GgufExport;
import burhan.model.GgufForm;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomGgufTest {
  /** Wide enough for blocks of 256, and small. */
  private static final Json LLAMA =
      Json.parse(
          "llama",
          """
          {"model_type": "llama", "hidden_size": 256, "intermediate_size": 512,
           "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
           "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 500000,
           "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
             "high_freq_factor": 4.0, "original_max_position_embeddings": 64},
           "tie_word_embeddings": false, "vocab_size": 300}
          """);

  private static final Json QWEN =
      Json.parse(
          "qwen2",
          """
          {"model_type": "qwen2", "hidden_size": 64, "intermediate_size": 96,
           "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
           "max_position_embeddings": 512, "rms_norm_eps": 1e-6, "rope_theta": 10000,
           "tie_word_embeddings": false, "vocab_size": 300}
          """);

  private static final Json QWEN3_MOE =
      Json.parse(
          "qwen3_moe",
          """
          {"model_type": "qwen3_moe", "hidden_size": 64, "intermediate_size": 96, "head_dim": 32,
           "moe_intermediate_size": 32, "num_experts": 4, "num_experts_per_tok": 2,
           "norm_topk_prob": true, "num_hidden_layers": 2, "num_attention_heads": 4,
           "num_key_value_heads": 2, "max_position_embeddings": 512, "rms_norm_eps": 1e-6,
           "rope_theta": 1000000, "tie_word_embeddings": true, "vocab_size": 300}
          """);

  @TempDir Path folder;

  private static float[] logits(Path path) {
    try (LanguageModel model = Models.open(path, new ScalarKernels())) {
      float[] logits = new float[model.vocabSize()];
      model.forward(Batch.prompt(new int[] {1, 2, 3}, 0, 3, model.newCache(3)));
      model.logits(2, 1, logits);
      return logits;
    }
  }

  private static double size(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "F32", "f16", "BF16", "Q8_0", "Q4_0", "Q4_K", "Q3_K_M", "Q6_K", "IQ4_XS", "IQ2_XXS",
        "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S", "IQ1_M", "TQ1_0", "TQ2_0", "MXFP4", "NVFP4"
      })
  void everyTypeIsAModelThatRuns(String type) throws IOException {
    Path file = folder.resolve(type + ".gguf");
    RandomGguf random = RandomGguf.of("tiny", LLAMA, type);
    random.write(file, 7);
    double size = size(logits(file));
    assertTrue(size > 0.05 && size < 5, type + ": logits of size " + size);
    assertTrue(Files.size(file) > random.weightBytes(), "the header");
    assertTrue(Files.size(file) < random.weightBytes() + 20_000, "nothing but the header");
    try (GgufFiles files = GgufFiles.open(file)) {
      assertEquals(random.tensors().size(), files.names().size());
      assertEquals(300, files.metadata().count("tokenizer.ggml.tokens"));
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void numbersHaveTheUsualSizeInEveryType(DType type) {
    if (!type.isFloat() || type == DType.F8_E8M0 || type == DType.F8_E4M3) {
      return; // E4M3 is as large as its scales are small
    }
    float[] values = new float[RandomPool.ELEMENTS];
    Elements.decode(type, RandomPool.of(type, 5, 0.0346f), 0, values, 0, values.length);
    double size = size(values);
    assertTrue(size > 0.012 && size < 0.03, type + ": " + size);
  }

  @Test
  void everyFamilyRuns() throws IOException {
    for (Json config :
        new Json[] {QWEN, QWEN3_MOE, Shape.NANO.config(), smaller(Shape.DEEPSEEK_V3_2LAYERS)}) {
      Path file = folder.resolve(config.text("model_type") + ".gguf");
      RandomGguf.of("tiny", config, "Q8_0").write(file, 3);
      double size = size(logits(file));
      assertTrue(size > 0.05 && size < 5, config.text("model_type") + ": logits of size " + size);
      Files.delete(file);
    }
    RandomModel.write(folder.resolve("qwen"), QWEN, DType.BF16, 3);
    assertTrue(size(logits(folder.resolve("qwen"))) > 0.05);
  }

  @Test
  void theFormIsWhatAFolderIsExportedTo() throws IOException {
    int number = 0;
    for (Json config :
        new Json[] {
          LLAMA, QWEN, QWEN3_MOE, Shape.NANO.config(), smaller(Shape.DEEPSEEK_V3_2LAYERS)
        }) {
      Path written = folder.resolve("export" + number++);
      RandomModel.write(written, config, DType.F32, 1);
      try (GgufExport export = GgufExport.open(written)) {
        Map<String, String> exported = new TreeMap<>();
        export.infos().forEach(info -> exported.put(info.name(), Arrays.toString(info.shape())));
        GgufForm form = GgufForm.of(written.getFileName().toString(), config);
        Map<String, String> expected = new TreeMap<>();
        form.tensors().forEach(info -> expected.put(info.name(), Arrays.toString(info.shape())));
        assertEquals(exported, expected);
        assertEquals(export.metadata(), form.metadata());
      }
    }
  }

  /** The same with groups, compressed queries and all, in a size for every day. */
  private static Json smaller(Shape shape) {
    String text = shape.config().node().toString();
    return Json.parse(
        "smaller",
        text.replace("\"hidden_size\":7168", "\"hidden_size\":64")
            .replace("\"intermediate_size\":18432", "\"intermediate_size\":96")
            .replace("\"moe_intermediate_size\":2048", "\"moe_intermediate_size\":32")
            .replace("\"num_attention_heads\":128", "\"num_attention_heads\":4")
            .replace("\"n_routed_experts\":256", "\"n_routed_experts\":32")
            .replace("\"q_lora_rank\":1536", "\"q_lora_rank\":96")
            .replace("\"vocab_size\":129280", "\"vocab_size\":300"));
  }

  @Test
  void bytesFollowTheSeedAlone() throws IOException {
    RandomGguf random = RandomGguf.of("nano", Shape.NANO.config(), "Q8_0");
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    Path c = folder.resolve("c");
    random.write(a, 1);
    random.write(b, 1);
    random.write(c, 2);
    assertEquals(-1, Files.mismatch(a, b));
    assertNotEquals(-1, Files.mismatch(a, c));
  }

  @Test
  void noTwoExpertsAreEqual() throws IOException {
    Path file = folder.resolve("nano.gguf");
    RandomGguf.of("nano", Shape.NANO.config(), "Q4_0").write(file, 1);
    try (GgufFiles files = GgufFiles.open(file)) {
      Tensor experts = files.get("blk.1.ffn_up_exps.weight");
      for (int e = 1; e < experts.dim(0); e++) {
        assertNotEquals(-1, experts.slice(0).data().mismatch(experts.slice(e).data()));
      }
    }
  }

  @Test
  void fp8FoldersOpenAndDecodeToTheUsualSize() throws IOException {
    Json config = smaller(Shape.DEEPSEEK_V3_2LAYERS);
    RandomModel.write(folder, config, DType.F8_E4M3, 1);
    assertTrue(
        RandomModel.tensors(config, DType.F8_E4M3).stream()
            .anyMatch(info ->
                info.name().equals("model.layers.0.self_attn.q_b_proj.weight_scale_inv")
                    && Arrays.equals(info.shape(), new long[] {6, 1})));
    double size = size(logits(folder));
    assertTrue(size > 0.05 && size < 5, "logits of size " + size);
  }

  @Test
  void sizesOfTheKnownShapesAreThePublishedOnes() {
    assertEquals(1.777e9, parameters(Shape.R1_DISTILL_QWEN_1_5B), 0.001e9);
    assertEquals(8.030e9, parameters(Shape.R1_DISTILL_LLAMA_8B), 0.001e9);
    assertEquals(15.71e9, parameters(Shape.DEEPSEEK_V2_LITE), 0.01e9);
    double v3 = parameters(Shape.DEEPSEEK_V3_2LAYERS);
    assertTrue(v3 > 13e9 && v3 < 15e9, "parameters " + v3);
    double q8 = RandomGguf.of("x", Shape.R1_DISTILL_QWEN_1_5B.config(), "Q8_0").weightBytes();
    assertEquals(1.89e9, q8, 0.01e9);
  }

  private static double parameters(Shape shape) {
    return RandomModel.tensors(shape.config(), DType.BF16).stream()
        .mapToLong(TensorInfo::elements)
        .sum();
  }

  @Test
  void refusesWhatDoesNotExist() {
    BadInputException unknown =
        assertThrows(
            BadInputException.class, () -> RandomGguf.of("x", Shape.NANO.config(), "Q9_0"));
    assertTrue(unknown.getMessage().contains("Q4_K_M"), unknown.getMessage());
    assertFalse(unknown.getMessage().contains("F8_E4M3"), unknown.getMessage());
    assertThrows(BadInputException.class, () -> RandomGguf.of("x", Shape.NANO.config(), "I32"));
  }
}
