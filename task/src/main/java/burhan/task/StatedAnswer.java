package burhan.task;

import java.util.List;
import java.util.Optional;

/**
 * Reads what an answer commits itself to: one number. Two different numbers are no answer, unless
 * the first ones form an expression that the last one is equated with. Knows no question.
 */
final class StatedAnswer {
  private StatedAnswer() {}

  /** The text must come from {@link PlainText#of}. */
  static Optional<Rational> number(String plain) {
    String text = unboxed(plain);
    int equals = text.lastIndexOf('=');
    if (equals >= 0) {
      Optional<Rational> last = single(text.substring(equals + 1));
      String claim = text.substring(0, equals).strip();
      if (last.isEmpty() || claim.isEmpty()) {
        return last;
      }
      return Lexeme.cut(claim)
          .flatMap(ArithmeticQuestion::parse)
          .flatMap(StatedAnswer::value)
          .filter(last.get()::equals);
    }
    return single(text);
  }

  private static Optional<Rational> value(Expression e) {
    try {
      return Optional.of(e.value());
    } catch (ArithmeticException dividesByZero) {
      return Optional.empty();
    }
  }

  /** The only number of a text, with its sign; also a fraction such as {@code 3/4}. */
  private static Optional<Rational> single(String text) {
    List<Lexeme> all = Lexeme.cut(text).orElse(List.of());
    int first = -1;
    int count = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof Lexeme.Literal) {
        first = count++ == 0 ? i : first;
      }
    }
    if (count == 0 || count > 2 || !(all.get(first) instanceof Lexeme.Literal number)) {
      return Optional.empty();
    }
    Rational value = number.value();
    if (count == 2) {
      boolean isFraction =
          first + 2 < all.size()
              && all.get(first + 1).equals(new Lexeme.Sign('/'))
              && all.get(first + 2) instanceof Lexeme.Literal below
              && below.value().signum() != 0;
      if (!isFraction) {
        return Optional.empty();
      }
      value = value.over(((Lexeme.Literal) all.get(first + 2)).value());
    }
    boolean isNegative = first > 0 && all.get(first - 1).equals(new Lexeme.Sign('-'));
    return Optional.of(isNegative ? value.negate() : value);
  }

  private static String unboxed(String text) {
    int start = text.lastIndexOf("boxed{");
    int end = start < 0 ? -1 : text.indexOf('}', start);
    return end < 0 ? text : text.substring(start + 6, end);
  }
}
