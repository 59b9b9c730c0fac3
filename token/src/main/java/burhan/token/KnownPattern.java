package burhan.token;

import java.util.Optional;

/**
 * The long alternations of the field's pre-tokenisers as hand-written scanners, recognised by the
 * pattern's text. Each matches exactly what the pattern matches, in time linear in the text, where
 * a backtracking engine is slow and can overflow its stack.
 */
enum KnownPattern implements ScanFinder {
  /** GPT-2, Granite, StarCoder; also what ByteLevel does by itself. */
  GPT_2("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+") {
    @Override
    public int matchAt(String text, int at, int to) {
      int end = contraction(text, at, to, false);
      if (end >= 0) {
        return end;
      }
      char first = text.charAt(at);
      int head = first == ' ' && at + 1 < to ? at + 1 : at;
      int kind = CharClass.at(text, head);
      if ((kind & CharClass.LETTER) != 0) {
        return run(text, head, to, CharClass.LETTER);
      }
      if ((kind & CharClass.NUMBER) != 0) {
        return run(text, head, to, CharClass.NUMBER);
      }
      if ((kind & CharClass.SPACE) == 0) {
        return runWithout(text, head, to, OUTSIDE);
      }
      return lastSpaces(text, at, to);
    }
  },

  /** Llama 3 and its distillations: numbers in threes. */
  LLAMA_3(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
    @Override
    public int matchAt(String text, int at, int to) {
      return modern(text, at, to, 3);
    }
  },

  /** Qwen 2, 2.5, 3 and their distillations: numbers one by one. */
  QWEN_2(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
    @Override
    public int matchAt(String text, int at, int to) {
      return modern(text, at, to, 1);
    }
  },

  /** The third pass of DeepSeek V3 and R1. */
  DEEPSEEK_V3(
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
          + "[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|"
          + "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
    @Override
    public int matchAt(String text, int at, int to) {
      char first = text.charAt(at);
      int kind = CharClass.at(text, at);
      if (first < 0x80 && (kind & SIGN) != 0 && at + 1 < to && isAsciiLetter(text.charAt(at + 1))) {
        int end = at + 2;
        while (end < to && isAsciiLetter(text.charAt(end))) {
          end++;
        }
        return end;
      }
      if ((kind & WORD) != 0) {
        return run(text, at, to, WORD);
      }
      int second = at + width(text, at);
      if ((kind & SIGN) == 0 && !isLineBreak(first) && has(text, second, to, WORD)) {
        return run(text, second, to, WORD);
      }
      int signs = first == ' ' ? second : at;
      if (has(text, signs, to, SIGN)) {
        return lineBreaks(text, run(text, signs, to, SIGN), to, false);
      }
      return (kind & CharClass.SPACE) != 0 ? spaces(text, at, to) : -1;
    }
  },

  /** Mistral's tekken: words split at a change of case. */
  TEKKEN(
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|"
          + "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|"
          + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
    @Override
    public int matchAt(String text, int at, int to) {
      char first = text.charAt(at);
      int kind = CharClass.at(text, at);
      boolean canLead = (kind & (CharClass.LETTER | CharClass.NUMBER)) == 0 && !isLineBreak(first);
      int second = at + width(text, at);
      int end = canLead ? lowerEnd(text, second, to) : -1;
      end = end < 0 ? lowerEnd(text, at, to) : end;
      end = end < 0 && canLead ? upperEnd(text, second, to) : end;
      end = end < 0 ? upperEnd(text, at, to) : end;
      if (end >= 0) {
        return end;
      }
      if ((kind & CharClass.NUMBER) != 0) {
        return second;
      }
      int signs = first == ' ' && second < to ? second : at;
      if ((CharClass.at(text, signs) & OUTSIDE) == 0) {
        return lineBreaks(text, runWithout(text, signs, to, OUTSIDE), to, true);
      }
      return spaces(text, at, to);
    }
  };

  private static final int OUTSIDE = CharClass.SPACE | CharClass.LETTER | CharClass.NUMBER;
  private static final int SIGN = CharClass.PUNCTUATION | CharClass.SYMBOL;
  private static final int WORD = CharClass.LETTER | CharClass.MARK;
  private static final int CASELESS = CharClass.OTHER | CharClass.MARK;

  private final String pattern;

  KnownPattern(String pattern) {
    this.pattern = pattern;
  }

  /** The pattern as {@code tokenizer.json} spells it. */
  String pattern() {
    return pattern;
  }

  static Optional<ScanFinder> of(String pattern) {
    for (KnownPattern known : values()) {
      if (known.pattern.equals(pattern)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  private static int modern(String text, int at, int to, int digits) {
    int end = contraction(text, at, to, true);
    if (end >= 0) {
      return end;
    }
    char first = text.charAt(at);
    int kind = CharClass.at(text, at);
    if ((kind & CharClass.LETTER) != 0) {
      return run(text, at, to, CharClass.LETTER);
    }
    int second = at + width(text, at);
    if ((kind & CharClass.NUMBER) != 0) {
      end = second;
      for (int n = 1; n < digits && has(text, end, to, CharClass.NUMBER); n++) {
        end += width(text, end);
      }
      return end;
    }
    if (!isLineBreak(first) && has(text, second, to, CharClass.LETTER)) {
      return run(text, second, to, CharClass.LETTER);
    }
    int signs = first == ' ' && second < to ? second : at;
    if ((CharClass.at(text, signs) & OUTSIDE) == 0) {
      return lineBreaks(text, runWithout(text, signs, to, OUTSIDE), to, false);
    }
    return spaces(text, at, to);
  }

  // 's 't 'm 'd 're 've 'll. The long s folds to s when case does not count.
  private static int contraction(String text, int at, int to, boolean anyCase) {
    if (text.charAt(at) != '\'' || at + 1 >= to) {
      return -1;
    }
    char a = fold(text.charAt(at + 1), anyCase);
    if (a == 's' || a == 't' || a == 'm' || a == 'd') {
      return at + 2;
    }
    if (at + 2 >= to) {
      return -1;
    }
    char b = fold(text.charAt(at + 2), anyCase);
    boolean three = b == 'e' ? a == 'r' || a == 'v' : a == 'l' && b == 'l';
    return three ? at + 3 : -1;
  }

  private static char fold(char c, boolean anyCase) {
    if (!anyCase) {
      return c;
    }
    return c == 'ſ' ? 's' : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+ at this place, or -1. When no
  // lower-case letter follows, the greedy first part gives back up to its last caseless character.
  private static int lowerEnd(String text, int at, int to) {
    int end = at;
    int caseless = -1;
    while (end < to) {
      int kind = CharClass.at(text, end);
      if ((kind & (CharClass.UPPER | CASELESS)) == 0) {
        break;
      }
      end += width(text, end);
      caseless = (kind & CASELESS) != 0 ? end : caseless;
    }
    return has(text, end, to, CharClass.LOWER)
        ? run(text, end, to, CharClass.LOWER | CASELESS)
        : caseless;
  }

  // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]* at this place, or -1.
  private static int upperEnd(String text, int at, int to) {
    int end = run(text, at, to, CharClass.UPPER | CASELESS);
    return end == at ? -1 : run(text, end, to, CharClass.LOWER | CASELESS);
  }

  // \s*[\r\n]+|\s+(?!\S)|\s+ at a whitespace character.
  private static int spaces(String text, int at, int to) {
    int end = at;
    int lineEnd = -1;
    while (end < to && (CharClass.at(text, end) & CharClass.SPACE) != 0) {
      end++;
      lineEnd = isLineBreak(text.charAt(end - 1)) ? end : lineEnd;
    }
    return lineEnd >= 0 ? lineEnd : end == to || end == at + 1 ? end : end - 1;
  }

  // \s+(?!\S)|\s+ at a whitespace character.
  private static int lastSpaces(String text, int at, int to) {
    int end = run(text, at, to, CharClass.SPACE);
    return end == to || end == at + 1 ? end : end - 1;
  }

  private static int lineBreaks(String text, int at, int to, boolean slash) {
    int end = at;
    while (end < to && (isLineBreak(text.charAt(end)) || (slash && text.charAt(end) == '/'))) {
      end++;
    }
    return end;
  }

  private static int run(String text, int at, int to, int classes) {
    int end = at;
    while (end < to && (CharClass.at(text, end) & classes) != 0) {
      end += width(text, end);
    }
    return end;
  }

  private static int runWithout(String text, int at, int to, int classes) {
    int end = at;
    while (end < to && (CharClass.at(text, end) & classes) == 0) {
      end += width(text, end);
    }
    return end;
  }

  private static boolean has(String text, int at, int to, int classes) {
    return at < to && (CharClass.at(text, at) & classes) != 0;
  }

  private static int width(String text, int at) {
    return CharClass.width(text, at);
  }

  private static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
