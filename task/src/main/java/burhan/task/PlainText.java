package burhan.task;

import java.text.Normalizer;

/**
 * The one place that makes typed text uniform before it is parsed: digits of every script,
 * punctuation, operators, diacritics, spaces. Knows no grammar.
 */
final class PlainText {
  private PlainText() {}

  /**
   * Lower case; Western digits; no Arabic diacritics, tatweel or direction marks; Arabic comma,
   * semicolon and question mark in ASCII; × as *, ÷ as /, every dash as -; single spaces.
   */
  static String of(String raw) {
    String text = Normalizer.normalize(raw, Normalizer.Form.NFKC);
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isDropped(c)) {
        continue;
      }
      char plain = plain(c);
      if (plain != ' ' || (!out.isEmpty() && out.charAt(out.length() - 1) != ' ')) {
        out.append(plain);
      }
    }
    return out.toString().strip();
  }

  /** Arabic letters that people interchange written one way: every alef bare, ى as ي, ة as ه. */
  static String folded(String plain) {
    StringBuilder out = new StringBuilder(plain.length());
    for (int i = 0; i < plain.length(); i++) {
      out.append(
          switch (plain.charAt(i)) {
            case 'أ', 'إ', 'آ', 'ٱ' -> 'ا';
            case 'ى' -> 'ي';
            case 'ة' -> 'ه';
            default -> plain.charAt(i);
          });
    }
    return out.toString();
  }

  private static boolean isDropped(char c) {
    return (c >= '\u064b' && c <= '\u065f')
        || c == '\u0670'
        || c == '\u0640'
        || (c >= '\u200b' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\ufeff';
  }

  private static char plain(char c) {
    if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
      return ' ';
    }
    if (c >= '\u0660' && c <= '\u0669') {
      return (char) ('0' + c - '\u0660');
    }
    if (c >= '\u06f0' && c <= '\u06f9') {
      return (char) ('0' + c - '\u06f0');
    }
    return switch (c) {
      case '\u060c', '\u066c' -> ',';
      case '\u061b' -> ';';
      case '\u061f' -> '?';
      case '\u066b' -> '.';
      // Persian keyboards give these two letters other code points.
      case '\u06a9' -> '\u0643';
      case '\u06cc' -> '\u064a';
      case '\u066a' -> '%';
      case '\u00d7', '\u2217', '\u22c5', '\u00b7', '\u2715', '\u2716' -> '*';
      case '\u00f7', '\u2215', '\u2044' -> '/';
      case '\u2212', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014' -> '-';
      case '\u2018', '\u2019', '\u02bc' -> '\'';
      default -> Character.toLowerCase(c);
    };
  }
}
