package burhan.nn;

import java.util.Arrays;

/**
 * What attention remembers of one sequence: two rows of numbers per token and layer. Grouped
 * attention keeps the rotated keys and the values of its heads; latent attention keeps the rotated
 * position key and, as the value, the normalised latent: 64 + 512 numbers at R1's sizes. Knows no
 * tokens, only how many there are.
 */
public final class KeyValueCache {
  private static final int FIRST_TOKENS = 64;

  private final int keyWidth;
  private final int valueWidth;
  private final int capacity;
  private final float[][] keys; // per layer [allocated, keyWidth]
  private final float[][] values; // per layer [allocated, valueWidth]
  private int allocated;
  private int length;

  /**
   * @param capacity most tokens it can hold; memory grows with the tokens, not with this
   */
  public KeyValueCache(int layers, int keyWidth, int valueWidth, int capacity) {
    this.keyWidth = keyWidth;
    this.valueWidth = valueWidth;
    this.capacity = capacity;
    this.allocated = Math.min(FIRST_TOKENS, capacity);
    this.keys = new float[layers][allocated * keyWidth];
    this.values = new float[layers][allocated * valueWidth];
  }

  /** Tokens that every layer has seen. */
  public int length() {
    return length;
  }

  /** Most tokens it can hold. */
  public int capacity() {
    return capacity;
  }

  /** Bytes in use for a token. */
  public long bytesPerToken() {
    return 4L * keys.length * (keyWidth + valueWidth);
  }

  /** Makes room for tokens up to {@code newLength} and counts them as seen. */
  public void grow(int newLength) {
    if (newLength > capacity) {
      throw new IllegalArgumentException(
          "a cache of " + capacity + " tokens cannot hold " + newLength);
    }
    if (newLength > allocated) {
      allocated = Math.min(capacity, Math.max(newLength, 2 * allocated));
      for (int layer = 0; layer < keys.length; layer++) {
        keys[layer] = Arrays.copyOf(keys[layer], allocated * keyWidth);
        values[layer] = Arrays.copyOf(values[layer], allocated * valueWidth);
      }
    }
    length = Math.max(length, newLength);
  }

  /** Forgets every token from {@code newLength} on: a rejected draft, an edited turn. */
  public void truncate(int newLength) {
    length = Math.min(length, newLength);
  }

  /** Keys of a layer, [tokens, keyWidth], rotated. */
  float[] keys(int layer) {
    return keys[layer];
  }

  /** Values of a layer, [tokens, valueWidth]. */
  float[] values(int layer) {
    return values[layer];
  }
}
