package burhan.task;

import java.util.List;
import java.util.Optional;

/**
 * Checks answers. Reads the question by itself, with exact fractions; knows neither the model that
 * answered nor the generator that may have asked. Total: no text makes it fail, and its time is
 * linear in the length of the text.
 */
public final class Verifier {
  /** Longer questions are not checked. */
  private static final int MAX_QUESTION = 1000;

  private static final int MAX_ANSWER = 1000;

  private Verifier() {}

  /** Empty if the question is not one that can be checked. */
  public static Optional<Verdict> check(String question, String answer) {
    if (question.length() > MAX_QUESTION) {
      return Optional.empty();
    }
    Optional<List<Lexeme>> lexemes = Lexeme.cut(PlainText.of(question));
    if (lexemes.isEmpty()) {
      return Optional.empty();
    }
    String given = answer.length() > MAX_ANSWER ? "" : PlainText.of(answer);
    Optional<Expression> expression = ArithmeticQuestion.parse(lexemes.get());
    if (expression.isPresent()) {
      return checkValue(expression.get(), given);
    }
    Optional<CountdownQuestion> game = CountdownQuestion.parse(lexemes.get());
    if (game.isPresent()) {
      return Optional.of(game.get().judge(given));
    }
    return StoryReader.parse(lexemes.get()).flatMap(e -> checkValue(e, given));
  }

  private static Optional<Verdict> checkValue(Expression expression, String answer) {
    try {
      return Optional.of(judge(expression.shown(), expression.value(), answer));
    } catch (ArithmeticException dividesByZero) {
      return Optional.empty();
    }
  }

  private static Verdict judge(String shown, Rational expected, String answer) {
    String truth = shown + " = " + expected;
    Optional<Rational> given = StatedAnswer.number(answer);
    if (given.isEmpty()) {
      return new Verdict(false, truth + ", the answer states no single number");
    }
    return given.get().equals(expected)
        ? new Verdict(true, truth)
        : new Verdict(false, truth + ", not " + given.get());
  }
}
