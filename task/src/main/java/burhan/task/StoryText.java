package burhan.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Puts a frame into words: who the people are, which noun is counted, and every agreement. One cast
 * per story. Knows no effects.
 *
 * <p>Slots: {@code {N}} the person the story is about, {@code {M}} the other one, {@code {F}} a
 * friend ({@code {Fm}}, {@code {Ff}} of known gender), {@code {n}} a number alone, {@code {#}} a
 * number with the noun, {@code {#c}} with the container, {@code {#p}} with the people, {@code {$}}
 * with the currency; in Arabic the count ends in {@code n} or {@code a} for its case, and {@code
 * {@n:day/days}} names its noun. {@code [x|y]} is present or past in English, masculine or feminine
 * person in Arabic; {@code <x|y>} is masculine or feminine noun.
 */
final class StoryText {
  private final RandomGenerator rng;
  private final boolean english;
  private final boolean past;
  private final Person owner;
  private final Person other;
  private final Person friend;
  private final Person man;
  private final Person woman;
  private final Noun noun;
  private final Noun container;
  private final Noun people;
  private final Noun money;

  private List<Integer> stated = List.of();
  private int next;
  private int last;
  private boolean named;

  private StoryText(RandomGenerator rng, Language language, List<Person> cast, List<Noun> things) {
    this.rng = rng;
    this.english = language == Language.EN;
    this.past = rng.nextBoolean();
    this.owner = cast.get(0);
    this.other = cast.get(1);
    this.friend = cast.get(2);
    this.man = cast.get(3);
    this.woman = cast.get(4);
    this.noun = things.get(0);
    this.container = things.get(1);
    this.people = things.get(2);
    this.money = things.get(3);
  }

  /** Chooses people and things. */
  static StoryText cast(RandomGenerator rng, Language language, String kind, boolean heldOut) {
    Lexicon lexicon = Lexicon.of(language);
    List<Person> known = lexicon.people(heldOut);
    List<Person> cast = new ArrayList<>();
    while (cast.size() < 3) {
      Person person = Wording.pick(rng, known);
      if (!cast.contains(person)) {
        cast.add(person);
      }
    }
    for (boolean isFeminine : new boolean[] {false, true}) {
      List<Person> fitting = new ArrayList<>(known);
      fitting.removeIf(p -> p.isFeminine() != isFeminine || cast.contains(p));
      if (fitting.isEmpty()) {
        fitting.addAll(lexicon.people(false));
        fitting.removeIf(p -> p.isFeminine() != isFeminine || cast.contains(p));
      }
      cast.add(Wording.pick(rng, fitting));
    }
    Noun noun = thing(rng, lexicon, kind, heldOut);
    Noun container = thing(rng, lexicon, "container", heldOut);
    Noun people = thing(rng, lexicon, "people", heldOut);
    Noun money = thing(rng, lexicon, "money", heldOut);
    return new StoryText(rng, language, cast, List.of(noun, container, people, money));
  }

  private static Noun thing(RandomGenerator rng, Lexicon lexicon, String kinds, boolean heldOut) {
    List<Noun> fitting = new ArrayList<>();
    if (kinds.equals("-")) {
      return thing(rng, lexicon, "object", heldOut);
    }
    for (String kind : kinds.split("\\+", -1)) {
      fitting.addAll(lexicon.nouns(kind, heldOut));
    }
    if (fitting.isEmpty()) {
      // A small kind may have nothing held out.
      for (String kind : kinds.split("\\+", -1)) {
        fitting.addAll(lexicon.nouns(kind, false));
      }
    }
    return Wording.pick(rng, fitting);
  }

  /** One frame with the numbers it states. */
  String say(String frame, List<Integer> numbers) {
    stated = numbers;
    next = 0;
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < frame.length()) {
      char c = frame.charAt(i);
      int end =
          c == '{'
              ? frame.indexOf('}', i)
              : c == '[' ? frame.indexOf(']', i) : c == '<' ? frame.indexOf('>', i) : -1;
      if (end < 0) {
        out.append(c);
        i++;
        continue;
      }
      String inside = frame.substring(i + 1, end);
      out.append(c == '{' ? slot(inside) : alternative(inside, c == '['));
      i = end + 1;
    }
    return out.toString();
  }

  private String alternative(String inside, boolean square) {
    int bar = inside.indexOf('|');
    boolean second = !square ? noun.isFeminine() : english ? past : owner.isFeminine();
    return second ? inside.substring(bar + 1) : inside.substring(0, bar);
  }

  private String slot(String name) {
    Optional<String> person = person(name);
    if (person.isPresent()) {
      return person.get();
    }
    return english ? englishSlot(name) : arabicSlot(name);
  }

  private Optional<String> person(String name) {
    return switch (name) {
      case "N" -> {
        named = true;
        yield Optional.of(owner.name());
      }
      case "M" -> Optional.of(other.name());
      case "F" -> Optional.of(friend.name());
      case "Fm" -> Optional.of(man.name());
      case "Ff" -> Optional.of(woman.name());
      default -> Optional.empty();
    };
  }

  private int number() {
    last = stated.get(next++);
    return last;
  }

  private String englishSlot(String name) {
    return switch (name) {
      case "n" -> Integer.toString(number());
      case "#" -> englishCount(noun);
      case "#c" -> englishCount(container);
      case "#p" -> englishCount(people);
      case "$" -> englishCount(money);
      case "$s" -> money.plural();
      case "noun" -> last == 1 ? noun.singular() : noun.plural();
      case "nouns" -> noun.plural();
      case "one" -> withArticle(noun.singular());
      case "single" -> noun.singular();
      case "One" -> capital(withArticle(noun.singular()));
      case "c" -> container.singular();
      case "cs" -> container.plural();
      case "ps" -> people.plural();
      case "p" -> people.singular();
      case "is" -> last == 1 ? (past ? "was" : "is") : past ? "were" : "are";
      case "He" -> subject(owner.isFeminine() ? "She" : "He");
      case "he" -> subject(owner.isFeminine() ? "she" : "he");
      case "him" -> owner.isFeminine() ? "her" : "him";
      case "His" -> owner.isFeminine() ? "Her" : "His";
      case "his" -> owner.isFeminine() ? "her" : "his";
      default -> throw new IllegalStateException("slot {" + name + "}");
    };
  }

  private String subject(String pronoun) {
    return named && rng.nextInt(5) > 0 ? pronoun : owner.name();
  }

  private String englishCount(Noun of) {
    int n = number();
    return n + " " + (n == 1 ? of.singular() : of.plural());
  }

  static String withArticle(String noun) {
    boolean isVowel =
        "aeio".indexOf(noun.charAt(0)) >= 0 || noun.startsWith("umb") || noun.startsWith("onion");
    return (isVowel ? "an " : "a ") + noun;
  }

  private static String capital(String s) {
    return Character.toUpperCase(s.charAt(0)) + s.substring(1);
  }

  private String arabicSlot(String name) {
    if (name.startsWith("@")) {
      Noun inline = ArabicWords.noun(name.substring(3), "inline");
      return ArabicCount.phrase(number(), inline, name.charAt(1) == 'n');
    }
    return switch (name) {
      case "n" -> Integer.toString(number());
      case "#n" -> ArabicCount.phrase(number(), noun, true);
      case "#a" -> ArabicCount.phrase(number(), noun, false);
      case "#cn" -> ArabicCount.phrase(number(), container, true);
      case "#ca" -> ArabicCount.phrase(number(), container, false);
      case "#pn" -> ArabicCount.phrase(number(), people, true);
      case "#pa" -> ArabicCount.phrase(number(), people, false);
      case "$n" -> ArabicCount.phrase(number(), money, true);
      case "$a" -> ArabicCount.phrase(number(), money, false);
      case "q$" -> ArabicCount.accusative(money);
      case "one" -> noun.singular();
      case "q" -> ArabicCount.accusative(noun);
      case "the" -> ArabicCount.definitePlural(noun);
      case "theOne" -> "ال" + noun.singular();
      case "c" -> container.singular();
      case "qc" -> ArabicCount.accusative(container);
      case "thec" -> ArabicCount.definitePlural(container);
      case "p" -> people.singular();
      case "thep" -> ArabicCount.definitePlural(people);
      default -> throw new IllegalStateException("slot {" + name + "}");
    };
  }
}
