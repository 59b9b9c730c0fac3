package burhan.token;

import burhan.token.PreTokenizer.Behavior;

/** Cuts pieces into smaller ones. Knows what to do with a match, not how one is found. */
final class Splitting {
  private Splitting() {}

  static Pieces cut(Pieces pieces, Finder finder, Behavior behavior, boolean invert) {
    String text = pieces.text();
    Pieces out = new Pieces(text, pieces.atStart(), pieces.count() + text.length() / 4);
    Finder.Cursor cursor = finder.over(text);
    for (int i = 0; i < pieces.count(); i++) {
      Joiner joiner = new Joiner(out, behavior, invert, pieces.from(i));
      int start = pieces.from(i);
      int to = pieces.to(i);
      int from = start;
      while (from < to) {
        long match = cursor.next(start, from, to);
        if (match == Finder.NONE) {
          break;
        }
        int end = Finder.end(match);
        joiner.gapThenMatch(Finder.begin(match), end);
        from = end > Finder.begin(match) || end >= to ? end : text.offsetByCodePoints(end, 1);
      }
      joiner.finish(to);
    }
    return out;
  }

  /** Puts a character before every piece, or only the first, unless it begins with it. */
  static Pieces prefixed(Pieces pieces, char prefix, boolean firstOnly) {
    StringBuilder text = new StringBuilder(pieces.text().length() + pieces.count());
    Pieces bounds = new Pieces("", pieces.atStart(), pieces.count());
    for (int i = 0; i < pieces.count(); i++) {
      int from = text.length();
      if ((i == 0 || !firstOnly) && pieces.text().charAt(pieces.from(i)) != prefix) {
        text.append(prefix);
      }
      text.append(pieces.text(), pieces.from(i), pieces.to(i));
      bounds.add(from, text.length());
    }
    return over(text.toString(), bounds);
  }

  static Pieces replaced(Pieces pieces, char from, char to) {
    return over(pieces.text().replace(from, to), pieces);
  }

  private static Pieces over(String text, Pieces bounds) {
    Pieces out = new Pieces(text, bounds.atStart(), bounds.count());
    for (int i = 0; i < bounds.count(); i++) {
      out.add(bounds.from(i), bounds.to(i));
    }
    return out;
  }

  /** Joins matches and gaps of one piece as the behaviour says. */
  private static final class Joiner {
    private final Pieces out;
    private final Behavior behavior;
    private final boolean invert;
    private int seen; // everything before is a match or a gap already
    private int open; // where the piece in the making begins
    private boolean openIsMatch;
    private boolean isFirst = true;

    Joiner(Pieces out, Behavior behavior, boolean invert, int from) {
      this.out = out;
      this.behavior = behavior;
      this.invert = invert;
      this.seen = from;
      this.open = from;
    }

    void gapThenMatch(int begin, int end) {
      if (begin > seen) {
        part(seen, begin, invert);
      }
      part(begin, end, !invert);
      seen = end;
    }

    void finish(int to) {
      if (to > seen) {
        part(seen, to, invert);
      }
      if (behavior != Behavior.ISOLATED && behavior != Behavior.REMOVED) {
        out.add(open, to);
      }
    }

    private void part(int from, int to, boolean match) {
      switch (behavior) {
        case ISOLATED -> out.add(from, to);
        case REMOVED -> {
          if (!match) {
            out.add(from, to);
          }
        }
        case CONTIGUOUS -> close(from, match != openIsMatch);
        // A match closes the piece behind it: two matches in a row do not join.
        case MERGED_WITH_PREVIOUS -> close(from, !match || openIsMatch);
        case MERGED_WITH_NEXT -> close(from, match || !openIsMatch);
      }
      openIsMatch = match;
      isFirst = false;
    }

    private void close(int at, boolean cut) {
      if (cut && !isFirst) {
        out.add(open, at);
        open = at;
      }
    }
  }
}
