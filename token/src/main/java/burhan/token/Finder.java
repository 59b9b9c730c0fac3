package burhan.token;

/**
 * Where a pattern matches. Knows no tokens; a split or a replacement decides what a match means.
 */
interface Finder {
  long NONE = -1;

  /** Opens the pattern over a text without lone surrogates; a cursor belongs to one thread. */
  Cursor over(String text);

  /** A search within one text. */
  interface Cursor {
    /**
     * The first match that begins at or after {@code from}, within the piece [start, to) that the
     * pattern takes for the whole text. A piece is searched from left to right: first with {@code
     * from == start}, then from the end of the last match, or one character further when that match
     * was empty.
     *
     * @return {@code begin << 32 | end}, or {@link #NONE}
     */
    long next(int start, int from, int to);
  }

  static long match(int begin, int end) {
    return (long) begin << 32 | end;
  }

  static int begin(long match) {
    return (int) (match >> 32);
  }

  static int end(long match) {
    return (int) match;
  }
}
