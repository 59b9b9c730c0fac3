package burhan.engine;

/**
 * Bytes of keys and values that are promised. A sequence is promised all that it can come to need
 * before it starts, so that whatever is asked of the engine, memory is never short in the middle of
 * an answer. Counts in blocks, as caches grow. Not for several threads.
 */
final class CacheBudget {
  /** Tokens by which caches grow. */
  static final int BLOCK_TOKENS = 64;

  private final long limit;
  private final long blockBytes;
  private long used;

  /**
   * @param limit bytes for all
   * @param tokenBytes that a token takes in all caches of its sequence; 0 for none
   */
  CacheBudget(long limit, long tokenBytes) {
    this.limit = limit;
    this.blockBytes = Math.multiplyExact(tokenBytes, BLOCK_TOKENS);
  }

  /**
   * What is reasonable where nobody said: half of the heap that Java may take, whose own limit
   * follows the machine's memory, wherever the caches lie.
   */
  static long reasonable() {
    return Runtime.getRuntime().maxMemory() / 2;
  }

  /** What that many tokens of a sequence take. */
  long bytes(int tokens) {
    return Math.ceilDiv(tokens, BLOCK_TOKENS) * blockBytes;
  }

  /** Most tokens of a sequence that has everything to itself. */
  int mostTokens() {
    return blockBytes == 0
        ? Integer.MAX_VALUE
        : (int) Math.min(limit / blockBytes * BLOCK_TOKENS, Integer.MAX_VALUE);
  }

  void take(long bytes) {
    if (bytes > left()) {
      throw new IllegalStateException("%d bytes wanted of %d left".formatted(bytes, left()));
    }
    used += bytes;
  }

  void give(long bytes) {
    if (bytes > used) {
      throw new IllegalStateException("%d bytes come back of %d".formatted(bytes, used));
    }
    used -= bytes;
  }

  /** What is promised to nobody; prompts that are kept lie there. */
  long left() {
    return limit - used;
  }

  long used() {
    return used;
  }

  long limit() {
    return limit;
  }
}
