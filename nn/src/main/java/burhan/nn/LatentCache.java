package burhan.nn;

import java.util.Arrays;

/**
 * What latent attention remembers of one sequence: per token and layer the normalised latent and
 * the rotated position key, 576 numbers at R1's sizes. Knows no tokens, only how many there are.
 */
public final class LatentCache {
  private static final int FIRST_TOKENS = 64;

  private final int latentRank;
  private final int ropeDim;
  private final int capacity;
  private final float[][] latents; // per layer [allocated, latentRank]
  private final float[][] keys; // per layer [allocated, ropeDim]
  private int allocated;
  private int length;

  /**
   * @param capacity most tokens it can hold; memory grows with the tokens, not with this
   */
  public LatentCache(int layers, int latentRank, int ropeDim, int capacity) {
    this.latentRank = latentRank;
    this.ropeDim = ropeDim;
    this.capacity = capacity;
    this.allocated = Math.min(FIRST_TOKENS, capacity);
    this.latents = new float[layers][allocated * latentRank];
    this.keys = new float[layers][allocated * ropeDim];
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
    return 4L * latents.length * (latentRank + ropeDim);
  }

  /** Makes room for tokens up to {@code newLength} and counts them as seen. */
  public void grow(int newLength) {
    if (newLength > capacity) {
      throw new IllegalArgumentException(
          "a cache of " + capacity + " tokens cannot hold " + newLength);
    }
    if (newLength > allocated) {
      allocated = Math.min(capacity, Math.max(newLength, 2 * allocated));
      for (int layer = 0; layer < latents.length; layer++) {
        latents[layer] = Arrays.copyOf(latents[layer], allocated * latentRank);
        keys[layer] = Arrays.copyOf(keys[layer], allocated * ropeDim);
      }
    }
    length = Math.max(length, newLength);
  }

  /** Forgets every token from {@code newLength} on: a rejected draft, an edited turn. */
  public void truncate(int newLength) {
    length = Math.min(length, newLength);
  }

  /** Latents of a layer, [tokens, latentRank], normalised. */
  float[] latents(int layer) {
    return latents[layer];
  }

  /** Position keys of a layer, [tokens, ropeDim], rotated. */
  float[] keys(int layer) {
    return keys[layer];
  }
}
