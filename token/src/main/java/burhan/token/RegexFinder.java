package burhan.token;

import burhan.tensor.BadInputException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Any other pattern, on java.util.regex. The reference's engine is Oniguruma with Ruby's syntax;
 * the few differences are translated. A step limit stands in for a linear-time engine: a pattern
 * from a hostile file ends in an error, not in a hang or an overflowing stack.
 */
final class RegexFinder implements Finder {
  private static final long FREE_STEPS = 1_000_000;
  private static final int STEPS_PER_CHAR = 256;
  private static final int LONGEST_PATTERN = 20_000;
  private static final long MOST_TURNS = 100_000;
  private static final Pattern COUNT = Pattern.compile("(?<!\\\\[xu])\\{([0-9]{1,9})");
  private static final Map<String, String> POSIX =
      Map.of(
          "alpha", "\\p{Alpha}",
          "digit", "\\p{Digit}",
          "alnum", "\\p{Alnum}",
          "upper", "\\p{Upper}",
          "lower", "\\p{Lower}",
          "space", "\\s",
          "punct", "\\p{P}\\p{S}",
          "cntrl", "\\p{Cntrl}",
          "xdigit", "0-9A-Fa-f",
          "word", "\\w");

  private final Pattern compiled;
  private final String source;

  RegexFinder(String source) {
    if (source.length() > LONGEST_PATTERN) {
      throw new BadInputException(
          "tokenizer.json: a pattern of "
              + source.length()
              + " characters is longer than any in use; expected at most "
              + LONGEST_PATTERN);
    }
    this.source = source;
    try {
      // Ruby's ^ and $ are about lines, and only \n ends a line.
      this.compiled =
          Pattern.compile(
              translate(source),
              Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE | Pattern.UNIX_LINES);
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw new BadInputException(
          "tokenizer.json: cannot read the pattern "
              + shown()
              + (e instanceof PatternSyntaxException p ? ": " + p.getDescription() : ""),
          e);
    }
  }

  /** The pattern's fastest exact form. */
  static Finder of(String source) {
    if (source.equals("\\s+$")) {
      return new TrailingSpaces();
    }
    return KnownPattern.of(source)
        .or(() -> ClassRun.of(source))
        .map(Finder.class::cast)
        .orElseGet(() -> new RegexFinder(source));
  }

  @Override
  public Cursor over(String text) {
    Matcher matcher = compiled.matcher(new Counted(text));
    return (start, from, to) -> {
      try {
        int behind = -1;
        if (from == start) {
          // The region is the piece, so that anchors and look-arounds stop at its ends.
          matcher.region(start, to);
        } else {
          behind = matcher.end();
        }
        boolean found = matcher.find();
        // The reference takes no empty match right behind another match.
        boolean isBehind = found && matcher.end() == behind;
        found = isBehind ? matcher.find() : found;
        return found ? Finder.match(matcher.start(), matcher.end()) : NONE;
      } catch (StackOverflowError | TooManySteps e) {
        throw new BadInputException(
            "tokenizer.json: the pattern "
                + shown()
                + " needs too much work on a text of "
                + text.length()
                + " characters; shorten the text or use another tokenizer",
            e);
      }
    };
  }

  private String shown() {
    return source.length() <= 60 ? source : source.substring(0, 60) + "...";
  }

  // A counted loop around something that may be empty turns without reading the text, so the step
  // limit does not see it; the counts themselves are bounded.
  private static void checkCounts(String source) {
    long turns = 1;
    Matcher counts = COUNT.matcher(source);
    while (counts.find()) {
      turns = Math.multiplyExact(turns, Math.max(1, Long.parseLong(counts.group(1))));
      if (turns > MOST_TURNS) {
        throw new PatternSyntaxException("repeats more than " + MOST_TURNS + " times", source, -1);
      }
    }
  }

  private static String translate(String source) {
    checkCounts(source);
    StringBuilder out = new StringBuilder(source.length() + 16);
    int depth = 0;
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\' && i + 1 < source.length()) {
        i = escape(source, i, depth > 0, out);
      } else if (depth > 0 && source.startsWith("[:", i) && source.indexOf(":]", i) > 0) {
        int close = source.indexOf(":]", i);
        String name = source.substring(i + 2, close);
        String java = POSIX.get(name.toLowerCase(Locale.ROOT));
        if (java == null) {
          throw new PatternSyntaxException("unknown bracket class [:" + name + ":]", source, i);
        }
        out.append(java);
        i = close + 1;
      } else if (depth == 0 && source.startsWith("(?m", i)) {
        out.append("(?s"); // Ruby's m lets the dot match a line break
        i += 2;
      } else {
        depth += c == '[' ? 1 : c == ']' && depth > 0 ? -1 : 0;
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int escape(String source, int at, boolean inClass, StringBuilder out) {
    char c = source.charAt(at + 1);
    if (c == 'h') { // a hexadecimal digit in Ruby, horizontal space in Java
      out.append(inClass ? "0-9A-Fa-f" : "[0-9A-Fa-f]");
      return at + 1;
    }
    int close = source.indexOf('}', at);
    if ((c == 'p' || c == 'P') && close > at + 3 && source.charAt(at + 2) == '{') {
      String name = source.substring(at + 3, close);
      boolean negated = name.startsWith("^");
      name = negated ? name.substring(1) : name;
      out.append('\\').append(negated == (c == 'p') ? 'P' : 'p').append('{');
      out.append(isCategory(name) ? "" : "Is").append(name).append('}');
      return close;
    }
    out.append('\\').append(c);
    return at + 1;
  }

  private static boolean isCategory(String name) {
    return name.length() <= 2 || name.indexOf('=') > 0 || name.startsWith("Is");
  }

  /** {@code \s+$}, for which a backtracking engine takes quadratic time on long white space. */
  private static final class TrailingSpaces implements Finder {
    @Override
    public Cursor over(String text) {
      return (start, from, to) -> {
        int at = from;
        while (at < to) {
          if (!CharClass.isSpace(text.charAt(at))) {
            at++;
            continue;
          }
          int end = at;
          int lineEnd = -1;
          while (end < to && CharClass.isSpace(text.charAt(end))) {
            lineEnd = text.charAt(end) == '\n' && end > at ? end : lineEnd;
            end++;
          }
          if (end == to || lineEnd > 0) {
            return Finder.match(at, end == to ? end : lineEnd);
          }
          at = end;
        }
        return NONE;
      };
    }
  }

  /** A text that counts how often it is read, which is how much work the engine does. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps > FREE_STEPS + (long) STEPS_PER_CHAR * text.length()) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super(null, null, false, false);
    }
  }
}
