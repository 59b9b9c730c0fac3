package burhan.token;

import java.util.Arrays;

/**
 * A text that knows which of its characters are the template's own and which came in with the
 * conversation. Everything cut from it or joined with it keeps that knowledge, so that in the end
 * only the template's own text can become a control token. Indices are UTF-16 unless said.
 */
final class MarkedText implements JinjaValue {
  private static final int[] NONE = {};
  static final MarkedText EMPTY = new MarkedText("", NONE);

  private final String value;
  private final int[] input; // ranges of input: from at 2i, to at 2i + 1; ascending, apart

  private MarkedText(String value, int[] input) {
    this.value = value;
    this.input = input;
  }

  /** Text of the template itself. */
  static MarkedText trusted(String value) {
    return new MarkedText(value, NONE);
  }

  /** Text of the conversation. */
  static MarkedText input(String value) {
    return value.isEmpty() ? EMPTY : new MarkedText(value, new int[] {0, value.length()});
  }

  /** A text made from this one in a way that cannot be followed character by character. */
  MarkedText derive(String result) {
    return hasInput() ? input(result) : trusted(result);
  }

  /** A text of which every character stands where it stood, such as an upper-case one. */
  MarkedText mapped(String result) {
    return result.length() == value.length() ? new MarkedText(result, input) : derive(result);
  }

  String value() {
    return value;
  }

  int length() {
    return value.length();
  }

  boolean isEmpty() {
    return value.isEmpty();
  }

  boolean hasInput() {
    return input.length > 0;
  }

  /** The ranges of input, as pairs of from and to. */
  int[] inputRanges() {
    return input.clone();
  }

  // The first range that ends behind a place; found by halving, so that going through a text
  // character by character stays cheap however often its marks change.
  private int firstRangeBehind(int place) {
    int low = 0;
    int high = input.length / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (input[2 * middle + 1] <= place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 2 * low;
  }

  MarkedText part(int from, int to) {
    if (from == 0 && to == value.length()) {
      return this;
    }
    Builder out = new Builder();
    out.append(this, from, to);
    return out.build();
  }

  /** Length in characters as the template counts them, which are code points. */
  int points() {
    return value.codePointCount(0, value.length());
  }

  /** The UTF-16 index of a code point. */
  int index(int point) {
    return value.offsetByCodePoints(0, point);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MarkedText text && text.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }

  /** Joins texts. */
  static final class Builder {
    private final StringBuilder value = new StringBuilder();
    private int[] input = NONE;
    private int used;

    Builder append(MarkedText text) {
      return append(text, 0, text.length());
    }

    Builder trusted(String text) {
      value.append(text);
      return this;
    }

    Builder append(MarkedText text, int from, int to) {
      int shift = value.length() - from;
      value.append(text.value, from, to);
      for (int i = text.firstRangeBehind(from);
          i < text.input.length && text.input[i] < to;
          i += 2) {
        mark(Math.max(text.input[i], from) + shift, Math.min(text.input[i + 1], to) + shift);
      }
      return this;
    }

    private void mark(int from, int to) {
      if (used > 0 && input[used - 1] == from) {
        input[used - 1] = to;
        return;
      }
      if (used == input.length) {
        input = Arrays.copyOf(input, Math.max(4, used * 2));
      }
      input[used++] = from;
      input[used++] = to;
    }

    int length() {
      return value.length();
    }

    MarkedText build() {
      return new MarkedText(value.toString(), Arrays.copyOf(input, used));
    }
  }
}
