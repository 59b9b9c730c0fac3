package burhan.token;

/**
 * The Unicode classes that pre-tokenisers ask for, as bits, from the running JDK's tables (JDK 25:
 * Unicode 16). A character that the reference's older tables do not know yet may fall into another
 * class there.
 */
final class CharClass {
  static final int UPPER = 1; // Lu, Lt
  static final int LOWER = 2; // Ll
  static final int OTHER = 4; // Lm, Lo
  static final int MARK = 8; // Mn, Mc, Me
  static final int NUMBER = 16; // Nd, Nl, No
  static final int PUNCTUATION = 32; // P*
  static final int SYMBOL = 64; // S*
  static final int SPACE = 128; // White_Space
  static final int LETTER = UPPER | LOWER | OTHER;

  private static final byte[] TABLE = table();

  private CharClass() {}

  static int of(int codePoint) {
    return codePoint < 0x10000 ? TABLE[codePoint] & 0xFF : classify(codePoint);
  }

  /** How many chars the character at an index has; one for a lone surrogate. */
  static int width(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index))
            && index + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(index + 1))
        ? 2
        : 1;
  }

  /** The classes of the character at an index. */
  static int at(String text, int index) {
    char c = text.charAt(index);
    return Character.isHighSurrogate(c) ? classify(text.codePointAt(index)) : TABLE[c] & 0xFF;
  }

  /** Unicode's White_Space, which is neither of Java's two notions. */
  static boolean isSpace(int c) {
    return c <= ' '
        ? c == ' ' || (c >= '\t' && c <= '\r')
        : c == 0x85 || c == 0xA0 || Character.isSpaceChar(c);
  }

  private static byte[] table() {
    byte[] table = new byte[0x10000];
    for (int c = 0; c < table.length; c++) {
      table[c] = (byte) classify(c);
    }
    return table;
  }

  private static int classify(int c) {
    int bits =
        switch (Character.getType(c)) {
          case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER;
          case Character.LOWERCASE_LETTER -> LOWER;
          case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> OTHER;
          case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.ENCLOSING_MARK ->
              MARK;
          case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
              NUMBER;
          case Character.CONNECTOR_PUNCTUATION,
              Character.DASH_PUNCTUATION,
              Character.START_PUNCTUATION,
              Character.END_PUNCTUATION,
              Character.INITIAL_QUOTE_PUNCTUATION,
              Character.FINAL_QUOTE_PUNCTUATION,
              Character.OTHER_PUNCTUATION ->
              PUNCTUATION;
          case Character.MATH_SYMBOL,
              Character.CURRENCY_SYMBOL,
              Character.MODIFIER_SYMBOL,
              Character.OTHER_SYMBOL ->
              SYMBOL;
          default -> 0;
        };
    return isSpace(c) ? bits | SPACE : bits;
  }
}
