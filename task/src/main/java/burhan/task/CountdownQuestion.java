package burhan.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a question for a Countdown game, and an answer for an expression that uses every number
 * once. Knows no generator and does not search.
 */
record CountdownQuestion(List<Rational> numbers, Rational target) {
  private static final int FEWEST = 2;
  private static final int MOST = 6;

  /** Words of which one must be there, unless an arrow is. */
  private static final Set<String> GAME =
      words(
          "use using make reach get combine target countdown from"
              + " استعمل استخدم باستعمال باستخدام كون اصنع صل تصل اصل احصل نحصل الهدف والهدف");

  /** The number that follows one of these is the target. */
  private static final Set<String> TOWARDS =
      words(
          "make reach get target to is exactly equals becomes"
              + " الي علي كون اصنع الهدف والهدف هدف هو العدد");

  /** The number that follows one of these is one to use. */
  private static final Set<String> USING =
      words(
          "use using from with of numbers number combine countdown and"
              + " استعمل استخدم باستعمال باستخدام من الاعداد والاعداد الارقام و اعداد ارقام");

  private static final Set<String> OTHERS =
      words(
          "the how can i do you could we out please pls plz a expression only these once each"
              + " لتصل للوصول لتحصل للحصول كيف تصل اصل صل احصل نحصل تحصل فضلك لو سمحت رجاء هذه");

  private static Set<String> words(String list) {
    return Set.of(list.split(" ", -1));
  }

  /** Empty if the question is no such game or leaves open which number is the target. */
  static Optional<CountdownQuestion> parse(List<Lexeme> lexemes) {
    List<Rational> numbers = new ArrayList<>();
    List<Rational> targets = new ArrayList<>();
    boolean isGame = false;
    boolean towards = false;
    for (int i = 0; i < lexemes.size(); i++) {
      switch (lexemes.get(i)) {
        case Lexeme.Literal n -> {
          (towards ? targets : numbers).add(n.value());
          towards = false;
        }
        case Lexeme.Word w -> {
          isGame |= GAME.contains(w.text());
          if (TOWARDS.contains(w.text())) {
            towards = true;
          } else if (USING.contains(w.text())) {
            towards = false;
          } else if (!OTHERS.contains(w.text())) {
            return Optional.empty();
          }
        }
        case Lexeme.Sign s -> {
          boolean isShaft =
              i > 0 && (isSign(lexemes.get(i - 1), '-') || isSign(lexemes.get(i - 1), '='));
          boolean isArrow = s.c() == '→' || (s.c() == '>' && isShaft);
          boolean isEquals = s.c() == '=';
          isGame |= isArrow;
          towards |= isArrow || isEquals;
          boolean isPlain = ".,:?!>-".indexOf(s.c()) >= 0;
          if (!isArrow && !isEquals && !isPlain) {
            return Optional.empty();
          }
        }
      }
    }
    boolean fits = numbers.size() >= FEWEST && numbers.size() <= MOST && targets.size() == 1;
    return isGame && fits
        ? Optional.of(new CountdownQuestion(numbers, targets.get(0)))
        : Optional.empty();
  }

  private static boolean isSign(Lexeme lexeme, char c) {
    return lexeme.equals(new Lexeme.Sign(c));
  }

  /** The answer as plain text: one expression, and {@code = target} after it if it likes. */
  Verdict judge(String answer) {
    Optional<List<Lexeme>> lexemes = Lexeme.cut(answer);
    if (lexemes.isEmpty() || lexemes.get().stream().anyMatch(CountdownQuestion::isForeign)) {
      return new Verdict(false, "the answer is no expression for " + target);
    }
    List<Lexeme> body = new ArrayList<>(lexemes.get());
    int equals = body.indexOf(new Lexeme.Sign('='));
    if (equals >= 0) {
      boolean claimsTarget =
          body.subList(equals + 1, body.size()).equals(List.of(new Lexeme.Literal(target)));
      if (!claimsTarget) {
        return new Verdict(false, "the answer is no expression for " + target);
      }
      body = body.subList(0, equals);
    }
    Optional<Expression> expression = ArithmeticQuestion.parse(body);
    return expression.isEmpty()
        ? new Verdict(false, "the answer is no expression for " + target)
        : judge(expression.get());
  }

  private static boolean isForeign(Lexeme lexeme) {
    return switch (lexeme) {
      case Lexeme.Literal n -> false;
      case Lexeme.Word w -> !w.text().equals("x");
      case Lexeme.Sign s -> "+-*/()=".indexOf(s.c()) < 0;
    };
  }

  private Verdict judge(Expression expression) {
    List<Rational> used = new ArrayList<>();
    expression.collectNumbers(used);
    if (expression.hasNegation()) {
      return new Verdict(false, expression.shown() + " negates a number, which the game does not");
    }
    if (!sorted(used).equals(sorted(numbers))) {
      return new Verdict(
          false, expression.shown() + " does not use each of the given numbers once");
    }
    try {
      Rational value = expression.value();
      boolean holds = value.equals(target);
      String shown = expression.shown() + " = " + value;
      return new Verdict(holds, holds ? shown : shown + ", not " + target);
    } catch (ArithmeticException dividesByZero) {
      return new Verdict(false, expression.shown() + " divides by zero");
    }
  }

  private static List<Rational> sorted(List<Rational> numbers) {
    List<Rational> out = new ArrayList<>(numbers);
    Collections.sort(
        out, Comparator.comparing(Rational::numerator).thenComparing(Rational::denominator));
    return out;
  }
}
