package burhan.kernel;

import java.util.List;

/**
 * What attention remembers of one sequence: for every layer and key head a row of keys and a row of
 * values per token. Knows positions, not tokens. Rows are put by one thread; after that, several
 * may attend at once.
 *
 * <p>It lies in blocks of {@link #BLOCK_TOKENS} tokens, which sequences that begin alike share.
 * Only the memory that a block was made in writes to it, and never below what it has shared.
 */
public interface AttentionMemory extends AutoCloseable {
  /** Tokens of a block. */
  int BLOCK_TOKENS = 64;

  /**
   * What is remembered of a token.
   *
   * @param heads key heads of a layer; one where all query heads share the latents
   * @param keyWidth numbers of a key, K
   * @param valueWidth numbers of a value, V
   * @param isLatent the value is the first V numbers of the key
   */
  record Shape(int layers, int heads, int keyWidth, int valueWidth, boolean isLatent) {}

  /**
   * Queries of consecutive rows of one sequence that share a key head.
   *
   * @param first position of the first row
   * @param rows how many, at positions {@code first, first + 1, ...}, all of them put
   * @param heads query heads of each row
   * @param window how many positions a row sees, itself among them; 0 for all
   * @param scale of the scores
   */
  record Queries(int first, int rows, int heads, int window, float scale) {
    /** The first position that row {@code row} sees. */
    int from(int row) {
      return window == 0 ? 0 : Math.max(0, first + row + 1 - window);
    }
  }

  /** What is remembered of a token. */
  Shape shape();

  /** Bytes that a token takes. */
  long bytesPerToken();

  /** Makes room for positions below {@code tokens}. */
  void grow(int tokens);

  /**
   * A block, to outlive this memory: it stays until everybody who holds it has closed it.
   *
   * @param index of the block, below what has been grown
   */
  MemoryBlock share(int index);

  /**
   * Begins with what somebody else remembered. Whole blocks are taken by reference; the rest of the
   * last one is a copy, so that this memory can go on behind it.
   *
   * @param blocks of a memory of the same kind and shape, in order, which stay their holder's
   * @param tokens how many of them count
   * @throws IllegalStateException if this memory is not empty
   */
  void begin(List<MemoryBlock> blocks, int tokens);

  /** Gives back what nobody else holds. */
  @Override
  void close();

  /**
   * Remembers a token.
   *
   * @param key [K] from index {@code keyAt}
   * @param value [V] from index {@code valueAt}
   */
  void put(int layer, int head, int position, float[] key, int keyAt, float[] value, int valueAt);

  /**
   * {@code z = softmax(scale q K^T) V} over what each row sees. The result of a row does not depend
   * on the other rows.
   *
   * @param q query of row r and head h at {@code qAt + r * qRow + h * K}
   * @param z result at {@code zAt + r * zRow + h * V}, overwritten
   */
  void attend(
      int layer,
      int head,
      Queries queries,
      float[] q,
      int qAt,
      int qRow,
      float[] z,
      int zAt,
      int zRow);
}
