package burhan.token;

/**
 * Which two symbols stand side by side in some token. Where two that never do meet in a text, no
 * merge can cross, and a long piece may be cut there without changing its ids. Symbols are bytes or
 * characters. May say yes where no is right, never the other way round.
 */
final class Neighbours {
  private static final int BITS = 20;

  private final long[] pairs = new long[1 << (BITS - 6)];
  private final boolean ofBytes;

  Neighbours(TokenBytes tokens, boolean ofBytes) {
    this.ofBytes = ofBytes;
    byte[] token = new byte[tokens.longest()];
    for (int id = 0; id < tokens.count(); id++) {
      int length = tokens.copy(id, token);
      for (int at = 0; at < length; ) {
        int next = at + length(token[at]);
        if (next < length) {
          int place = place(token, at, next);
          pairs[place >>> 6] |= 1L << place;
        }
        at = next;
      }
    }
  }

  /** The first place behind {@code from} where nothing crosses, or {@code to}. */
  int end(byte[] bytes, int from, int to) {
    int at = from;
    while (true) {
      int next = at + length(bytes[at]);
      if (next >= to) {
        return to;
      }
      int place = place(bytes, at, next);
      if ((pairs[place >>> 6] >>> place & 1) == 0) {
        return next;
      }
      at = next;
    }
  }

  private int length(byte first) {
    return ofBytes ? 1 : Utf8.length(first);
  }

  private int place(byte[] bytes, int at, int next) {
    int left = symbol(bytes, at);
    int right = symbol(bytes, next);
    return ofBytes ? left << 8 | right : ((left * 31 + right) * 0x9E3779B9) >>> (32 - BITS);
  }

  // Enough of a character to tell it from the others; the text may not be valid.
  private int symbol(byte[] bytes, int at) {
    int symbol = bytes[at] & 0xFF;
    int end = Math.min(at + length(bytes[at]), bytes.length);
    for (int i = at + 1; i < end; i++) {
      symbol = (symbol << 6) ^ (bytes[i] & 0x3F);
    }
    return symbol;
  }
}
