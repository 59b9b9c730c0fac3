package burhan.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import burhan.checkpoint.Gguf;
import burhan.token.Tokenizer.Recognise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Vocabularies inside GGUF files against llama.cpp. */
class GgufGoldenTest {
  /**
   * Whose reference text is not what was written: there the reference drops spaces before signs,
   * also in code. We give back what the ids say.
   */
  private static final Set<String> CLEANED = Set.of("gpt-2", "llama-bpe");

  private final Path folder = Conformance.folder("tokenizers");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-deepseek-v3",
        "deepseek-coder",
        "deepseek-llm",
        "gpt-2",
        "llama-bpe",
        "llama-spm",
        "qwen2"
      })
  void givesTheIdsAndBytesOfTheReference(String name) throws IOException {
    JsonNode file = Conformance.json(folder.resolve("nasty-" + name + ".json.gz"));
    String vocabulary = file.path("vocab").stringValue();
    Path inside = vocabulary.startsWith("ggml") ? folder.resolve("gguf") : gguf();
    try (Gguf gguf = Gguf.open(inside.resolve(vocabulary))) {
      Tokenizer tokenizer = Tokenizer.of(gguf.metadata());
      SpecialTokens special = SpecialTokens.of(gguf.metadata());
      assertEquals(file.path("n_tokens").intValue(), tokenizer.size());
      assertEquals(file.path("add_bos").booleanValue(), special.addBegin());
      assertEquals(file.path("add_eos").booleanValue(), special.addEnd());
      JsonNode cases = file.path("cases");
      assertEquals(260, cases.size());
      for (int i = 0; i < cases.size(); i++) {
        JsonNode expected = cases.path(i);
        byte[] text = HexFormat.of().parseHex(expected.path("text").stringValue());
        String where = name + " " + i + ": " + new String(text, StandardCharsets.UTF_8);
        int[] plain = tokenizer.encode(text, Recognise.ORDINARY);
        assertArrayEquals(ints(expected.path("plain")), plain, where);
        int[] all = tokenizer.encode(text, Recognise.ALL);
        assertArrayEquals(ints(expected.path("special")), all, where + " with specials");
        if (new String(text, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0) {
          String string = new String(text, StandardCharsets.UTF_8);
          assertArrayEquals(plain, tokenizer.encode(string, Recognise.ORDINARY), where);
        }
        if (!CLEANED.contains(name)) {
          String back = HexFormat.of().formatHex(bytes(tokenizer, plain));
          boolean spaced = name.equals("llama-spm") && back.startsWith("20");
          assertEquals(
              expected.path("detok").stringValue(), spaced ? back.substring(2) : back, where);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"deepseek-coder", "deepseek-llm", "gpt-2", "llama-bpe", "llama-spm", "qwen2"})
  void givesTheIdsOfTheOtherReference(String name) throws IOException {
    Path path = folder.resolve("gguf").resolve("ggml-vocab-" + name + ".gguf");
    String inputs = Files.readString(path.resolveSibling(path.getFileName() + ".inp"));
    List<String> outputs = Files.readAllLines(path.resolveSibling(path.getFileName() + ".out"));
    List<String> texts = List.of(inputs.split("\n__ggml_vocab_test__\n"));
    try (Gguf gguf = Gguf.open(path)) {
      Tokenizer tokenizer = Tokenizer.of(gguf.metadata());
      for (int i = 0; i < texts.size(); i++) {
        int[] expected =
            Arrays.stream(outputs.get(i).trim().split(" "))
                .filter(id -> !id.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        assertArrayEquals(
            expected, tokenizer.encode(texts.get(i), Recognise.ORDINARY), name + " " + i);
      }
    }
  }

  private Path gguf() {
    return Conformance.folder("gguf");
  }

  private static byte[] bytes(Tokenizer tokenizer, int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(tokenizer.bytes(id));
    }
    return bytes.toByteArray();
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.path(i).intValue();
    }
    return values;
  }
}
