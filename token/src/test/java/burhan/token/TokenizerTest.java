package burhan.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
  private static final String PLAIN =
      """
      {"added_tokens": [%s], "normalizer": %s,
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [%s
          {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
       "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3, "abab": 4, "Ã": 5},
          "merges": ["a b", "ab ab"]}}
      """;

  private static Tokenizer tokenizer(String added, String normalizer, String splits) {
    return Tokenizer.parse(PLAIN.formatted(added, normalizer, splits), "test");
  }

  private static String added(int id, String content, String flags) {
    return "{\"id\": %d, \"content\": \"%s\"%s}".formatted(id, content, flags);
  }

  @Test
  void answersForUnknownIds() {
    Tokenizer tokenizer = tokenizer(added(9, "<x>", ", \"special\": true"), "null", "");
    assertEquals(10, tokenizer.size());
    assertEquals("ab", tokenizer.decode(new int[] {-1, 2, 7, 100}));
    assertEquals(0, tokenizer.bytes(8).length);
    assertEquals(OptionalInt.empty(), tokenizer.id("zz"));
    assertEquals(OptionalInt.of(9), tokenizer.id("<x>"));
    assertTrue(tokenizer.isSpecial(9));
    assertTrue(!tokenizer.isSpecial(2) && !tokenizer.isSpecial(-1));
    assertThrows(BadInputException.class, () -> tokenizer.token(7));
  }

  @Test
  void addedTokensSwallowSpaceAndRespectWords() {
    Tokenizer left = tokenizer(added(9, "<x>", ", \"lstrip\": true"), "null", "");
    assertArrayEquals(new int[] {0, 9, 3, 1}, left.encodeWithSpecials("a  <x> b"));
    Tokenizer right = tokenizer(added(9, "<x>", ", \"rstrip\": true"), "null", "");
    assertArrayEquals(new int[] {0, 3, 9, 1}, right.encodeWithSpecials("a <x>  b"));
    Tokenizer word = tokenizer(added(9, "x", ", \"single_word\": true"), "null", "");
    assertArrayEquals(new int[] {0, 3, 9, 3, 1}, word.encodeWithSpecials("a x b"));
    assertArrayEquals(new int[] {0, 3, 1}, word.encodeWithSpecials("ax xb"));
    Tokenizer longest = tokenizer(added(8, "<", "") + "," + added(9, "<<<", ""), "null", "");
    assertArrayEquals(new int[] {9, 8, 8, 0}, longest.encodeWithSpecials("<<<<<a"));
  }

  @Test
  void normalizedAddedTokensAreFoundAfterNormalisation() {
    String lower = "{\"type\": \"Lowercase\"}";
    Tokenizer loose = tokenizer(added(9, "Xy", ", \"normalized\": true"), lower, "");
    assertArrayEquals(new int[] {0, 9, 1}, loose.encodeWithSpecials("AxYB"));
    Tokenizer exact = tokenizer(added(9, "Xy", ""), lower, "");
    assertArrayEquals(new int[] {0, 9, 1}, exact.encodeWithSpecials("AXyB"));
    assertArrayEquals(new int[] {2}, exact.encodeWithSpecials("AxYB"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{`type`: `NFC`}|e\u0301|é",
        "{`type`: `NFKC`}|ﬁ２|fi2",
        "{`type`: `NFD`}|é|e\u0301",
        "{`type`: `Lowercase`}|ÀİΣ|ài\u0307σ",
        "{`type`: `StripAccents`}|e\u0301a|ea",
        "{`type`: `Prepend`, `prepend`: `_`}|ab|_ab",
        "{`type`: `Replace`, `pattern`: {`String`: `a.`}, `content`: `$1`}|xa.ab|x$1ab",
        "{`type`: `Replace`, `pattern`: {`Regex`: `a.`}, `content`: `$1`}|xa.abc|x$1$1c",
        "{`type`: `Replace`, `pattern`: {`Regex`: `x*`}, `content`: `-`}|axb|-a-b-",
        "{`type`: `Replace`, `pattern`: {`Regex`: `(?<=a)b`}, `content`: `-`}|abb|a-b",
        "{`type`: `Replace`, `pattern`: {`Regex`: `\\\\s+`}, `content`: `.`}|a\u3000\u00a0b|a.b",
        "{`type`: `Replace`, `pattern`: {`Regex`: `^b`}, `content`: `-`}|ab\u2028bb|ab\u2028bb",
        "{`type`: `Replace`, `pattern`: {`Regex`: `[[:digit:]]\\\\p{Han}`}, `content`: `-`}|1字x|-x",
        "{`type`: `Sequence`, `normalizers`: [{`type`: `Lowercase`},"
            + " {`type`: `Prepend`, `prepend`: `Q`}]}|AB|Qab"
      })
  void normalises(String spec, String text, String expected) {
    String json = spec.replace('`', '"').replace('\'', '"');
    assertEquals(expected, String.join("", tokenizer("", json, "").pieces(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "Isolated,      false, a|-|b|-|-|c",
    "Removed,       false, a|b|c",
    "MergedWithPrevious, false, a-|b-|-|c",
    "MergedWithNext, false, a|-b|-|-c",
    "Contiguous,    false, a|-|b|--|c",
    "Removed,       true, -|-|-",
  })
  void splitBehavesAsNamed(String behavior, String invert, String expected) {
    String split =
        "{\"type\": \"Split\", \"pattern\": {\"String\": \"-\"}, \"behavior\": \"%s\", \"invert\": %s},"
            .formatted(behavior, invert);
    assertEquals(expected, String.join("|", tokenizer("", "null", split).pieces("a-b--c")));
  }

  @Test
  void loneSurrogatesAndInvalidBytesBecomeReplacements() {
    Tokenizer tokenizer = tokenizer("", "null", "");
    assertEquals(List.of("a\uFFFDb"), tokenizer.pieces("a\uD800b"));
    StreamDecoder stream = tokenizer.stream();
    assertEquals("", stream.push(5)); // Ã is the byte C3, which begins a character
    assertEquals("\uFFFDa", stream.push(0));
    assertEquals("", stream.push(5));
    assertEquals("\uFFFD", stream.flush());
    assertEquals("a", stream.push(0));
    assertEquals("\uFFFD\uFFFDa", tokenizer.decode(new int[] {5, 5, 0}));
  }

  @ParameterizedTest
  @CsvSource({
    "ED A0 80, 3", // an encoded surrogate
    "F0 80 80 80, 4", // an overlong form
    "E2 82, 1", // cut short
    "F4 90 80 80, 4", // past U+10FFFF
    "E2 82 E2 82 AC, 1", // cut short, then whole
    "C0 AF FF, 3"
  })
  void countsReplacementsLikeTheReference(String hex, int expected) {
    String[] parts = hex.split(" ");
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i], 16);
    }
    StringBuilder out = new StringBuilder();
    assertEquals(bytes.length, Utf8.decode(bytes, bytes.length, true, out));
    assertEquals(expected, out.chars().filter(c -> c == 0xFFFD).count());
  }

  @Test
  void mergesLikeTheDefinition() {
    Random random = new Random(5);
    Tokenizer trained = trained();
    Map<String, Integer> rank = new HashMap<>();
    for (int id = 256; id < trained.size(); id++) {
      rank.put(trained.token(id), id); // learned in the order of their ids
    }
    for (int length : new int[] {1, 2, 7, 24, 25, 47, 48, 49, 50, 97, 1000}) {
      // With six letters there are neighbours that no token has, where a long text is cut.
      for (int letters : new int[] {3, 6}) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
          text.append((char) ('a' + random.nextInt(letters)));
        }
        int[] ids = trained.encode(text.toString());
        List<String> tokens = Arrays.stream(ids).mapToObj(trained::token).toList();
        assertEquals(naive(text.toString(), rank), tokens, "length " + length);
      }
    }
  }

  @Test
  void cutsNoTextWhereSymbolsDropOutOrFuse() {
    // "é" has no token: without an unknown token it drops out and a and b become neighbours; with
    // a fusing one, two in a row are one.
    String noSplit =
        """
        {"model": {"type": "BPE", %s "vocab": {"a": 0, "b": 1, "ab": 2, "?": 3},
           "merges": ["a b"]}}
        """;
    String text = "aéb".repeat(20);
    assertEquals(20, Tokenizer.parse(noSplit.formatted(""), "dropping").encode(text).length);
    Tokenizer fusing =
        Tokenizer.parse(noSplit.formatted("\"unk_token\": \"?\", \"fuse_unk\": true,"), "fusing");
    assertArrayEquals(new int[] {3}, fusing.encode("éè".repeat(40)));
  }

  @Test
  void aMillionLettersAreOneWord() {
    String word = "abcabbcacbab".repeat(90_000);
    Tokenizer trained = trained();
    assertEquals(word, trained.decode(trained.encode(word)));
  }

  private static Tokenizer trained() {
    Random random = new Random(3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = 0; k < 40; k++) {
        text.append((char) ('a' + random.nextInt(3)));
      }
      texts.add(text.toString());
    }
    BpeTrainer.Recipe recipe =
        new BpeTrainer.Recipe(320, List.of(), List.of(), List.of(), List.of(), 1);
    return Tokenizer.parse(BpeTrainer.train(recipe, texts), "trained");
  }

  // Joins the pair of lowest rank, leftmost first, one at a time.
  private static List<String> naive(String text, Map<String, Integer> rank) {
    List<String> symbols = new ArrayList<>(text.chars().mapToObj(Character::toString).toList());
    while (true) {
      int best = -1;
      int lowest = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int at = rank.getOrDefault(symbols.get(i) + symbols.get(i + 1), Integer.MAX_VALUE);
        if (at < lowest) {
          lowest = at;
          best = i;
        }
      }
      if (best < 0) {
        return symbols;
      }
      symbols.set(best, symbols.get(best) + symbols.get(best + 1));
      symbols.subList(best + 1, best + 2).clear();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a b\"|\"a z\"|not in the vocabulary",
        "\"a b\"|\"a b c\"|two tokens",
        "\"a b\"|7|two tokens",
        "\"ab\": 2|\"ab\": 1|both have id 1",
        "\"ab\": 2|\"ab\": -2|an id from 0",
        "\"ab\": 2|\"ab\": 2000000000|an id from 0",
        "\"ab\": 2|\"ab\": \"2\"|an id from 0",
        "\"ab\": 2|\"a\": 2|twice",
        "\"BPE\"|\"Unigram\"|expected BPE",
        "\"ByteLevel\"|\"Bert\"|unknown type",
        "\"vocab\"|\"words\"|vocab",
        "\"merges\"|\"joins\"|merges",
        "[]|[{\"id\": 1, \"content\": \"q\"}]|has already",
        "[]|[{\"id\": 99999999, \"content\": \"q\"}]|whole number",
        "[]|[{\"id\": 9, \"content\": \"\"}]|characters",
        "[]|[{\"id\": 9, \"content\": \"q\"}, {\"id\": 10, \"content\": \"q\"}]|added twice",
        "{|[|not valid JSON"
      })
  void refusesWithOneSentence(String from, String to, String expected) {
    String json =
        PLAIN
            .formatted("", "null", "")
            .replaceFirst(
                java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to));
    BadInputException e =
        assertThrows(BadInputException.class, () -> Tokenizer.parse(json, "file.json"));
    assertTrue(e.getMessage().contains("file.json"), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void refusesFilesThatAreNone() {
    assertThrows(BadInputException.class, () -> Tokenizer.open(Path.of("does-not-exist.json")));
    assertThrows(BadInputException.class, () -> Tokenizer.parse("", "x"));
    assertThrows(BadInputException.class, () -> Tokenizer.parse("[".repeat(100_000), "x"));
  }

  @Test
  void aHostilePatternEndsInAnErrorNotInAHang() {
    String split =
        "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"%s\"}, \"behavior\": \"Isolated\"},";
    Tokenizer slow = tokenizer("", "null", split.formatted("(a+)+b(c|d)+$"));
    assertThrows(BadInputException.class, () -> slow.encode("a".repeat(5_000)));
    Tokenizer deep = tokenizer("", "null", split.formatted("(a|b)+x"));
    assertThrows(BadInputException.class, () -> deep.encode("ab".repeat(200_000)));
    assertThrows(
        BadInputException.class, () -> tokenizer("", "null", split.formatted("(".repeat(9_999))));
    assertThrows(BadInputException.class, () -> tokenizer("", "null", split.formatted("[a")));
  }

  @Test
  void tokensMadeToCollideAreRefusedAtOnce() {
    StringBuilder vocabulary = new StringBuilder("\"a\": 0");
    for (int i = 1; i <= 3_000; i++) {
      vocabulary.append(", \"");
      for (int bit = 0; bit < 12; bit++) {
        vocabulary.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // one hash for all
      }
      vocabulary.append("\": ").append(i);
    }
    String json =
        """
        {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
         "model": {"type": "BPE", "vocab": {%s}, "merges": []}}
        """
            .formatted(vocabulary);
    BadInputException e =
        assertThrows(BadInputException.class, () -> Tokenizer.parse(json, "slow.json"));
    assertTrue(e.getMessage().contains("hash"), e.getMessage());
  }

  @Test
  void bytesAreRaw() {
    Tokenizer tokenizer = tokenizer(added(9, "<｜x｜>", ""), "null", "");
    assertArrayEquals(new byte[] {(byte) 0xC3}, tokenizer.bytes(5));
    assertArrayEquals("<｜x｜>".getBytes(StandardCharsets.UTF_8), tokenizer.bytes(9));
    assertArrayEquals(new byte[] {' '}, tokenizer.bytes(3));
  }
}
