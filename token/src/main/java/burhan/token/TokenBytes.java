package burhan.token;

import java.util.Arrays;

/** From the bytes of a piece to the id of the token with just these bytes, without garbage. */
final class TokenBytes {
  private final byte[] all;
  private final int[] from; // [ids + 1]
  private final int[] slots; // id, or -1 where free
  private final int longest;

  /**
   * @param tokens by id; empty for an id that no piece can become
   */
  TokenBytes(byte[][] tokens) {
    int total = 0;
    int most = 0;
    for (byte[] token : tokens) {
      total = Math.addExact(total, token.length);
      most = Math.max(most, token.length);
    }
    longest = most;
    all = new byte[total];
    from = new int[tokens.length + 1];
    slots = new int[Integer.highestOneBit(Math.max(tokens.length, 8)) * 4];
    Arrays.fill(slots, -1);
    for (int id = 0; id < tokens.length; id++) {
      byte[] token = tokens[id];
      System.arraycopy(token, 0, all, from[id], token.length);
      from[id + 1] = from[id] + token.length;
      if (token.length > 0) {
        insert(id, token);
      }
    }
  }

  /** The id, or -1. */
  int id(byte[] bytes, int at, int length) {
    int mask = slots.length - 1;
    int slot = hash(bytes, at, length) & mask;
    for (int probes = 0; probes < Vocabulary.MOST_PROBES; probes++) {
      int id = slots[slot];
      if (id < 0) {
        return -1;
      }
      if (Arrays.equals(all, from[id], from[id + 1], bytes, at, at + length)) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  int count() {
    return from.length - 1;
  }

  /** Length of the longest token in bytes. */
  int longest() {
    return longest;
  }

  /** Copies the bytes of a token to the front of {@code out} and returns their number. */
  int copy(int id, byte[] out) {
    int length = from[id + 1] - from[id];
    System.arraycopy(all, from[id], out, 0, length);
    return length;
  }

  private void insert(int id, byte[] token) {
    int mask = slots.length - 1;
    int slot = hash(token, 0, token.length) & mask;
    int probes = 0;
    while (slots[slot] >= 0) {
      slot = (slot + 1) & mask;
      Vocabulary.checkProbes(++probes);
    }
    slots[slot] = id;
  }

  private static int hash(byte[] bytes, int at, int length) {
    int hash = length;
    for (int i = at; i < at + length; i++) {
      hash = hash * 0x01000193 ^ bytes[i];
    }
    return hash ^ hash >>> 15;
  }
}
