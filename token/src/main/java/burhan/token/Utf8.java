package burhan.token;

/**
 * UTF-8 as the tokenizers of the field treat it. Encoding turns a lone surrogate into U+FFFD, and
 * decoding turns every maximal invalid part into one U+FFFD (Unicode 16, section 3.9, "best
 * practice"), which is also what Rust's {@code from_utf8_lossy} does and Java's own decoder does
 * not: for an encoded surrogate it gives one replacement where three are due.
 */
final class Utf8 {
  static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** The text with every lone surrogate replaced, so that all later steps see valid Unicode. */
  static String valid(String text) {
    int at = loneSurrogate(text, 0);
    if (at < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text);
    while (at >= 0) {
      out.setCharAt(at, REPLACEMENT);
      at = loneSurrogate(text, at + 1);
    }
    return out.toString();
  }

  private static int loneSurrogate(String text, int from) {
    int n = text.length();
    for (int i = from; i < n; i++) {
      char c = text.charAt(i);
      if (c < 0xD800 || c > 0xDFFF) {
        continue;
      }
      if (c < 0xDC00 && i + 1 < n && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      return i;
    }
    return -1;
  }

  /**
   * The text of bytes that may be no UTF-8, such that {@link #encode} can give back what was there.
   * A byte that is part of no character becomes U+FFFD, as llama.cpp has it for byte-level
   * vocabularies, where overlong forms and encoded surrogates count as the character they spell; or
   * it is kept as the lone surrogate U+DC00 + byte.
   *
   * @param keepBytes whether to keep such a byte
   */
  static String decode(byte[] bytes, boolean keepBytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; ) {
      int first = bytes[i] & 0xFF;
      if (first < 0x80) {
        out.append((char) first);
        i++;
        continue;
      }
      int more = first < 0xC0 ? -1 : length((byte) first) - 1;
      int have = 0;
      while (have < more
          && i + 1 + have < bytes.length
          && (keepBytes
              ? continues(first, have, bytes[i + 1 + have])
              : (bytes[i + 1 + have] & 0xC0) == 0x80)) {
        have++;
      }
      int point = have == more ? codePoint(bytes, i, more) : -1;
      boolean overlong = keepBytes && (first == 0xC0 || first == 0xC1 || first > 0xF4);
      if (point >= 0 && point <= Character.MAX_CODE_POINT && first < 0xF8 && !overlong) {
        out.appendCodePoint(point);
        i += 1 + more;
      } else {
        out.append(keepBytes ? (char) (0xDC00 + first) : REPLACEMENT);
        i++;
      }
    }
    return out.toString();
  }

  /**
   * Encodes text[from, to) and returns the number of bytes.
   *
   * @param keptBytes whether U+DC80 to U+DCFF alone stand for one byte; other lone surrogates are
   *     encoded like any character
   * @param out at least three bytes for each char
   */
  static int encode(String text, int from, int to, boolean keptBytes, byte[] out) {
    int n = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[n++] = (byte) c;
      } else if (c < 0x800) {
        out[n++] = (byte) (0xC0 | c >> 6);
        out[n++] = (byte) (0x80 | (c & 0x3F));
      } else if (CharClass.width(text, i) == 2) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        out[n++] = (byte) (0xF0 | point >> 18);
        out[n++] = (byte) (0x80 | (point >> 12 & 0x3F));
        out[n++] = (byte) (0x80 | (point >> 6 & 0x3F));
        out[n++] = (byte) (0x80 | (point & 0x3F));
      } else if (keptBytes && c >= 0xDC80 && c <= 0xDCFF) {
        out[n++] = (byte) c;
      } else {
        out[n++] = (byte) (0xE0 | c >> 12);
        out[n++] = (byte) (0x80 | (c >> 6 & 0x3F));
        out[n++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return n;
  }

  /** Length in bytes that the first byte of a character promises. */
  static int length(byte first) {
    int b = first & 0xFF;
    return b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  }

  /**
   * Decodes bytes[0, n) and appends to {@code out}. With {@code last} false, an unfinished but so
   * far valid character at the end is left alone.
   *
   * @return how many bytes were consumed
   */
  static int decode(byte[] bytes, int n, boolean last, StringBuilder out) {
    int i = 0;
    while (i < n) {
      int first = bytes[i] & 0xFF;
      if (first < 0x80) {
        out.append((char) first);
        i++;
        continue;
      }
      int need = first < 0xC2 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : 0;
      int have = 0;
      while (have < need && i + 1 + have < n && continues(first, have, bytes[i + 1 + have])) {
        have++;
      }
      if (need > 0 && have == need) {
        out.appendCodePoint(codePoint(bytes, i, need));
      } else if (have < need && i + 1 + have == n && !last) {
        return i;
      } else {
        out.append(REPLACEMENT);
      }
      i += 1 + have;
    }
    return n;
  }

  // The second byte is narrowed for four first bytes: no overlong forms, no surrogates, no
  // characters past U+10FFFF.
  private static boolean continues(int first, int index, byte next) {
    int b = next & 0xFF;
    int low = 0x80;
    int high = 0xBF;
    if (index == 0) {
      if (first == 0xE0) {
        low = 0xA0;
      } else if (first == 0xED) {
        high = 0x9F;
      } else if (first == 0xF0) {
        low = 0x90;
      } else if (first == 0xF4) {
        high = 0x8F;
      }
    }
    return b >= low && b <= high;
  }

  private static int codePoint(byte[] bytes, int at, int more) {
    int point = (bytes[at] & 0xFF) & (0x3F >> more);
    for (int k = 1; k <= more; k++) {
      point = (point << 6) | (bytes[at + k] & 0x3F);
    }
    return point;
  }
}
