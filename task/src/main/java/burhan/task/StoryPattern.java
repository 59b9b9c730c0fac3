package burhan.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A frame as a pattern over lexemes: what a reader must find to take a sentence as this frame.
 * Knows the shape of sentences and the wildcards in them, not what the story amounts to.
 */
final class StoryPattern {
  /** What stands at one place. */
  private enum Piece {
    WORD,
    NUMBER,
    SUBJECT,
    OTHER,
    THING,
    /** One or two words that do not matter. */
    FREE,
    /** An Arabic counted phrase of the thing the story is about. */
    COUNT,
    /** An Arabic counted phrase of something else. */
    FREE_COUNT,
    END
  }

  private record Place(Piece piece, Set<String> words) {}

  /** What a match found. Lists so that a frame may state several. */
  record Found(
      int end,
      List<Rational> numbers,
      List<String> subjects,
      List<String> others,
      List<String> things) {}

  private static final Set<String> STOPS =
      Set.of(
          "more",
          "fewer",
          "less",
          "than",
          "times",
          "each",
          "twice",
          "half",
          "as",
          "of",
          "and",
          "every",
          "per",
          "equally",
          "left",
          "away",
          "together",
          "now",
          "still",
          "many",
          "much",
          "how",
          "does",
          "do",
          "is",
          "are",
          "was",
          "were",
          "has",
          "had",
          "what",
          "that",
          "then",
          "with",
          "to",
          "for",
          "not",
          "اكثر",
          "اقل",
          "مما",
          "ضعف",
          "نصف",
          "اضعاف",
          "كل",
          "منها",
          "بمقدار",
          "لدي",
          "مع",
          "كم",
          "ما",
          "عدد",
          "معا",
          "الان",
          "بالتساوي",
          "بقي",
          "بقيت",
          "ثم",
          "منه",
          "في",
          "الي",
          "من");

  private final List<Effect> effects;
  private final List<Place> places;

  private StoryPattern(List<Effect> effects, List<Place> places) {
    this.effects = effects;
    this.places = places;
  }

  List<Effect> effects() {
    return effects;
  }

  /** How many places; a longer pattern says more about the sentence. */
  int size() {
    return places.size();
  }

  /** The patterns of a frame, one per choice between the alternatives in it. */
  static List<StoryPattern> of(Theme.Frame frame, Language language) {
    List<StoryPattern> out = new ArrayList<>();
    for (int square = 0; square < 2; square++) {
      for (int angle = 0; angle < 2; angle++) {
        boolean isRepeat =
            (square == 1 && frame.text().indexOf('[') < 0)
                || (angle == 1 && frame.text().indexOf('<') < 0);
        if (!isRepeat) {
          String text = chosen(chosen(frame.text(), '[', ']', square), '<', '>', angle);
          out.add(new StoryPattern(frame.effects(), places(text, language)));
        }
      }
    }
    return out;
  }

  private static String chosen(String text, char open, char close, int which) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    int start;
    while ((start = text.indexOf(open, at)) >= 0) {
      int end = text.indexOf(close, start);
      String inside = text.substring(start + 1, end);
      int bar = inside.indexOf('|');
      out.append(text, at, start);
      out.append(which == 0 ? inside.substring(0, bar) : inside.substring(bar + 1));
      at = end + 1;
    }
    return out.append(text.substring(at)).toString();
  }

  private static List<Place> places(String text, Language language) {
    List<Place> out = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      literal(text.substring(at, open < 0 ? text.length() : open), out);
      if (open < 0) {
        break;
      }
      int close = text.indexOf('}', open);
      slot(text.substring(open + 1, close), language, out);
      at = close + 1;
    }
    while (!out.isEmpty() && out.get(0).words.stream().anyMatch(StoryReader.CONNECTORS::contains)) {
      out.remove(0);
    }
    return out;
  }

  private static void literal(String text, List<Place> out) {
    for (Lexeme lexeme : Lexeme.cut(PlainText.of(text)).orElse(List.of())) {
      if (lexeme instanceof Lexeme.Word w) {
        out.add(new Place(Piece.WORD, Set.of(w.text())));
      } else if (lexeme instanceof Lexeme.Sign s && StoryReader.isEnd(s)) {
        out.add(new Place(Piece.END, Set.of()));
      }
    }
  }

  private static void slot(String name, Language language, List<Place> out) {
    boolean english = language == Language.EN;
    if (name.startsWith("@")) {
      out.add(new Place(Piece.FREE_COUNT, Set.of()));
      return;
    }
    switch (name) {
      case "N", "He", "he" -> out.add(new Place(Piece.SUBJECT, Set.of()));
      case "M" -> out.add(new Place(Piece.OTHER, Set.of()));
      case "him", "his", "His" ->
          out.add(new Place(Piece.WORD, Set.of("him", "her", "his", "them", "their")));
      case "n" -> out.add(new Place(Piece.NUMBER, Set.of()));
      case "is" -> out.add(new Place(Piece.WORD, Set.of("is", "are", "was", "were")));
      case "#n", "#a" -> out.add(new Place(Piece.COUNT, Set.of()));
      case "#cn", "#ca", "#pn", "#pa", "$n", "$a" -> out.add(new Place(Piece.FREE_COUNT, Set.of()));
      case "#" -> {
        out.add(new Place(Piece.NUMBER, Set.of()));
        out.add(new Place(Piece.THING, Set.of()));
      }
      case "#c", "#p", "$" -> {
        out.add(new Place(Piece.NUMBER, Set.of()));
        out.add(new Place(Piece.FREE, Set.of()));
      }
      case "One" -> {
        out.add(new Place(Piece.WORD, Set.of("a", "an", "one")));
        out.add(new Place(Piece.THING, Set.of()));
      }
      case "one" -> {
        if (english) {
          out.add(new Place(Piece.WORD, Set.of("a", "an", "one")));
        }
        out.add(new Place(Piece.THING, Set.of()));
      }
      case "noun", "nouns", "single", "q", "the", "theOne" ->
          out.add(new Place(Piece.THING, Set.of()));
      default -> out.add(new Place(Piece.FREE, Set.of()));
    }
  }

  /** Whether and how the pattern matches from a position on, to the end of a sentence. */
  Optional<Found> match(List<Lexeme> lexemes, int from) {
    Matcher matcher = new Matcher(lexemes);
    return matcher.match(0, from)
        ? Optional.of(
            new Found(
                matcher.end, matcher.numbers, matcher.subjects, matcher.others, matcher.things))
        : Optional.empty();
  }

  /** One attempt; the lists are a stack that is cut back when a choice fails. */
  private final class Matcher {
    private final List<Lexeme> lexemes;
    private final List<Rational> numbers = new ArrayList<>();
    private final List<String> subjects = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> things = new ArrayList<>();
    private int end;

    Matcher(List<Lexeme> lexemes) {
      this.lexemes = lexemes;
    }

    boolean match(int place, int at) {
      if (place == places.size()) {
        end = at;
        return at == lexemes.size() || places.get(place - 1).piece == Piece.END;
      }
      Place p = places.get(place);
      return switch (p.piece) {
        case WORD ->
            at < lexemes.size()
                && lexemes.get(at) instanceof Lexeme.Word w
                && p.words.contains(w.text())
                && match(place + 1, at + 1);
        case NUMBER -> number(at, place, at + 1);
        case SUBJECT -> words(subjects, place, at);
        case OTHER -> words(others, place, at);
        case THING -> words(things, place, at);
        case FREE -> words(new ArrayList<>(), place, at);
        case COUNT -> count(things, place, at);
        case FREE_COUNT -> count(new ArrayList<>(), place, at);
        case END -> end(place, at);
      };
    }

    private boolean end(int place, int at) {
      int next = at;
      while (next < lexemes.size()
          && lexemes.get(next) instanceof Lexeme.Sign s
          && StoryReader.isEnd(s)) {
        next++;
      }
      return (next > at || next == lexemes.size()) && match(place + 1, next);
    }

    private boolean number(int at, int place, int next) {
      if (at >= lexemes.size() || !(lexemes.get(at) instanceof Lexeme.Literal n)) {
        return false;
      }
      numbers.add(n.value());
      if (match(place + 1, next)) {
        return true;
      }
      numbers.removeLast();
      return false;
    }

    /** One or two words that could name something. */
    private boolean words(List<String> into, int place, int at) {
      StringBuilder name = new StringBuilder();
      for (int i = at; i < Math.min(at + 2, lexemes.size()); i++) {
        if (!(lexemes.get(i) instanceof Lexeme.Word w) || STOPS.contains(w.text())) {
          return false;
        }
        into.add(
            name.append(i == at ? "" : " ").append(w.text()).toString().toLowerCase(Locale.ROOT));
        if (match(place + 1, i + 1)) {
          return true;
        }
        into.removeLast();
      }
      return false;
    }

    /** Digits and a noun, digits and من and a noun, a noun and واحد, or a dual. */
    private boolean count(List<String> into, int place, int at) {
      if (at >= lexemes.size()) {
        return false;
      }
      if (lexemes.get(at) instanceof Lexeme.Literal n) {
        numbers.add(n.value());
        boolean isOf = at + 1 < lexemes.size() && lexemes.get(at + 1).equals(new Lexeme.Word("من"));
        if (words(into, place, isOf ? at + 2 : at + 1)) {
          return true;
        }
        numbers.removeLast();
        return false;
      }
      if (!(lexemes.get(at) instanceof Lexeme.Word noun) || STOPS.contains(noun.text())) {
        return false;
      }
      boolean isOne =
          at + 1 < lexemes.size()
              && lexemes.get(at + 1) instanceof Lexeme.Word one
              && Set.of("واحد", "واحدا", "واحده").contains(one.text());
      boolean isDual = noun.text().endsWith("ان") || noun.text().endsWith("ين");
      if (!isOne && !isDual) {
        return false;
      }
      numbers.add(Rational.of(isOne ? 1 : 2));
      into.add(noun.text());
      if (match(place + 1, at + (isOne ? 2 : 1))) {
        return true;
      }
      numbers.removeLast();
      into.removeLast();
      return false;
    }
  }
}
