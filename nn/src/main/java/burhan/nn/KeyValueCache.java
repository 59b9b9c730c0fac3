package burhan.nn;

import burhan.kernel.AttentionMemory;
import burhan.kernel.MemoryBlock;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What attention remembers of one sequence, and how many of its tokens count. Grouped attention
 * remembers the rotated keys and the values of its heads; latent attention the normalised latent
 * and the rotated position key: 512 + 64 numbers a layer at R1's sizes. Knows no tokens, only how
 * many there are. What begins alike may share blocks of memory, which are free when the last of
 * their holders is closed.
 */
public final class KeyValueCache implements AutoCloseable {
  /** Tokens of a block of memory. */
  public static final int BLOCK_TOKENS = AttentionMemory.BLOCK_TOKENS;

  private static final int NOISE = 1024; // numbers that a row of noise begins among

  private final AttentionMemory memory;
  private final int capacity;
  private int length;

  /**
   * @param memory empty
   * @param capacity most tokens it can hold; memory grows with the tokens, not with this
   */
  public KeyValueCache(AttentionMemory memory, int capacity) {
    this.memory = memory;
    this.capacity = capacity;
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
    return memory.bytesPerToken();
  }

  /** Makes room for tokens up to {@code newLength} and counts them as seen. */
  public void grow(int newLength) {
    if (newLength > capacity) {
      throw new IllegalArgumentException(
          "a cache of " + capacity + " tokens cannot hold " + newLength);
    }
    memory.grow(newLength);
    length = Math.max(length, newLength);
  }

  /** Forgets every token from {@code newLength} on: a rejected draft, an edited turn. */
  public void truncate(int newLength) {
    length = Math.min(length, newLength);
  }

  /**
   * Fills the positions up to {@code newLength} with random numbers: to measure a long context
   * without reading a long prompt.
   */
  public void fillWithNoise(int newLength, RandomGenerator random) {
    int from = length;
    grow(newLength);
    AttentionMemory.Shape shape = memory.shape();
    float[] row = new float[Math.max(shape.keyWidth(), shape.valueWidth()) + NOISE];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) random.nextGaussian();
    }
    for (int position = from; position < newLength; position++) {
      for (int layer = 0; layer < shape.layers(); layer++) {
        for (int head = 0; head < shape.heads(); head++) {
          int at = random.nextInt(NOISE); // the same numbers, never in the same place
          memory.put(layer, head, position, row, at, row, at);
        }
      }
    }
  }

  /**
   * A block of what is remembered, to be closed by the caller, whose first tokens stay as they are.
   *
   * @param index of the block, below {@code length / BLOCK_TOKENS} rounded up
   */
  public MemoryBlock share(int index) {
    return memory.share(index);
  }

  /**
   * Begins an empty cache with what another of the same model remembered.
   *
   * @param blocks in order, which stay their holder's
   * @param tokens of them that count; of a last block that is not whole a copy is made
   */
  public void begin(List<MemoryBlock> blocks, int tokens) {
    memory.begin(blocks, tokens);
    length = tokens;
  }

  /** Gives the memory back that nobody else holds; nothing can be remembered any more. */
  @Override
  public void close() {
    length = 0;
    memory.close();
  }

  AttentionMemory memory() {
    return memory;
  }
}
