package burhan.token;

import java.util.Arrays;

/**
 * From a non-negative long to a non-negative int, without boxes: merges by pair of ids, trie edges
 * by node and character. Only grows; a later value for the same key replaces the earlier one.
 */
final class LongIntMap {
  private static final long FREE = -1;

  private long[] keys;
  private int[] values;
  private int size;

  LongIntMap(int expected) {
    int capacity = Integer.highestOneBit(Math.max(expected, 8) * 2 - 1) << 1;
    keys = new long[capacity];
    values = new int[capacity];
    Arrays.fill(keys, FREE);
  }

  /** The value of the key, or -1. */
  int get(long key) {
    int mask = keys.length - 1;
    int slot = slot(key, mask);
    for (int probes = 0; probes < Vocabulary.MOST_PROBES; probes++) {
      long found = keys[slot];
      if (found == key) {
        return values[slot];
      }
      if (found == FREE) {
        return -1;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  void put(long key, int value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int mask = keys.length - 1;
    int slot = slot(key, mask);
    int probes = 0;
    while (keys[slot] != FREE && keys[slot] != key) {
      slot = (slot + 1) & mask;
      Vocabulary.checkProbes(++probes);
    }
    if (keys[slot] == FREE) {
      keys[slot] = key;
      size++;
    }
    values[slot] = value;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[keys.length];
    Arrays.fill(keys, FREE);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        put(oldKeys[i], oldValues[i]);
      }
    }
  }

  private static int slot(long key, int mask) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }
}
