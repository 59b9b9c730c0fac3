package burhan.token;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Finds added tokens in text: leftmost, and of those that begin at one place the longest. Knows
 * nothing of the text between them.
 */
final class AddedTokens {
  private final LongIntMap edges; // node << 16 | char -> node
  private final Ids tokenAt = new Ids(64); // node -> index into tokens, or -1
  private final BitSet firsts = new BitSet(0x10000);
  private final List<AddedToken> tokens;

  /**
   * @param contents by token: what is looked for, which is its content or its normalised content
   */
  AddedTokens(Collection<AddedToken> tokens, Collection<String> contents) {
    this.tokens = List.copyOf(tokens);
    this.edges = new LongIntMap(16 * this.tokens.size());
    tokenAt.add(-1);
    int index = 0;
    for (String content : contents) {
      if (!content.isEmpty()) {
        insert(content, index);
      }
      index++;
    }
  }

  /**
   * Hands tokens and the text between them to the sink, from left to right.
   *
   * @param ordinaryOnly leave special tokens to be plain text
   * @param input ranges in which nothing is a token, as pairs of from and to
   */
  void split(String text, boolean ordinaryOnly, int[] input, Sink sink) {
    int done = 0;
    int n = text.length();
    int range = 0; // the first range of input that ends behind 'at'
    for (int at = 0; at < n; at++) {
      if (!firsts.get(text.charAt(at))) {
        continue;
      }
      while (range < input.length && input[range + 1] <= at) {
        range += 2;
      }
      int limit = range < input.length ? input[range] : n;
      long match = limit > at ? longest(text, at, limit) : -1;
      if (match < 0) {
        continue;
      }
      AddedToken token = tokens.get((int) (match >>> 32));
      int end = (int) match;
      boolean counts =
          at >= done
              && !(ordinaryOnly && token.special())
              && !(token.singleWord() && touchesWord(text, at, end));
      if (counts) {
        int from = token.lstrip() ? spacesBefore(text, at, done) : at;
        int to = token.rstrip() ? spacesAfter(text, end) : end;
        if (from > done) {
          sink.gap(done, from);
        }
        sink.token(token);
        done = to;
      }
      at = end - 1;
    }
    if (n > done) {
      sink.gap(done, n);
    }
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  /** Receives a text part by part. */
  interface Sink {
    void gap(int from, int to);

    void token(AddedToken token);
  }

  private void insert(String content, int index) {
    firsts.set(content.charAt(0));
    int node = 0;
    for (int i = 0; i < content.length(); i++) {
      long edge = (long) node << 16 | content.charAt(i);
      int next = edges.get(edge);
      if (next < 0) {
        next = tokenAt.size();
        tokenAt.add(-1);
        edges.put(edge, next);
      }
      node = next;
    }
    tokenAt.set(node, index);
  }

  private long longest(String text, int at, int limit) {
    long best = -1;
    int node = 0;
    for (int i = at; i < limit; i++) {
      node = edges.get((long) node << 16 | text.charAt(i));
      if (node < 0) {
        break;
      }
      if (tokenAt.at(node) >= 0) {
        best = (long) tokenAt.at(node) << 32 | i + 1;
      }
    }
    return best;
  }

  private static boolean touchesWord(String text, int from, int to) {
    return (from > 0 && isWord(text.codePointBefore(from)))
        || (to < text.length() && isWord(text.codePointAt(to)));
  }

  private static boolean isWord(int point) {
    return Character.isAlphabetic(point)
        || (CharClass.of(point) & CharClass.MARK) != 0
        || Character.isDigit(point)
        || Character.getType(point) == Character.CONNECTOR_PUNCTUATION
        || point == 0x200C
        || point == 0x200D;
  }

  private static int spacesBefore(String text, int at, int least) {
    int from = at;
    while (from > least && CharClass.isSpace(text.charAt(from - 1))) {
      from--;
    }
    return from;
  }

  private static int spacesAfter(String text, int at) {
    int to = at;
    while (to < text.length() && CharClass.isSpace(text.charAt(to))) {
      to++;
    }
    return to;
  }
}
