package burhan.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import burhan.token.BpeTrainer.Recipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
  private static final List<String> LETTERS =
      "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى".codePoints().mapToObj(Character::toString).toList();

  private static final List<Normalizer> ARABIC =
      List.of(
          replace("[\\u064B-\\u0652\\u0640]", ""),
          replace("[٠۰]", "0"),
          replace("[١۱]", "1"),
          replace("[٢۲]", "2"),
          replace("،", ","),
          replace("×", "*"),
          replace("\\s+", " "));

  @Test
  void learnsTheMostFrequentPairsFirst() {
    // As in the paper: counts low 5, lower 2, newest 6, widest 3.
    List<String> texts = new ArrayList<>();
    texts.addAll(Collections.nCopies(5, "low"));
    texts.addAll(Collections.nCopies(2, "lower"));
    texts.addAll(Collections.nCopies(6, "newest"));
    texts.addAll(Collections.nCopies(3, "widest"));
    Tokenizer tokenizer = train(256 + 6, List.of(), List.of(), texts);
    List<String> learned = new ArrayList<>();
    for (int id = 256; id < 262; id++) {
      learned.add(tokenizer.token(id));
    }
    // es 9, es+t 9, lo 7, lo+w 7; at 6 tie e+w, n+e and w+est, then n+ew and ew+est: lower ids win.
    assertEquals(List.of("es", "est", "lo", "low", "ew", "new"), learned);
  }

  @Test
  void givesEveryForcedLetterOneTokenRightAfterTheBytes() {
    Tokenizer tokenizer = train(400, LETTERS, ARABIC, corpus());
    for (int i = 0; i < LETTERS.size(); i++) {
      assertArrayEquals(new int[] {256 + i}, tokenizer.encode(LETTERS.get(i)));
    }
    assertTrue(tokenizer.size() > 256 + LETTERS.size() + 20, "something was learned besides");
  }

  @Test
  void forcesWordsThatShareTheirBeginning() {
    Tokenizer tokenizer = train(300, List.of("ab", "bc", "abc", "abcd", "ب"), List.of(), List.of());
    for (String forced : List.of("ab", "bc", "abc", "abcd", "ب")) {
      assertEquals(1, tokenizer.encode(forced).length, forced);
    }
  }

  @Test
  void learnsOtherWordsBesideForcedOnes() {
    List<String> texts = Collections.nCopies(9, "ابتداء and the other words of the other land");
    Tokenizer tokenizer = train(256 + LETTERS.size() + 12, LETTERS, List.of(), texts);
    assertTrue(tokenizer.encode("the other land").length < 14 / 2, "English was learned as well");
  }

  @Test
  void normalisesArabicAndKeepsDigitsApart() {
    Tokenizer tokenizer = train(600, LETTERS, ARABIC, corpus());
    int[] ids = tokenizer.encode("العَـدد  ٢٠١×١٢،  نعم");
    assertEquals("العدد 201*12, نعم", tokenizer.decode(ids));
    for (int id = 256; id < tokenizer.size(); id++) {
      assertFalse(tokenizer.token(id).matches("(?s).+[0-9].*|.*[0-9].+"), tokenizer.token(id));
    }
    assertEquals(6, tokenizer.encode("111111").length);
  }

  @Test
  void putsAddedTokensBehindTheVocabulary() {
    Recipe recipe =
        new Recipe(
            300,
            List.of(),
            List.of(),
            List.of(),
            List.of(
                AddedToken.control(0, "<bos>"),
                new AddedToken(0, "<think>", false, false, false, false, false)),
            1);
    Tokenizer tokenizer = Tokenizer.parse(BpeTrainer.train(recipe, List.of("aaaa")), "trained");
    int bos = tokenizer.id("<bos>").orElseThrow();
    assertEquals(256 + 2, bos); // aa and aaaa
    assertTrue(tokenizer.isSpecial(bos));
    assertEquals(bos + 1, tokenizer.id("<think>").orElseThrow());
    assertFalse(tokenizer.isSpecial(bos + 1));
    assertArrayEquals(new int[] {bos, bos - 1}, tokenizer.encodeWithSpecials("<bos>aaaa"));
    assertEquals(5 + 1, tokenizer.encode("<bos>aaaa").length);
  }

  @Test
  void doesNotDependOnTheOrderOfTheTexts() {
    List<String> texts = corpus();
    List<String> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, new Random(1));
    Recipe recipe = recipe(500, LETTERS, ARABIC);
    assertEquals(BpeTrainer.train(recipe, texts), BpeTrainer.train(recipe, shuffled));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThrows(BadInputException.class, () -> train(255, List.of(), List.of(), List.of()));
    assertThrows(BadInputException.class, () -> train(256, List.of("ab"), List.of(), List.of()));
    assertThrows(BadInputException.class, () -> train(300, List.of("a1"), List.of(), List.of()));
    BadInputException e =
        assertThrows(BadInputException.class, () -> train(300, List.of("×"), ARABIC, List.of()));
    assertTrue(e.getMessage().contains("takes it apart"), e.getMessage());
  }

  private static Tokenizer train(
      int size, List<String> forced, List<Normalizer> normalizers, List<String> texts) {
    String json = BpeTrainer.train(recipe(size, forced, normalizers), texts);
    return Tokenizer.parse(json, "trained");
  }

  private static Recipe recipe(int size, List<String> forced, List<Normalizer> normalizers) {
    return new Recipe(size, forced, normalizers, List.of(PreTokenizer.Split.qwen2()), List.of(), 2);
  }

  private static Normalizer replace(String regex, String content) {
    return new Normalizer.Replace(TextPattern.regex(regex), content);
  }

  private static List<String> corpus() {
    Random random = new Random(7);
    String[] words = {
      "العدد", "المجموع", "ناقص", "the", "sum", "of", "then", "theory", "نعم", "لا"
    };
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = 0; k < 12; k++) {
        text.append(words[random.nextInt(words.length)]).append(' ').append(random.nextInt(200));
        text.append(k % 3 == 0 ? "، " : " ");
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
