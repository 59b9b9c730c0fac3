package burhan.token;

import java.util.Optional;

/**
 * A run of one character class, perhaps after one whitespace character: {@code \p{N}{1,3}}, {@code
 * \s?[A-Za-z]+}, {@code [\r\n]}. Most passes of multi-pass pre-tokenisers and most replacements are
 * of this shape, and this shape never needs to look back.
 *
 * @param members the class
 * @param lead what may stand once before it
 * @param most longest run in characters
 */
record ClassRun(Members members, Lead lead, int most) implements ScanFinder {

  enum Lead {
    NOTHING,
    SPACE,
    WHITESPACE
  }

  /** A set of characters: bits below U+10000, and ranges and classes above. */
  static final class Members {
    private final long[] basic = new long[0x10000 >> 6];
    private final int[] ranges; // first at 2i, last at 2i + 1
    private final int classes;
    private final boolean negated;

    Members(int[] ranges, int classes, boolean negated) {
      this.ranges = ranges;
      this.classes = classes;
      this.negated = negated;
      for (int c = 0; c < 0x10000; c++) {
        basic[c >>> 6] |= decide(c) ? 1L << c : 0;
      }
    }

    boolean has(int codePoint) {
      return codePoint < 0x10000
          ? (basic[codePoint >>> 6] >>> codePoint & 1) != 0
          : decide(codePoint);
    }

    private boolean decide(int codePoint) {
      boolean in = (CharClass.of(codePoint) & classes) != 0;
      for (int i = 0; !in && i < ranges.length; i += 2) {
        in = codePoint >= ranges[i] && codePoint <= ranges[i + 1];
      }
      return in != negated;
    }
  }

  @Override
  public int matchAt(String text, int at, int to) {
    int from =
        leads(text, at) && at + 1 < to && members.has(text.codePointAt(at + 1)) ? at + 1 : at;
    int end = end(text, from, to);
    return end > from ? end : -1;
  }

  private boolean leads(String text, int at) {
    char c = text.charAt(at);
    return (lead == Lead.SPACE && c == ' ') || (lead == Lead.WHITESPACE && CharClass.isSpace(c));
  }

  private int end(String text, int from, int to) {
    int end = from;
    for (int n = 0; n < most && end < to; n++) {
      char c = text.charAt(end);
      int point = Character.isSurrogate(c) ? text.codePointAt(end) : c;
      if (!members.has(point)) {
        break;
      }
      end += Character.charCount(point);
    }
    return end;
  }

  // Looks for the first member; what leads it stands just before.
  @Override
  public Cursor over(String text) {
    return (start, from, to) -> {
      int at = from;
      while (at < to) {
        char c = text.charAt(at);
        int point = Character.isSurrogate(c) ? text.codePointAt(at) : c;
        if (members.has(point)) {
          int begin = at > from && leads(text, at - 1) ? at - 1 : at;
          int end = matchAt(text, begin, to);
          return Finder.match(begin, end);
        }
        at += Character.charCount(point);
      }
      return NONE;
    };
  }

  /** Reads a pattern of this shape; empty when it has another one. */
  static Optional<ScanFinder> of(String pattern) {
    Reader reader = new Reader(pattern);
    Lead lead = reader.lead();
    if (!reader.members()) {
      return Optional.empty();
    }
    int most = reader.most();
    return most > 0 && reader.atEnd()
        ? Optional.of(new ClassRun(reader.result(), lead, most))
        : Optional.empty();
  }

  /** Reads the pattern from left to right and gives up on anything it does not know. */
  private static final class Reader {
    private final String pattern;
    private final Ids ranges = new Ids(16);
    private int classes;
    private boolean negated;
    private int at;

    Reader(String pattern) {
      this.pattern = pattern;
    }

    boolean atEnd() {
      return at == pattern.length();
    }

    Members result() {
      return new Members(ranges.toArray(), classes, negated);
    }

    Lead lead() {
      return take(" ?") ? Lead.SPACE : take("\\s?") ? Lead.WHITESPACE : Lead.NOTHING;
    }

    int most() {
      if (atEnd()) {
        return 1;
      }
      if (take("+")) {
        return Integer.MAX_VALUE;
      }
      for (int n = 1; n <= 9; n++) {
        if (take("{1," + n + "}")) {
          return n;
        }
      }
      return 0;
    }

    boolean members() {
      if (!take("[")) {
        return !atEnd() && pattern.charAt(at) == '\\' && one() == -1;
      }
      negated = take("^");
      int items = 0;
      while (!atEnd() && !take("]")) {
        int low = one();
        if (low == -2) {
          return false;
        }
        boolean isRange = at + 1 < pattern.length() && pattern.charAt(at) == '-';
        if (low >= 0 && isRange && pattern.charAt(at + 1) != ']') {
          at++;
          int high = one();
          if (high < low) {
            return false;
          }
          range(low, high);
        } else if (low >= 0) {
          range(low, low);
        }
        items++;
      }
      return items > 0 && at > 0 && pattern.charAt(at - 1) == ']';
    }

    // One character, or -1 after a whole class, or -2 for what is not understood.
    private int one() {
      if (atEnd()) {
        return -2;
      }
      int point = pattern.codePointAt(at);
      at += Character.charCount(point);
      if (point == '[' || point == '&' || point == '^') {
        return -2;
      }
      return point == '\\' ? escaped() : point;
    }

    private int escaped() {
      if (atEnd()) {
        return -2;
      }
      char c = pattern.charAt(at++);
      return switch (c) {
        case 'r' -> '\r';
        case 'n' -> '\n';
        case 't' -> '\t';
        case 's' -> whole(CharClass.SPACE);
        case 'd' -> -2;
        case 'p' -> category();
        case 'u' -> hex(4);
        default -> c < 0x80 && !Character.isLetterOrDigit(c) ? c : -2;
      };
    }

    private int category() {
      int close = pattern.indexOf('}', at);
      if (close < 0) {
        return -2;
      }
      String name = pattern.substring(at, close + 1);
      at = close + 1;
      return switch (name) {
        case "{L}" -> whole(CharClass.LETTER);
        case "{M}" -> whole(CharClass.MARK);
        case "{N}" -> whole(CharClass.NUMBER);
        case "{P}" -> whole(CharClass.PUNCTUATION);
        case "{S}" -> whole(CharClass.SYMBOL);
        default -> -2;
      };
    }

    private int whole(int more) {
      classes |= more;
      return -1;
    }

    private int hex(int digits) {
      int value = 0;
      for (int i = 0; i < digits; i++, at++) {
        int digit = atEnd() ? -1 : Character.digit(pattern.charAt(at), 16);
        if (digit < 0) {
          return -2;
        }
        value = value << 4 | digit;
      }
      return value;
    }

    private void range(int low, int high) {
      ranges.add(low);
      ranges.add(high);
    }

    private boolean take(String expected) {
      boolean found = pattern.startsWith(expected, at);
      at += found ? expected.length() : 0;
      return found;
    }
  }
}
