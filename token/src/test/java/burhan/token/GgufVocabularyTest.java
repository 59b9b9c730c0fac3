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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufVocabularyTest {
  @TempDir private Path folder;

  private static Map<String, Object> bytes() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("general.architecture", "llama");
    keys.put("tokenizer.ggml.model", "gpt2");
    keys.put("tokenizer.ggml.pre", "llama-bpe");
    keys.put("tokenizer.ggml.tokens", List.of("a", "b", "ab", "<x>", "<y>", "Ġ"));
    keys.put("tokenizer.ggml.token_type", new int[] {1, 1, 1, 3, 4, 1});
    keys.put("tokenizer.ggml.merges", List.of("a b"));
    keys.put("tokenizer.ggml.bos_token_id", 3);
    keys.put("tokenizer.ggml.eos_token_id", 4);
    return keys;
  }

  private static Map<String, Object> scored() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("general.architecture", "llama");
    keys.put("tokenizer.ggml.model", "llama");
    keys.put(
        "tokenizer.ggml.tokens",
        List.of("<unk>", "<s>", "</s>", "<0x62>", "▁", "a", "▁a", "aa", "éa", "ca", "<s", ">"));
    keys.put("tokenizer.ggml.token_type", new int[] {2, 3, 3, 6, 1, 1, 1, 1, 1, 1, 1, 1});
    keys.put("tokenizer.ggml.scores", new float[] {0, 0, 0, 0, -9, -9, -1, -1, -3, -1, -9, -9});
    return keys;
  }

  private Gguf file(Map<String, Object> keys) throws IOException {
    Path path = folder.resolve("vocabulary.gguf");
    GgufWriter.write(path, keys, List.of(), (tensor, first, count, piece) -> {});
    return Gguf.open(path);
  }

  private Tokenizer tokenizer(Map<String, Object> keys) throws IOException {
    try (Gguf gguf = file(keys)) {
      return Tokenizer.of(gguf.metadata());
    }
  }

  @Test
  void textNeverBecomesAControlToken() throws IOException {
    Map<String, Object> keys = bytes();
    // A file that merges to a control token, and a way to cut that takes a token as a whole.
    keys.put("tokenizer.ggml.tokens", List.of("a", "b", "ab", "ba", "aa", "Ġ"));
    keys.put("tokenizer.ggml.token_type", new int[] {1, 1, 1, 3, 4, 1});
    keys.put("tokenizer.ggml.merges", List.of("b a", "a b"));
    Tokenizer tokenizer = tokenizer(keys);
    assertArrayEquals(new int[] {1, 0}, tokenizer.encode("ba"));
    assertArrayEquals(new int[] {0, 0}, tokenizer.encode("aa"));
    assertArrayEquals(new int[] {3}, tokenizer.encodeWithSpecials("ba"));
    assertArrayEquals(new int[] {4, 1, 0}, tokenizer.encode("aaba", Recognise.ORDINARY));
    Tokenizer scored = tokenizer(scored());
    assertArrayEquals(new int[] {4, 10, 11}, scored.encode("<s>"));
    assertArrayEquals(new int[] {1}, scored.encodeWithSpecials("<s>"));
  }

  @Test
  void joinsByScoreAndSpellsTheRestInBytes() throws IOException {
    Tokenizer tokenizer = tokenizer(scored());
    assertArrayEquals(new int[] {6, 7}, tokenizer.encode("aaa")); // equal scores: leftmost first
    assertArrayEquals(new int[] {4, 8}, tokenizer.encode("éa")); // é is no token of its own
    assertArrayEquals(new int[] {4, 9}, tokenizer.encode("ca"));
    assertArrayEquals(new int[] {4, 3, 0, 6}, tokenizer.encode("bc a"));
    assertEquals("a ab", tokenizer.decode(tokenizer.encode("a ab")));
    assertArrayEquals(
        new int[] {4, 0, 5},
        tokenizer.encode(new byte[] {(byte) 0x80, 'a'}, Recognise.NONE)); // no token for the byte
  }

  @Test
  void namesBeginningAndEnds() throws IOException {
    Map<String, Object> keys = bytes();
    keys.put("tokenizer.ggml.tokens", List.of("a", "b", "ab", "<x>", "<|im_end|>", "Ġ"));
    keys.put("tokenizer.ggml.token_type", new int[] {1, 1, 1, 3, 3, 1});
    keys.put("tokenizer.ggml.eos_token_id", 3);
    try (Gguf gguf = file(keys)) {
      SpecialTokens special = SpecialTokens.of(gguf.metadata());
      assertEquals(3, special.beginOfText().orElseThrow());
      assertEquals(Set.of(3, 4), special.ends());
      assertTrue(special.addBegin());
      assertFalse(special.addEnd());
    }
  }

  @Test
  void readsTheChatFormat() throws IOException {
    Map<String, Object> keys = bytes();
    try (Gguf gguf = file(keys)) {
      assertFalse(ChatFormat.isIn(gguf.metadata()));
      BadInputException e =
          assertThrows(BadInputException.class, () -> ChatFormat.of(gguf.metadata()));
      assertTrue(e.getMessage().contains("'tokenizer.chat_template' is missing"), e.getMessage());
      assertEquals("<x>", ChatFormat.tokens(gguf.metadata()).get("bos_token"));
    }
    keys.put("tokenizer.chat_template", "{{ bos_token + messages[0].content + eos_token }}");
    keys.put("tokenizer.chat_template.tool_use", "{{ eos_token }}");
    try (Gguf gguf = file(keys)) {
      Tokenizer tokenizer = Tokenizer.of(gguf.metadata());
      ChatFormat format = ChatFormat.of(gguf.metadata());
      List<Message> messages = List.of(Message.user("<x>a"));
      assertEquals("<x><x>a<y>", format.prompt(tokenizer, messages, Map.of()).text());
      assertArrayEquals(
          new int[] {3, 0, 4}, format.prompt(tokenizer, messages, Map.of()).ids()); // no "<", ">"
      ChatFormat tools = ChatFormat.of(gguf.metadata(), "tool_use");
      assertEquals("<y>", tools.prompt(tokenizer, messages, Map.of()).text());
    }
  }

  @Test
  void whatOnlyLooksLikeControlStaysTextInAnswers() throws IOException {
    Map<String, Object> keys = bytes();
    keys.put("tokenizer.ggml.tokens", List.of("a", "b", "ab", "<x>", "<y>", "</s>"));
    Tokenizer tokenizer = tokenizer(keys);
    assertArrayEquals(new int[] {5}, tokenizer.encodeWithSpecials("</s>"));
    assertFalse(tokenizer.isSpecial(5));
    assertTrue(tokenizer.isSpecial(3));
  }

  @Test
  void invalidBytesAreReplacedAsTheReferenceHasIt() {
    byte[] bytes = {
      'x', (byte) 0xE2, (byte) 0x82, (byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xC0, (byte) 0xAF
    };
    String text = Utf8.decode(bytes, false);
    assertEquals("x\uFFFD\uFFFD\uD800/", text);
    byte[] out = new byte[40];
    int n = Utf8.encode(text, 0, text.length(), false, out);
    String back = new String(out, 0, n, StandardCharsets.ISO_8859_1);
    assertEquals("x\u00EF\u00BF\u00BD\u00EF\u00BF\u00BD\u00ED\u00A0\u0080/", back);
    String kept = Utf8.decode(bytes, true);
    assertEquals(bytes.length, Utf8.encode(kept, 0, kept.length(), true, out));
    assertArrayEquals(bytes, Arrays.copyOf(out, bytes.length));
  }

  @Test
  void refusesWhatIsNoText() {
    Map<String, Object> keys = bytes();
    byte[][] tokens = {{'a'}, {'b'}, {'a', 'b'}, {'<'}, {'>'}, {(byte) 0xFF, (byte) 0xFF}};
    keys.put("tokenizer.ggml.tokens", tokens);
    BadInputException e = assertThrows(BadInputException.class, () -> tokenizer(keys));
    assertTrue(e.getMessage().contains("'tokenizer.ggml.tokens' is not UTF-8"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "86-tokens-missing",
        "87-tokens-wrong-elem",
        "88-token-types-short",
        "89-merges-no-space",
        "90-merges-unknown-token",
        "91-bos-out-of-range",
        "92-tokenizer-model-unknown",
        "93-pre-unknown"
      })
  void refusesInOneSentence(String name) {
    Path file = Conformance.folder("bad").resolve(name + ".gguf");
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> {
              try (Gguf gguf = Gguf.open(file)) {
                Tokenizer.of(gguf.metadata());
              }
            });
    assertTrue(e.getMessage().contains(name), e.getMessage());
    assertTrue(e.getMessage().contains("tokenizer.ggml."), e.getMessage());
  }
}
