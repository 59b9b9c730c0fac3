package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A packed weight times the rows of a prompt, in tiles of bf16. Weights are unpacked to bf16 once
 * for a block of tokens, two groups of rows and a stretch of k at a time, which then stays in the
 * caches while all tokens pass by. A token's sum runs over k in one order, whoever its neighbours.
 *
 * <p>Tokens that fill no tile are followed by rows of zeros, and numbers of k likewise.
 */
final class TileProduct {
  // Numbers of k unpacked at a time: two groups take 32 KB, two tiles of tokens as much.
  private static final int CHUNK_COLS = 512;
  private static final int GROUP_BYTES = CHUNK_COLS * PackedFormat.ROWS * Short.BYTES;
  // Tokens that meet an unpacked stretch, at the cost of one unpacking, and the groups whose sums
  // are kept meanwhile: half a megabyte, as the tokens' own stretch.
  private static final int BLOCK_TOKENS = 512;
  private static final int PANEL_GROUPS = 16;

  private final PackedWeight packed;
  private final Tiles tiles;
  private final int steps; // tiles along k

  TileProduct(PackedWeight packed, Tiles tiles) {
    this.packed = packed;
    this.tiles = tiles;
    this.steps = Math.ceilDiv(packed.paddedCols(), Tiles.COLS);
  }

  /** The address of the activations as tiles, in a buffer of this thread. */
  long prepared(X86Buffers own, float[] x, int xAt, int tokens) {
    int padded = steps * Tiles.COLS;
    long known = own.find(x, xAt, tokens, padded, X86Buffers.Form.TILES);
    if (known != 0) {
      return known;
    }
    int cols = packed.cols();
    int whole = Math.ceilDiv(tokens, Tiles.TOKENS) * Tiles.TOKENS;
    MemorySegment row = own.passing(padded);
    long to = own.activations((long) whole * padded * Short.BYTES).address();
    row.asSlice(0, (long) padded * Float.BYTES).fill((byte) 0);
    for (int t = 0; t < whole; t++) {
      if (t < tokens) {
        MemorySegment.copy(x, xAt + t * cols, row, JAVA_FLOAT, 0, cols);
      } else if (t == tokens) {
        row.asSlice(0, (long) cols * Float.BYTES).fill((byte) 0);
      }
      long tile = (long) (t / Tiles.TOKENS) * steps * Tiles.TILE;
      tiles.convert(row.address(), to + tile + (long) t % Tiles.TOKENS * PackedFormat.LINE, steps);
    }
    own.remember(x, xAt, tokens, padded, X86Buffers.Form.TILES, to);
    return to;
  }

  /** Groups {@code from} to {@code to} of rows for all tokens. */
  void groups(X86Buffers own, int from, int to, long prepared, int tokens, float[] y, int yAt) {
    for (int t = 0; t < tokens; t += BLOCK_TOKENS) {
      int some = Math.min(BLOCK_TOKENS, tokens - t);
      long block = prepared + (long) (t / Tiles.TOKENS) * steps * Tiles.TILE;
      for (int g = from; g < to; g += PANEL_GROUPS) {
        int last = Math.min(to, g + PANEL_GROUPS);
        panel(own, g, last, block, some, y, yAt + t * packed.rows());
      }
    }
  }

  private void panel(X86Buffers own, int from, int to, long a, int tokens, float[] y, int yAt) {
    int count = Math.ceilDiv(tokens, Tiles.TOKENS);
    long whole = (long) count * Tiles.TOKENS;
    int pairs = Math.ceilDiv(to - from, 2);
    // A line more than the sums, or every token's would fall into the same sets of the cache.
    long stride = (2L * pairs + 1) * PackedFormat.LINE;
    MemorySegment sums = own.sums(whole * stride / Float.BYTES);
    sums.asSlice(0, whole * stride).fill((byte) 0);
    MemorySegment b = own.unpacked(2 * GROUP_BYTES);
    MemorySegment sizes = sizes(own.sizes(Tiles.SIZES_BYTES), stride);
    int most = CHUNK_COLS / packed.format().unitCols();
    for (int unit = 0; unit < packed.units(); unit += most) {
      int units = Math.min(most, packed.units() - unit);
      int some = Math.ceilDiv(units * packed.format().unitCols(), Tiles.COLS);
      long chunk = a + (long) unit * packed.format().unitCols() / Tiles.COLS * Tiles.TILE;
      for (int p = 0; p < pairs; p++) {
        int g = from + 2 * p;
        unpack(g, unit, units, some, b, 0);
        if (g + 1 < to) {
          unpack(g + 1, unit, units, some, b, GROUP_BYTES);
        }
        multiply(count, chunk, b, sums.address() + 2L * p * PackedFormat.LINE, some, sizes);
      }
    }
    spread(sums, stride, from, to, tokens, y, yAt);
  }

  private void unpack(int group, int unit, int units, int some, MemorySegment b, long at) {
    long weights =
        packed.data().address()
            + group * packed.groupBytes()
            + (long) unit * packed.format().unitBytes();
    tiles.unpack(weights, b.address() + at, units);
    long filled = (long) units * packed.format().unitCols() * PackedFormat.ROWS * Short.BYTES;
    long all = (long) some * Tiles.TILE;
    if (filled < all) {
      b.asSlice(at + filled, all - filled).fill((byte) 0);
    }
  }

  /** Two tiles of tokens at a time, and the last alone if it has no other. */
  private void multiply(
      int count, long a, MemorySegment b, long c, long some, MemorySegment sizes) {
    int two = count / 2;
    if (two > 0) {
      tiles.multiply(2, a, b.address(), c, some, two, sizes.address());
    }
    if (count % 2 == 1) {
      long stride = sizes.get(JAVA_LONG, Tiles.SUMS_STRIDE);
      long lastA = a + 2L * two * steps * Tiles.TILE;
      long lastC = c + 2L * two * Tiles.TOKENS * stride;
      tiles.multiply(1, lastA, b.address(), lastC, some, 1, sizes.address());
    }
  }

  /** Eight whole tiles in the form that the processor reads, and what lies how far apart. */
  private MemorySegment sizes(MemorySegment sizes, long sumsStride) {
    sizes.fill((byte) 0);
    sizes.set(JAVA_BYTE, 0, (byte) 1); // the only palette there is
    for (int tile = 0; tile < 8; tile++) {
      sizes.set(JAVA_SHORT, 16 + 2L * tile, (short) PackedFormat.LINE);
      sizes.set(JAVA_BYTE, 48 + tile, (byte) 16);
    }
    sizes.set(JAVA_LONG, Tiles.TOKENS_STRIDE, (long) steps * Tiles.TILE);
    sizes.set(JAVA_LONG, Tiles.GROUP_STRIDE, GROUP_BYTES);
    sizes.set(JAVA_LONG, Tiles.SUMS_STRIDE, sumsStride);
    return sizes;
  }

  private void spread(
      MemorySegment sums, long stride, int from, int to, int tokens, float[] y, int yAt) {
    int rows = packed.rows();
    int row = from * PackedFormat.ROWS;
    int some = Math.min(to * PackedFormat.ROWS, rows) - row;
    for (int t = 0; t < tokens; t++) {
      MemorySegment.copy(sums, JAVA_FLOAT, t * stride, y, yAt + t * rows + row, some);
    }
  }
}
