package burhan.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.token.Tokenizer.Recognise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Ids and pieces of hard lines against two independent reference implementations. */
class TokenizerGoldenTest {
  private final Path folder = Conformance.folder("tokenizers/json");
  private final JsonNode lines = Conformance.json(folder.resolve("lines.json"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2.5",
        "llama3",
        "deepseek-llm",
        "deepseek-coder",
        "gpt-2",
        "starcoder",
        "hybrid-v3pretok-on-deepseek-llm-vocab",
        "hybrid-tekkenpretok-on-llama3-vocab",
        "mistral-v3-spm",
        "tinyllama"
      })
  void givesTheIdsOfTheReference(String name) throws IOException {
    Tokenizer tokenizer = open(name);
    JsonNode cases = Conformance.json(folder.resolve(name + ".expected.json")).path("cases");
    assertEquals(lines.size(), cases.size());
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.path(i).path("text").stringValue();
      JsonNode expected = cases.path(i);
      JsonNode all = expected.path("ids");
      JsonNode plain = expected.has("plain") ? expected.path("plain") : all;
      JsonNode raw = expected.has("raw") ? expected.path("raw") : plain;
      String where = name + ", line " + i + ": " + text;
      int[] ids = tokenizer.encodeWithSpecials(text);
      assertArrayEquals(ints(all), ids, where);
      assertArrayEquals(ints(plain), tokenizer.encode(text, Recognise.ORDINARY), where + " plain");
      assertArrayEquals(ints(raw), tokenizer.encode(text), where + " raw");
      if (!expected.has("decode_not_exact")) {
        assertEquals(text, tokenizer.decode(ids), where + " decoded");
        assertEquals(text, streamed(tokenizer, ids), where + " streamed");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deepseek-v3",
        "deepseek-llm",
        "deepseek-coder",
        "qwen2",
        "llama-bpe",
        "gpt-2",
        "starcoder",
        "tekken"
      })
  void cutsLikeTheReference(String name) {
    JsonNode file = Conformance.json(folder.resolve("pre-" + name + ".pieces.json"));
    List<PreTokenizer> scanners = new ArrayList<>();
    List<PreTokenizer.Step> engines = new ArrayList<>();
    for (JsonNode pattern : file.path("patterns")) {
      String regex = pattern.stringValue();
      scanners.add(PreTokenizer.Split.isolated(regex));
      engines.add(
          new PreTokenizer.Step(pieces ->
              Splitting.cut(
                  pieces, new RegexFinder(regex), PreTokenizer.Behavior.ISOLATED, false)));
      assertTrue(!(RegexFinder.of(regex) instanceof RegexFinder), () -> "no scanner for " + regex);
    }
    PreTokenizer.Step scanner = new PreTokenizer.Sequence(scanners).compile();
    for (int i = 0; i < lines.size(); i++) {
      String text = lines.path(i).path("text").stringValue();
      List<String> expected = new ArrayList<>();
      file.path("pieces").path(i).forEach(piece -> expected.add(piece.stringValue()));
      assertEquals(expected, scanner.apply(Pieces.whole(text, true)).strings(), name + " " + i);
      Pieces byRegex = Pieces.whole(text, true);
      for (PreTokenizer.Step engine : engines) {
        byRegex = engine.apply(byRegex);
      }
      assertEquals(expected, byRegex.strings(), name + " by regex " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deepseek-v3", "deepseek-r1"})
  void findsTheControlTokensOfDeepSeek(String name) {
    JsonNode table = Conformance.json(folder.resolve(name + ".added_tokens.json"));
    List<Json> rows = new ArrayList<>();
    List<String> added = new ArrayList<>();
    table
        .properties()
        .forEach(row -> {
          rows.add(Json.of(row.getKey(), row.getValue()));
          added.add("{\"id\": " + row.getKey() + "," + row.getValue().toString().substring(1));
        });
    String json =
        """
        {"added_tokens": %s, "normalizer": null,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
         "model": {"type": "BPE", "vocab": {"a": 3}, "merges": []}}
        """
            .formatted(added);
    Tokenizer tokenizer = Tokenizer.parse(json, name);
    assertTrue(rows.size() > 800, "the table is the real one");
    for (Json row : rows) {
      String content = row.text("content");
      int id = Integer.parseInt(row.where());
      assertArrayEquals(new int[] {3, id, 3}, tokenizer.encodeWithSpecials("a" + content + "a"));
      assertEquals(id, tokenizer.id(content).orElseThrow());
      assertEquals(row.flag("special", false), tokenizer.isSpecial(id), content);
      assertArrayEquals(content.getBytes(StandardCharsets.UTF_8), tokenizer.bytes(id), content);
    }
  }

  private Tokenizer open(String name) throws IOException {
    byte[] json = Conformance.bytes(folder.resolve(name + ".tokenizer.json.gz"));
    return Tokenizer.parse(new String(json, StandardCharsets.UTF_8), name);
  }

  private static String streamed(Tokenizer tokenizer, int[] ids) {
    StreamDecoder decoder = tokenizer.stream();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.push(id));
    }
    return text.append(decoder.flush()).toString();
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.path(i).intValue();
    }
    return values;
  }
}
