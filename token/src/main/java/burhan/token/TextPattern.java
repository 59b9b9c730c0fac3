package burhan.token;

/**
 * What a normalizer replaces or a pre-tokenizer splits at: a literal or a regular expression in the
 * dialect of the reference (Oniguruma), both as they stand in {@code tokenizer.json}.
 */
public record TextPattern(String source, boolean isRegex) {

  public static TextPattern regex(String source) {
    return new TextPattern(source, true);
  }

  public static TextPattern literal(String source) {
    return new TextPattern(source, false);
  }

  Finder finder() {
    if (isRegex) {
      return RegexFinder.of(source);
    }
    return text ->
        (start, from, to) -> {
          // An empty literal matches nothing rather than everywhere.
          int at = source.isEmpty() ? -1 : text.indexOf(source, from, to);
          return at < 0 ? Finder.NONE : Finder.match(at, at + source.length());
        };
  }
}
