package burhan.token;

import burhan.tensor.BadInputException;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What happens to a text before it is split: the {@code normalizer} of a {@code tokenizer.json}.
 * Knows no tokens. A record only describes; {@link #compile()} makes it runnable once.
 */
public sealed interface Normalizer {

  /** The step as a function on text without lone surrogates. */
  UnaryOperator<String> compile();

  /** Bounds what a hostile file can make of a text. */
  private static void checkGrowth(int after, int before) {
    if (after > 1_000_000 + 8L * before) {
      throw new BadInputException(
          "tokenizer.json: the normalizer turns a text of "
              + before
              + " characters into more than "
              + (after - 1)
              + "; use another tokenizer");
    }
  }

  /** Unicode normal form: NFC, NFD, NFKC or NFKD. */
  record Unicode(Form form) implements Normalizer {
    @Override
    public UnaryOperator<String> compile() {
      return text ->
          java.text.Normalizer.isNormalized(text, form)
              ? text
              : java.text.Normalizer.normalize(text, form);
    }
  }

  /** Lower case, character by character: no final sigma, no locale. */
  record Lowercase() implements Normalizer {
    @Override
    public UnaryOperator<String> compile() {
      return text -> {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
            .forEach(point -> {
              out.appendCodePoint(Character.toLowerCase(point));
              if (point == 'İ') {
                out.append('\u0307'); // the one character whose lower case is two
              }
            });
        return out.toString();
      };
    }
  }

  /** Drops every combining mark. */
  record StripAccents() implements Normalizer {
    @Override
    public UnaryOperator<String> compile() {
      return text -> {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
            .filter(point -> (CharClass.of(point) & CharClass.MARK) == 0)
            .forEach(out::appendCodePoint);
        return out.toString();
      };
    }
  }

  /** Drops white space at the ends. */
  record Strip(boolean left, boolean right) implements Normalizer {
    @Override
    public UnaryOperator<String> compile() {
      return text -> {
        int from = 0;
        int to = text.length();
        while (left && from < to && CharClass.isSpace(text.charAt(from))) {
          from++;
        }
        while (right && to > from && CharClass.isSpace(text.charAt(to - 1))) {
          to--;
        }
        return text.substring(from, to);
      };
    }
  }

  /** Puts a prefix before any text that is not empty. */
  record Prepend(String prefix) implements Normalizer {
    @Override
    public UnaryOperator<String> compile() {
      return text -> text.isEmpty() ? text : prefix + text;
    }
  }

  /** Puts {@code content}, taken literally, in the place of every match. */
  record Replace(TextPattern pattern, String content) implements Normalizer {
    @Override
    public UnaryOperator<String> compile() {
      Finder finder = pattern.finder();
      return text -> replace(text, finder, content);
    }

    private static String replace(String text, Finder finder, String content) {
      Finder.Cursor cursor = finder.over(text);
      int n = text.length();
      long match = cursor.next(0, 0, n);
      if (match == Finder.NONE) {
        return text;
      }
      StringBuilder out = new StringBuilder(n + content.length());
      int copied = 0;
      while (match != Finder.NONE) {
        int end = Finder.end(match);
        out.append(text, copied, Finder.begin(match)).append(content);
        checkGrowth(out.length(), n);
        copied = end;
        int from = end > Finder.begin(match) || end == n ? end : text.offsetByCodePoints(end, 1);
        match = from > n || end == n ? Finder.NONE : cursor.next(0, from, n);
      }
      return out.append(text, copied, n).toString();
    }
  }

  /** One after the other. */
  record Sequence(List<Normalizer> steps) implements Normalizer {
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public UnaryOperator<String> compile() {
      List<UnaryOperator<String>> compiled = steps.stream().map(Normalizer::compile).toList();
      return text -> {
        String current = text;
        for (UnaryOperator<String> step : compiled) {
          current = step.apply(current);
          checkGrowth(current.length(), text.length());
        }
        return current;
      };
    }
  }
}
