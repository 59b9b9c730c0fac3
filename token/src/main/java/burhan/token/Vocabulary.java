package burhan.token;

import burhan.tensor.BadInputException;
import java.util.Arrays;

/**
 * Tokens by id and ids by token, without boxes. Ids may have holes, which read "". Of two tokens
 * with one text the lower id is found. Knows no bytes and no merges.
 */
final class Vocabulary {
  /**
   * A token lies at most this far from where its hash points. A vocabulary of words stays below a
   * hundred; beyond this a file was made to take quadratic time.
   */
  static final int MOST_PROBES = 2_000;

  private final String[] tokens;
  private final int[] slots; // id, or -1 where free

  /**
   * @param tokens by id; "" where there is none; not copied
   * @throws BadInputException if far too many tokens share a hash
   */
  Vocabulary(String[] tokens) {
    this.tokens = tokens;
    this.slots = new int[Integer.highestOneBit(Math.max(tokens.length, 8)) * 4];
    Arrays.fill(slots, -1);
    int mask = slots.length - 1;
    for (int id = 0; id < tokens.length; id++) {
      if (!tokens[id].isEmpty()) {
        int slot = mix(tokens[id].hashCode()) & mask;
        int probes = 0;
        while (slots[slot] >= 0 && !tokens[slots[slot]].equals(tokens[id])) {
          slot = (slot + 1) & mask;
          checkProbes(++probes);
        }
        slots[slot] = slots[slot] < 0 ? id : slots[slot];
      }
    }
  }

  static void checkProbes(int probes) {
    if (probes >= MOST_PROBES) {
      throw new BadInputException(
          "tokenizer: more than %d tokens or merges share a hash; expected a vocabulary of words"
              .formatted(MOST_PROBES));
    }
  }

  int size() {
    return tokens.length;
  }

  String token(int id) {
    return tokens[id];
  }

  /** The id of a token, or -1. */
  int id(String token) {
    return id(token, "");
  }

  /** The id of the token that two texts make together, or -1. */
  int id(String left, String right) {
    int length = left.length() + right.length();
    if (length == 0) {
      return -1;
    }
    int mask = slots.length - 1;
    int hash = left.hashCode() * power31(right.length()) + right.hashCode(); // of left + right
    int slot = mix(hash) & mask;
    for (int probes = 0; probes < MOST_PROBES && slots[slot] >= 0; probes++) {
      String found = tokens[slots[slot]];
      if (found.length() == length && found.startsWith(left) && found.endsWith(right)) {
        return slots[slot];
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /**
   * The id of the token text[from, to), or -1.
   *
   * @param hash of that part, as {@link String#hashCode} computes it
   */
  int id(String text, int from, int to, int hash) {
    int mask = slots.length - 1;
    int slot = mix(hash) & mask;
    for (int probes = 0; probes < MOST_PROBES && slots[slot] >= 0; probes++) {
      String found = tokens[slots[slot]];
      if (found.length() == to - from && found.regionMatches(0, text, from, to - from)) {
        return slots[slot];
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** The id of the token that the two sides of a space make together, or -1. */
  int idWithout(int space, String text, int hash) {
    int mask = slots.length - 1;
    int tail = text.length() - space - 1;
    int slot = mix(hash) & mask;
    for (int probes = 0; probes < MOST_PROBES && slots[slot] >= 0; probes++) {
      String found = tokens[slots[slot]];
      if (found.length() == space + tail
          && found.regionMatches(0, text, 0, space)
          && found.regionMatches(space, text, space + 1, tail)) {
        return slots[slot];
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** 31 to a power, which is what a character weighs in a hash. */
  static int power31(int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 31;
    }
    return power;
  }

  private static int mix(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ mixed >>> 15;
  }
}
