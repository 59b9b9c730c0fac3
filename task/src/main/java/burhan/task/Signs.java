package burhan.task;

import java.util.List;
import java.util.random.RandomGenerator;

/** The signs and words that stand between two operands. A table; frequent ones are repeated. */
final class Signs {
  private Signs() {}

  /** A sign or word for one of {@code + - * /}. */
  static String pick(RandomGenerator rng, Language language, char operator, boolean inWords) {
    boolean english = language == Language.EN;
    return Wording.pick(
        rng,
        switch (operator) {
          case '+' -> inWords ? (english ? List.of("plus") : List.of("زائد")) : List.of("+");
          case '-' ->
              inWords
                  ? (english ? List.of("minus") : List.of("ناقص"))
                  : List.of("-", "-", "-", "−", "–");
          case '*' ->
              inWords
                  ? (english
                      ? List.of("times", "times", "multiplied by")
                      : List.of("في", "ضرب", "ضرب", "مضروبا في", "مضروبًا في"))
                  : List.of("x", "x", "*", "*", "×", "×", "X");
          case '/' ->
              inWords
                  ? (english
                      ? List.of("divided by", "divided by", "over")
                      : List.of("على", "تقسيم", "مقسوما على", "مقسومًا على", "قسمة"))
                  : List.of("/", "/", "÷");
          default -> throw new IllegalStateException("operator " + operator);
        });
  }
}
