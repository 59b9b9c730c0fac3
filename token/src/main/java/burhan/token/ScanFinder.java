package burhan.token;

/** A pattern that decides at each character, without looking back, whether it matches there. */
interface ScanFinder extends Finder {
  /** The end of the match that begins at {@code at}, or -1; reads text[at, to) only. */
  int matchAt(String text, int at, int to);

  @Override
  default Cursor over(String text) {
    return (start, from, to) -> {
      for (int at = from; at < to; at += CharClass.width(text, at)) {
        int end = matchAt(text, at, to);
        if (end >= 0) {
          return Finder.match(at, end);
        }
      }
      return NONE;
    };
  }
}
