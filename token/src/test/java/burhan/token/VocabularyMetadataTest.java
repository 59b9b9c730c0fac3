package burhan.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Gguf;
import burhan.checkpoint.GgufWriter;
import burhan.tensor.BadInputException;
import burhan.token.Tokenizer.Recognise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class VocabularyMetadataTest {
  private static final String JSON =
      """
      {"added_tokens": [{"id": 3, "content": "<x>", "special": true},
          {"id": 5, "content": "<y>", "special": false}],
       "normalizer": %s,
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [%s
          {"type": "ByteLevel", "add_prefix_space": false, "use_regex": %s}]},
       "post_processor": {"type": "TemplateProcessing", "single": [
          {"SpecialToken": {"id": "<x>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]},
       "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}
      """;

  @TempDir private Path folder;

  private Gguf written(Map<String, Object> entries) throws IOException {
    Path file = folder.resolve("model.gguf");
    GgufWriter.write(file, entries, List.of(), (tensor, first, count, piece) -> {});
    return Gguf.open(file);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2.5, qwen2",
    "llama3, llama-bpe",
    "deepseek-llm, deepseek-llm",
    "deepseek-coder, deepseek-coder",
    "gpt-2, gpt-2",
    "starcoder, starcoder",
    "hybrid-v3pretok-on-deepseek-llm-vocab, deepseek-v3",
    "hybrid-tekkenpretok-on-llama3-vocab, tekken",
    "mistral-v3-spm, default",
    "tinyllama, default"
  })
  void theVocabularyInAGgufFileGivesTheSameIds(String name, String pre) throws IOException {
    Path fixtures = Conformance.folder("tokenizers/json");
    Files.write(
        folder.resolve("tokenizer.json"),
        Conformance.bytes(fixtures.resolve(name + ".tokenizer.json.gz")));
    Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
    VocabularyMetadata metadata = VocabularyMetadata.of(folder, tokenizer.size() + 7);
    // A space only before the whole text: that travels as JSON.
    assertEquals(name.equals("mistral-v3-spm"), metadata.caution().isPresent());
    assertEquals(pre, metadata.entries().get("tokenizer.ggml.pre"));
    JsonNode lines = Conformance.json(fixtures.resolve("lines.json"));
    int compared = 0;
    try (Gguf gguf = written(metadata.entries())) {
      Tokenizer back = Tokenizer.of(gguf.metadata());
      assertEquals(tokenizer.size() + (metadata.caution().isPresent() ? 0 : 7), back.size());
      for (JsonNode line : lines) {
        String text = line.path("text").stringValue();
        // What a GGUF file cannot say: that characters are composed first.
        if (name.equals("qwen2.5") && !Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
          continue;
        }
        for (Recognise recognise : List.of(Recognise.NONE, Recognise.ALL)) {
          assertArrayEquals(
              tokenizer.encode(text, recognise), back.encode(text, recognise), name + ": " + text);
        }
        int[] ids = back.encode(text);
        assertEquals(tokenizer.decode(ids), back.decode(ids), name + ": " + text);
        compared++;
      }
    }
    assertTrue(compared > 160, compared + " lines");
  }

  @Test
  void whatGgufCannotSayTravelsAsJson() throws IOException {
    String lower = "{\"type\": \"Lowercase\"}";
    String odd =
        "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"ab|x\"}, \"behavior\": \"Removed\"},";
    for (String json :
        List.of(JSON.formatted(lower, "", "true"), JSON.formatted("null", odd, "false"))) {
      Files.writeString(folder.resolve("tokenizer.json"), json);
      VocabularyMetadata metadata = VocabularyMetadata.of(folder, 9);
      assertTrue(metadata.caution().orElseThrow().contains("other engines"));
      try (Gguf gguf = written(metadata.entries())) {
        Tokenizer tokenizer = Tokenizer.of(gguf.metadata());
        int[] expected = Tokenizer.parse(json, "x").encode("aABab<x>");
        assertArrayEquals(expected, tokenizer.encode("aABab<x>"));
      }
    }
    Files.writeString(folder.resolve("tokenizer.json"), JSON.formatted("null", "", "true"));
    assertFalse(
        VocabularyMetadata.of(folder, 9).entries().containsKey("tokenizer.huggingface.json"));
  }

  @Test
  void writesTypesAndNamedTokensAndTheTemplate() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), JSON.formatted("null", "", "true"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<x>"}, "eos_token": "b", "chat_template": "{{ bos_token }}"}
        """);
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [1, 2]}");
    Files.writeString(folder.resolve("config.json"), "{\"pad_token_id\": 0}");
    Map<String, Object> entries = VocabularyMetadata.of(folder, 7).entries();
    assertEquals(
        List.of("a", "b", "ab", "<x>", "[PAD4]", "<y>", "[PAD6]"),
        entries.get("tokenizer.ggml.tokens"));
    assertArrayEquals(
        new int[] {1, 1, 1, 3, 5, 4, 5}, (int[]) entries.get("tokenizer.ggml.token_type"));
    assertEquals(List.of("a b"), entries.get("tokenizer.ggml.merges"));
    assertEquals(true, entries.get("tokenizer.ggml.add_bos_token"));
    assertEquals(false, entries.get("tokenizer.ggml.add_eos_token"));
    assertEquals("{{ bos_token }}", entries.get("tokenizer.chat_template"));
    try (Gguf gguf = written(entries)) {
      SpecialTokens special = SpecialTokens.of(gguf.metadata());
      assertEquals(3, special.beginOfText().orElseThrow());
      assertEquals(1, special.endOfText().orElseThrow());
      assertEquals(0, special.padding().orElseThrow());
      assertEquals(Set.of(1, 2), special.ends());
      Tokenizer tokenizer = Tokenizer.of(gguf.metadata());
      assertArrayEquals(
          new int[] {3},
          ChatFormat.of(gguf.metadata())
              .prompt(tokenizer, List.of(Message.user("")), Map.of())
              .ids());
    }
    BadInputException e =
        assertThrows(BadInputException.class, () -> VocabularyMetadata.of(folder, 5));
    assertTrue(e.getMessage().contains("6 tokens but the model has 5 rows"), e.getMessage());
  }
}
