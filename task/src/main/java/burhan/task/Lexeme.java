package burhan.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A piece of a question: a number, a word or one sign. Cuts plain text in one pass; knows no
 * meaning.
 */
sealed interface Lexeme {
  /** A literal such as {@code 12}, {@code 1,250} or {@code 0.5}. */
  record Literal(Rational value) implements Lexeme {}

  /** A run of letters, folded, apostrophes included. */
  record Word(String text) implements Lexeme {}

  /** Any other visible character. */
  record Sign(char c) implements Lexeme {}

  /** Longer literals are nobody's question, and would make exact arithmetic slow. */
  int MAX_DIGITS = 40;

  /** Empty if a literal is too long. The text must come from {@link PlainText#of}. */
  static Optional<List<Lexeme>> cut(String plain) {
    String text = PlainText.folded(plain);
    List<Lexeme> out = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (isDigit(c)) {
        int end = numberEnd(text, i);
        String digits = text.substring(i, end).replace(",", "");
        if (digits.length() > MAX_DIGITS) {
          return Optional.empty();
        }
        out.add(new Literal(Rational.parse(digits)));
        i = end;
      } else if (Character.isLetter(c)) {
        int end = i + 1;
        while (end < text.length()
            && (Character.isLetter(text.charAt(end)) || text.charAt(end) == '\'')) {
          end++;
        }
        out.add(new Word(text.substring(i, end)));
        i = end;
      } else {
        if (c != ' ') {
          out.add(new Sign(c));
        }
        i++;
      }
    }
    return Optional.of(out);
  }

  private static int numberEnd(String text, int start) {
    int end = start;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    if (end - start <= 3) {
      while (isGroup(text, end)) {
        end += 4;
      }
    }
    if (end + 1 < text.length() && text.charAt(end) == '.' && isDigit(text.charAt(end + 1))) {
      end++;
      while (end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
    }
    return end;
  }

  /** A comma and exactly three digits. */
  private static boolean isGroup(String text, int at) {
    if (at + 3 >= text.length() || text.charAt(at) != ',') {
      return false;
    }
    for (int i = at + 1; i <= at + 3; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return at + 4 >= text.length() || !isDigit(text.charAt(at + 4));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
