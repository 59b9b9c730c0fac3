package burhan.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a word problem sentence by sentence and works out what it asks for, exactly. Understands
 * the sentences of the settings with any names and nouns; a sentence it does not understand, or
 * another thing or person where the story should go on, makes the question none of its business.
 */
final class StoryReader {
  /** Words that may open a sentence without changing what it says. */
  static final Set<String> CONNECTORS =
      Set.of(
          "then",
          "later",
          "next",
          "afterwards",
          "after",
          "and",
          "also",
          "so",
          "but",
          "that",
          "ثم",
          "وبعد",
          "بعد",
          "ذلك",
          "بعدها",
          "وبعدها",
          "لاحقا",
          "كما",
          "و");

  private static final Set<String> PRONOUNS = Set.of("he", "she", "they");

  /** More lexemes or more attempts than any story needs. */
  private static final int MAX_LEXEMES = 200;

  private static final int MAX_ATTEMPTS = 20_000;

  private static final List<List<StoryPattern>> ENGLISH = patterns(Language.EN);
  private static final List<List<StoryPattern>> ARABIC = patterns(Language.AR);

  /** How far a story has been read. */
  private record State(
      @Nullable Expression amount,
      @Nullable Expression other,
      @Nullable Expression answer,
      @Nullable String subject,
      @Nullable String otherName,
      @Nullable String thing) {}

  /** What is still to be read, and what is known by then. */
  private record Rest(State state, int from) {}

  private final Language language;
  private final List<Lexeme> lexemes;
  private final List<StoryPattern> patterns;
  private int attempts;

  private StoryReader(Language language, List<Lexeme> lexemes, List<StoryPattern> patterns) {
    this.language = language;
    this.lexemes = lexemes;
    this.patterns = patterns;
  }

  /** One list per setting: a story keeps to the sentences of its setting. */
  private static List<List<StoryPattern>> patterns(Language language) {
    List<List<StoryPattern>> out = new ArrayList<>();
    for (Theme theme : Lexicon.of(language).themes()) {
      List<StoryPattern> patterns = new ArrayList<>();
      for (Theme.Frame frame : theme.frames()) {
        patterns.addAll(StoryPattern.of(frame, language));
      }
      patterns.sort(Comparator.comparingInt(StoryPattern::size).reversed());
      out.add(List.copyOf(patterns));
    }
    return List.copyOf(out);
  }

  static boolean isEnd(Lexeme.Sign sign) {
    return ".?!;".indexOf(sign.c()) >= 0;
  }

  /** What the story asks for as one expression; empty if it is not understood. */
  static Optional<Expression> parse(List<Lexeme> all) {
    List<Lexeme> lexemes = new ArrayList<>(all);
    lexemes.removeIf(l -> l.equals(new Lexeme.Sign(',')) || l.equals(new Lexeme.Sign(':')));
    if (lexemes.size() > MAX_LEXEMES) {
      return Optional.empty();
    }
    boolean isArabic =
        lexemes.stream()
            .anyMatch(l -> l instanceof Lexeme.Word w && w.text().charAt(0) >= '\u0600');
    Language language = isArabic ? Language.AR : Language.EN;
    Optional<Expression> answer = Optional.empty();
    for (List<StoryPattern> patterns : isArabic ? ARABIC : ENGLISH) {
      StoryReader reader = new StoryReader(language, lexemes, patterns);
      Optional<Expression> read = reader.read(0, new State(null, null, null, null, null, null));
      boolean isDisputed =
          read.isPresent()
              && answer.isPresent()
              && !read.get().value().equals(answer.get().value());
      if (isDisputed) {
        return Optional.empty();
      }
      answer = answer.or(() -> read);
    }
    return answer;
  }

  private Optional<Expression> read(int from, State state) {
    if (from == lexemes.size()) {
      return Optional.ofNullable(state.answer);
    }
    int at = from;
    while (at < lexemes.size()
        && lexemes.get(at) instanceof Lexeme.Word w
        && CONNECTORS.contains(w.text())) {
      at++;
    }
    Set<Rest> tried = new HashSet<>();
    for (StoryPattern pattern : patterns) {
      if (++attempts > MAX_ATTEMPTS) {
        return Optional.empty();
      }
      Optional<StoryPattern.Found> found = pattern.match(lexemes, at);
      if (found.isPresent()) {
        Optional<State> next = follow(state, pattern.effects(), found.get());
        if (next.isPresent() && tried.add(new Rest(next.get(), found.get().end()))) {
          Optional<Expression> answer = read(found.get().end(), next.get());
          if (answer.isPresent()) {
            return answer;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The state after a frame; empty if the frame cannot come here. */
  private Optional<State> follow(State state, List<Effect> effects, StoryPattern.Found found) {
    String subject = state.subject;
    for (String name : found.subjects()) {
      if (subject != null && !PRONOUNS.contains(name) && !name.equals(subject)) {
        return Optional.empty();
      }
      subject = subject == null && !PRONOUNS.contains(name) ? name : subject;
    }
    String otherName = state.otherName;
    for (String name : found.others()) {
      if (PRONOUNS.contains(name)
          || name.equals(subject)
          || (otherName != null && !name.equals(otherName))) {
        return Optional.empty();
      }
      otherName = name;
    }
    String thing = state.thing;
    for (String word : found.things()) {
      if (thing != null && !isSame(thing, word)) {
        return Optional.empty();
      }
      thing = word;
    }
    State out = new State(state.amount, state.other, state.answer, subject, otherName, thing);
    int at = 0;
    for (Effect effect : effects) {
      List<Rational> numbers = found.numbers().subList(at, at + effect.numbers());
      at += effect.numbers();
      Optional<State> next = apply(out, effect, numbers);
      if (next.isEmpty()) {
        return next;
      }
      out = next.get();
    }
    return Optional.of(out);
  }

  /** Whether two forms may be of one noun: known ones by the lexicon, others by their beginning. */
  private boolean isSame(String a, String b) {
    Lexicon lexicon = Lexicon.of(language);
    Optional<Noun> known = lexicon.noun(a);
    Optional<Noun> also = lexicon.noun(b);
    if (known.isPresent() && also.isPresent()) {
      return known.equals(also);
    }
    int length = Math.min(3, Math.min(a.length(), b.length()));
    return language == Language.AR || a.substring(0, length).equals(b.substring(0, length));
  }

  private static Optional<State> apply(State s, Effect effect, List<Rational> numbers) {
    boolean opens = effect == Effect.SET || effect == Effect.PRODUCT;
    if (s.answer != null || opens != (s.amount == null)) {
      return Optional.empty();
    }
    Expression n =
        numbers.isEmpty()
            ? new Expression.Literal(Rational.of(2))
            : new Expression.Literal(numbers.get(0));
    if (opens) {
      return amount(s, effect == Effect.SET ? n : product(numbers));
    }
    Expression amount = s.amount == null ? n : s.amount;
    return switch (effect) {
      case SET, PRODUCT -> Optional.empty();
      case GAIN -> amount(s, binary('+', amount, n));
      case LOSE -> amount(s, binary('-', amount, n));
      case GAIN_PRODUCT -> amount(s, binary('+', amount, product(numbers)));
      case LOSE_PRODUCT -> amount(s, binary('-', amount, product(numbers)));
      case TIMES, DOUBLE -> amount(s, binary('*', amount, n));
      case HALF, SPLIT -> amount(s, binary('/', amount, n));
      case FROM -> amount(s, binary('-', n, amount));
      case OTHER -> other(s, n);
      case OTHER_MORE -> other(s, binary('+', amount, n));
      case OTHER_FEWER -> other(s, binary('-', amount, n));
      case OTHER_TIMES, OTHER_DOUBLE -> other(s, binary('*', amount, n));
      case OTHER_HALF -> other(s, binary('/', amount, n));
      case ASK -> s.other == null ? answer(s, amount) : Optional.empty();
      case ASK_OTHER -> s.other == null ? Optional.empty() : answer(s, s.other);
      case ASK_TOTAL ->
          s.other == null ? Optional.empty() : answer(s, binary('+', amount, s.other));
      case ASK_MORE -> s.other == null ? Optional.empty() : answer(s, binary('-', amount, s.other));
      case ASK_FEWER ->
          s.other == null ? Optional.empty() : answer(s, binary('-', s.other, amount));
    };
  }

  private static Expression product(List<Rational> numbers) {
    return binary(
        '*', new Expression.Literal(numbers.get(0)), new Expression.Literal(numbers.get(1)));
  }

  private static Expression binary(char operator, Expression a, Expression b) {
    return new Expression.Binary(operator, a, b);
  }

  private static Optional<State> amount(State s, Expression value) {
    return isNatural(value)
        ? Optional.of(new State(value, s.other, s.answer, s.subject, s.otherName, s.thing))
        : Optional.empty();
  }

  private static Optional<State> other(State s, Expression value) {
    return isNatural(value) && s.other == null
        ? Optional.of(new State(s.amount, value, s.answer, s.subject, s.otherName, s.thing))
        : Optional.empty();
  }

  private static Optional<State> answer(State s, Expression value) {
    return isNatural(value)
        ? Optional.of(new State(s.amount, s.other, value, s.subject, s.otherName, s.thing))
        : Optional.empty();
  }

  /** Stories count things: a negative or broken amount means that the story was misread. */
  private static boolean isNatural(Expression e) {
    try {
      Rational value = e.value();
      return value.isInteger() && value.signum() >= 0;
    } catch (ArithmeticException dividesByZero) {
      return false;
    }
  }
}
