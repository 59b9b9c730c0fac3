package burhan.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LexiconTest {
  private static final Noun BOOK = ArabicWords.noun("كتاب/كتب", "object");
  private static final Noun APPLE = ArabicWords.noun("تفاحة/تفاحات", "food");
  private static final Noun GIRL = ArabicWords.noun("+بنت/بنات", "people");
  private static final Noun SHOE = ArabicWords.noun("حذاء/أحذية", "object");
  private static final Noun PLAYER = ArabicWords.noun("لاعب/لاعبين", "people");

  @Test
  void arabicNumbersAgreeWithTheirNoun() {
    assertEquals("كتاب واحد", ArabicCount.phrase(1, BOOK, true));
    assertEquals("كتابا واحدا", ArabicCount.phrase(1, BOOK, false));
    assertEquals("تفاحة واحدة", ArabicCount.phrase(1, APPLE, false));
    assertEquals("كتابان", ArabicCount.phrase(2, BOOK, true));
    assertEquals("كتابين", ArabicCount.phrase(2, BOOK, false));
    assertEquals("تفاحتان", ArabicCount.phrase(2, APPLE, true));
    assertEquals("بنتين", ArabicCount.phrase(2, GIRL, false));
    assertEquals("3 كتب", ArabicCount.phrase(3, BOOK, true));
    assertEquals("10 تفاحات", ArabicCount.phrase(10, APPLE, false));
    assertEquals("7 لاعبين", ArabicCount.phrase(7, PLAYER, true));
    assertEquals("11 كتابا", ArabicCount.phrase(11, BOOK, true));
    assertEquals("99 تفاحة", ArabicCount.phrase(99, APPLE, true));
    assertEquals("15 حذاء", ArabicCount.phrase(15, SHOE, false));
    assertEquals("100 كتاب", ArabicCount.phrase(100, BOOK, false));
    assertEquals("500 كتاب", ArabicCount.phrase(500, BOOK, true));
    assertEquals("105 كتب", ArabicCount.phrase(105, BOOK, true));
    assertEquals("111 كتابا", ArabicCount.phrase(111, BOOK, true));
  }

  @Test
  void englishPluralsAreFormed() {
    assertEquals("cherries", EnglishWords.plural("cherry"));
    assertEquals("keys", EnglishWords.plural("key"));
    assertEquals("boxes", EnglishWords.plural("box"));
    assertEquals("peaches", EnglishWords.plural("peach"));
    assertEquals("brushes", EnglishWords.plural("brush"));
    assertEquals("an apple", StoryText.withArticle("apple"));
    assertEquals("an umbrella", StoryText.withArticle("umbrella"));
    assertEquals("a unicorn", StoryText.withArticle("unicorn"));
    assertEquals("a box", StoryText.withArticle("box"));
  }

  @ParameterizedTest
  @EnumSource
  void lexiconIsWideAndPartlyHeldOut(Language language) {
    Lexicon lexicon = Lexicon.of(language);
    long nouns = lexicon.allNouns().size();
    long unseen = lexicon.allNouns().stream().filter(Noun::isHeldOut).count();
    assertTrue(nouns >= 300, "nouns " + nouns);
    assertTrue(unseen >= nouns / 20 && unseen <= nouns / 5, "held-out nouns " + unseen);
    assertTrue(lexicon.allPeople().size() >= 100, "names " + lexicon.allPeople().size());
    assertTrue(lexicon.people(true).size() >= 5, "held-out names");
    Set<String> singulars = new HashSet<>();
    Set<String> names = new HashSet<>();
    lexicon.allNouns().forEach(n -> assertTrue(singulars.add(n.singular()), n::toString));
    lexicon.allPeople().forEach(p -> assertTrue(names.add(p.name()), p::toString));
    long frames = lexicon.themes().stream().mapToLong(t -> t.frames().size()).sum();
    assertTrue(frames >= 300, "frames " + frames);
    assertTrue(lexicon.settings(true).size() >= 3);
  }

  @ParameterizedTest
  @EnumSource
  void thereAreManyFamilies(Language language) {
    SplittableRandom rng = new SplittableRandom(3);
    Set<String> families = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      StoryPlan plan =
          StoryPlan.draw(rng, Lexicon.of(language).settings(false), 1 + rng.nextInt(4), false);
      families.add(plan.theme().name() + plan.effects());
    }
    assertTrue(families.size() >= 200, "families " + families.size());
  }

  /** No word of the held-out tenth, no held-out sentence or setting may reach TRAIN or TEST. */
  @ParameterizedTest
  @EnumSource(names = {"WORD_EN", "WORD_AR"})
  void heldOutWordsStayOutOfTraining(Skill skill) {
    Language language = skill == Skill.WORD_EN ? Language.EN : Language.AR;
    Set<String> unseen = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (Noun noun : Lexicon.of(language).allNouns()) {
      (noun.isHeldOut() ? unseen : seen).addAll(ArabicCount.forms(noun));
    }
    unseen.removeAll(seen);
    Lexicon.of(language).people(true).forEach(p -> unseen.add(p.name()));
    SplittableRandom rng = new SplittableRandom(9);
    for (int i = 0; i < 1000; i++) {
      Split split = i % 2 == 0 ? Split.TRAIN : Split.TEST;
      Problem p = Tasks.of(skill).generate(rng, split, 1);
      for (String word : p.prompt().split("[ .,?،؟]+", -1)) {
        assertTrue(!unseen.contains(word), () -> word + " in " + p);
      }
      String key = Tasks.of(skill).generate(rng, Split.OOD, 1).key();
      assertTrue(key.startsWith("ood "), key);
    }
  }
}
