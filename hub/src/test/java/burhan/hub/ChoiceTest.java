package burhan.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files of real repositories' shapes make a model. */
class ChoiceTest {
  private static final long GB = 1_000_000_000;

  private static final List<RepoFile> GGUF =
      files(
          "README.md", 1,
          "config.json", 1,
          "mmproj-model-f16.gguf", 1 * GB,
          "model-BF16.gguf", 16 * GB,
          "model-Q8_0.gguf", 8 * GB,
          "model-Q6_K.gguf", 6 * GB,
          "model-Q4_K_M.gguf", 5 * GB,
          "model-UD-Q4_K_XL.gguf", 5 * GB,
          "model-IQ2_XXS.gguf", 2 * GB,
          "Q5_K_M/model-Q5_K_M-00002-of-00002.gguf", 2 * GB,
          "Q5_K_M/model-Q5_K_M-00001-of-00002.gguf", 3 * GB + 1);

  private static List<RepoFile> files(Object... namesAndBytes) {
    List<RepoFile> files = new ArrayList<>();
    for (int i = 0; i < namesAndBytes.length; i += 2) {
      long bytes = ((Number) namesAndBytes[i + 1]).longValue();
      files.add(new RepoFile((String) namesAndBytes[i], bytes, "a".repeat(64)));
    }
    return files;
  }

  private static Choice choose(String name, List<RepoFile> files, long memory) {
    return Choice.of(HubName.parse(name), files, memory);
  }

  private static void fails(String name, List<RepoFile> files, long memory, String... words) {
    String sentence =
        assertThrows(BadInputException.class, () -> choose(name, files, memory)).getMessage();
    for (String word : words) {
      assertTrue(sentence.contains(word), "'" + word + "' in " + sentence);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "o/r:Q4_K_M, model-Q4_K_M.gguf",
    "o/r:q4_k_m, model-Q4_K_M.gguf",
    "o/r:Q4_K_XL, model-UD-Q4_K_XL.gguf",
    "o/r:UD-Q4_K_XL, model-UD-Q4_K_XL.gguf",
    "o/r:Q8, model-Q8_0.gguf",
    "o/r:bf16, model-BF16.gguf",
    "o/r:Q5_K_M, Q5_K_M/model-Q5_K_M-00001-of-00002.gguf",
    "o/r:model-IQ2_XXS.gguf, model-IQ2_XXS.gguf",
    "o/r:Q5_K_M/model-Q5_K_M-00002-of-00002.gguf, Q5_K_M/model-Q5_K_M-00001-of-00002.gguf",
    "o/r:mmproj-model-f16.gguf, mmproj-model-f16.gguf"
  })
  void aChoiceOpensItsFile(String name, String opens) {
    assertEquals(opens, choose(name, GGUF, 1).opens());
  }

  @ParameterizedTest
  @CsvSource({
    "100, model-Q8_0.gguf",
    "8, model-Q6_K.gguf",
    "7, Q5_K_M/model-Q5_K_M-00001-of-00002.gguf",
    "3, model-IQ2_XXS.gguf"
  })
  void withoutAChoiceTheBestThatFits(long gigabytes, String opens) {
    String chosen = choose("o/r", GGUF, gigabytes * GB).opens();
    assertEquals(opens, chosen);
  }

  @Test
  void whatDoesNotFitIsSaidWithTheWayOut() {
    fails("o/r", GGUF, 2 * GB, "IQ2_XXS", "2.00 GB", "write :IQ2_XXS");
  }

  @Test
  void ambiguousAndUnknownChoicesListWhatThereIs() {
    assertEquals("model-Q4_K_M.gguf", choose("o/r:Q4_K", GGUF, GB).opens());
    fails("o/r:Q", GGUF, GB, "could mean", "Q4_K_M, ", "Q8_0");
    fails("o/r:Q3_K_M", GGUF, GB, "'Q3_K_M'", "Q4_K_M, ", "BF16");
  }

  @Test
  void aSplitModelIsFetchedWholeWithItsPapers() {
    List<String> names =
        choose("o/r:Q5_K_M", GGUF, GB).files().stream().map(RepoFile::name).toList();
    assertEquals(
        List.of(
            "README.md",
            "Q5_K_M/model-Q5_K_M-00001-of-00002.gguf",
            "Q5_K_M/model-Q5_K_M-00002-of-00002.gguf"),
        names);
    List<RepoFile> torn = files("m-Q4_0-00001-of-00003.gguf", 1, "m-Q4_0-00003-of-00003.gguf", 1);
    fails("o/r:Q4_0", torn, GB, "3 parts", "2 are there");
    fails("o/r", torn, GB, "parts");
  }

  @Test
  void twoModelsOfOneQuantisationAreToldApart() {
    List<RepoFile> two = files("a-Q8_0.gguf", 1, "b-Q8_0.gguf", 1);
    fails("o/r:Q8_0", two, GB, "a-Q8_0.gguf, b-Q8_0.gguf");
    fails("o/r:Q2_K", two, GB, "'Q2_K'", "a-Q8_0.gguf");
    assertEquals("b-Q8_0.gguf", choose("o/r:b-Q8_0.gguf", two, GB).opens());
  }

  @Test
  void onlyOneFormOfTheWeights() {
    List<RepoFile> twice =
        files(
            "config.json", 1,
            "params.json", 1,
            "tokenizer.model.v3", 1,
            "tokenizer.json", 1,
            "consolidated.safetensors", 9,
            "model.safetensors", 9);
    assertEquals(
        List.of("config.json", "tokenizer.json", "model.safetensors"),
        choose("o/r", twice, GB).files().stream().map(RepoFile::name).toList());
  }

  @Test
  void whatHoldsNoModelIsRefused() {
    fails("o/r", files("config.json", 1, "pytorch_model.bin", 9), GB, "conversion to GGUF");
    fails("o/r", files("README.md", 1), GB, "no safetensors");
    fails("o/r", files("adapter_config.json", 1, "adapter_model.safetensors", 1), GB, "no GGUF");
    fails("o/r:pytorch_model.bin", files("pytorch_model.bin", 9), GB, "safetensors and GGUF only");
    fails("o/r:Q4_0", files("config.json", 1, "model.safetensors", 9), GB, "no GGUF file");
  }

  @ParameterizedTest
  @CsvSource({
    "DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M, Q4_K_M",
    "qwen3-0.6b-q8_0, Q8_0",
    "Llama-3.2-1B-Instruct.IQ4_XS, IQ4_XS",
    "model.f16, F16",
    "DeepSeek-R1-UD-IQ1_S/DeepSeek-R1-UD-IQ1_S, UD-IQ1_S",
    "gpt-MXFP4_MOE, MXFP4_MOE",
    "granite-3.3-2b-instruct-Q4_0, Q4_0",
    "something, ''"
  })
  void quantisationsAsTheirMakersWriteThem(String stem, String quantisation) {
    List<GgufVariant> variants = GgufVariant.of(files(stem + ".gguf", 1));
    assertEquals(quantisation, variants.getFirst().quantisation());
  }

  @ParameterizedTest
  @CsvSource({
    "org/repo, org/repo",
    "hf.co/org/repo:Q4_0, org/repo:Q4_0",
    "https://huggingface.co/org/repo/, org/repo",
    "org/repo:a/b.gguf@refs/pr/3, org/repo:a/b.gguf@refs/pr/3",
    "org/repo@v1.0, org/repo@v1.0"
  })
  void namesAreRead(String text, String name) {
    assertTrue(HubName.isHubName(text));
    assertEquals(name, HubName.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "repo",
    "org/repo/x",
    "./repo",
    "../repo",
    "org/..",
    "org/a..b",
    "org--x/y",
    "/org/repo",
    "org/repo:",
    "org/repo@../../x",
    "org/repo@a//b",
    "org/repo:../x.gguf",
    "~/models",
    "''"
  })
  void namesOfOtherFormsAreRefused(String text) {
    assertThrows(BadInputException.class, () -> HubName.parse(text));
  }
}
