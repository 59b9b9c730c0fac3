package burhan.kernel;

/**
 * The functions of {@link TileProduct}: addresses in, addresses out. A tile is 16 lines of 64
 * bytes, one behind the other: 16 tokens of 32 numbers of k, or 16 pairs of k of 16 rows of a
 * weight, all bf16, or sums, 16 tokens of 16 rows in float32.
 */
interface Tiles {
  /** Bytes of a tile. */
  int TILE = 1024;

  /** Tokens in a tile. */
  int TOKENS = 16;

  /** Numbers of k in a tile. */
  int COLS = 32;

  /**
   * Where {@link #multiply} finds, from its argument {@code sizes} on, the tile configuration, and
   * behind it the bytes between tiles of tokens, between groups of rows and between tokens' sums.
   */
  int TOKENS_STRIDE = 64;

  int GROUP_STRIDE = 72;
  int SUMS_STRIDE = 80;
  int SIZES_BYTES = 128;

  /**
   * One token's floats as bf16: 64 bytes to each of {@code steps} tiles.
   *
   * @param to the token's line in the first tile
   */
  void convert(long floats, long to, long steps);

  /** Some units of a group of rows as bf16 tiles. */
  void unpack(long weights, long to, long units);

  /**
   * {@code c += a b} for two groups of rows.
   *
   * @param tiles of 16 tokens that share the weights' way through the registers: 1 or 2
   * @param a tiles of tokens
   * @param b tiles of weights
   * @param c sums
   * @param steps tiles along k
   * @param count how many times {@code tiles}
   * @param sizes see {@link #TOKENS_STRIDE}
   */
  void multiply(int tiles, long a, long b, long c, long steps, long count, long sizes);
}
