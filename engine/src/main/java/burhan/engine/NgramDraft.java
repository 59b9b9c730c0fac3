package burhan.engine;

import java.util.Arrays;

/**
 * Guesses that a text goes on as it did before: where its last tokens stood earlier, what followed
 * them then (prompt lookup, Saxena 2023). Knows no model. Candidates are found as in LZ77: chains
 * of places that end in the same two tokens, latest first.
 */
final class NgramDraft {
  private static final int SHORTEST = 2;
  private static final int LONGEST = 16; // what is longer is not likelier still
  private static final int TRIES = 64; // places looked at for one guess
  private static final int HASH_BITS = 12;

  private final int[] heads = new int[1 << HASH_BITS]; // latest place of a hash, plus one
  private int[] before = new int[256]; // by place: the one before with the same hash, plus one
  private int[] tokens = new int[256];
  private int count;
  private int matched;

  /** Takes the sequence's next token. */
  void add(int token) {
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
      before = Arrays.copyOf(before, 2 * count);
    }
    tokens[count] = token;
    if (count > 0) {
      int hash = hash(tokens[count - 1], token);
      before[count] = heads[hash];
      heads[hash] = count + 1;
    }
    count++;
  }

  /**
   * Guesses what comes next.
   *
   * @param drafts overwritten from index 0
   * @param most a longer match earns more guesses, but never more than this
   * @return how many guesses there are; 0 where the last tokens never stood before
   */
  int propose(int[] drafts, int most) {
    matched = 0;
    if (count <= SHORTEST) {
      return 0;
    }
    int last = count - 1;
    int best = -1;
    int place = before[last] - 1;
    for (int tries = 0; place >= 0 && tries < TRIES && matched < LONGEST; tries++) {
      int length = common(place, last);
      if (length > matched) {
        matched = length;
        best = place;
      }
      place = before[place] - 1;
    }
    if (matched < SHORTEST) {
      return 0;
    }
    int n = Math.min(most, matched);
    for (int i = 0; i < n; i++) {
      int from = best + 1 + i;
      // A text that repeats itself reads on in its own guesses.
      drafts[i] = from < count ? tokens[from] : drafts[from - count];
    }
    return n;
  }

  /** How many tokens the last guess had in common with the place it came from. */
  int matched() {
    return matched;
  }

  private int common(int a, int b) {
    int n = 0;
    while (n < LONGEST && a - n >= 0 && tokens[a - n] == tokens[b - n]) {
      n++;
    }
    return n;
  }

  private static int hash(int first, int second) {
    return (((first * 0x9E3779B1) + second) * 0x85EBCA6B) >>> (32 - HASH_BITS);
  }
}
