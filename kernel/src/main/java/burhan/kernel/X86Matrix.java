package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A packed weight and the machine code that multiplies with it. Prepares the activations once, cuts
 * the groups of rows among the workers, and walks each part in pieces that stay in the second-level
 * cache while the tokens pass by. Where the processor multiplies tiles, prompts go there.
 */
final class X86Matrix extends PackedMatrix {
  // Weights of a piece; half of the smallest second-level cache in use.
  private static final long PIECE_BYTES = 128 << 10;

  // Activations of the tokens that meet an unpacked group, and how many tokens make that pay.
  private static final long TOKENS_BYTES = 256 << 10;
  private static final int MANY_TOKENS = 12;
  // Unpacked weights at a time; with the activations of a tile they stay in the first-level cache.
  private static final int UNPACKED_BYTES = 16 << 10;

  private final X86Code code;
  private final X86Code.Products products;
  private final @Nullable TileProduct tiles; // null where prompts take the same kernels
  private final ThreadLocal<X86Buffers> buffers;

  X86Matrix(
      PackedWeight packed,
      X86Code code,
      X86Code.Products products,
      @Nullable Tiles tiles,
      Workers workers,
      ThreadLocal<X86Buffers> buffers) {
    super(packed, workers);
    this.code = code;
    this.products = products;
    this.tiles = tiles == null ? null : new TileProduct(packed, tiles);
    this.buffers = buffers;
  }

  @Override
  int units() {
    return packed.groups();
  }

  @Override
  void forget() {
    buffers.get().begin();
  }

  @Override
  void prepare(Product product) {
    X86Buffers own = buffers.get();
    product.prepared =
        tiles != null && product.phase == Phase.PROMPT
            ? tiles.prepared(own, product.x, product.xAt, product.tokens)
            : prepared(own, product.x, product.xAt, product.tokens);
  }

  @Override
  void range(Product product, int from, int to) {
    if (tiles != null && product.phase == Phase.PROMPT) {
      tiles.groups(
          buffers.get(), from, to, product.prepared, product.tokens, product.y, product.yAt);
    } else {
      groups(from, to, product.prepared, product.tokens, product.y, product.yAt);
    }
  }

  private long stride() {
    QuantisedActivations activations = products.activations();
    return activations == null
        ? (long) packed.paddedCols() * Float.BYTES
        : (long) packed.paddedCols() / QuantisedActivations.BLOCK * activations.blockBytes();
  }

  private int unpackedUnitBytes() {
    QuantisedActivations activations = products.activations();
    int step = activations == null ? 1 : activations.stepCols();
    return packed.format().unitCols() / step * X86Emitter.UNPACKED_LINE;
  }

  private X86Buffers.Form form() {
    return switch (products.activations()) {
      case null -> X86Buffers.Form.FLOATS;
      case WORDS -> X86Buffers.Form.WORDS;
      case BYTES -> X86Buffers.Form.BYTES;
    };
  }

  /** The address of the activations as the kernels want them, in a buffer of this thread. */
  private long prepared(X86Buffers own, float[] x, int xAt, int tokens) {
    int padded = packed.paddedCols();
    long known = own.find(x, xAt, tokens, padded, form());
    if (known != 0) {
      return known;
    }
    int cols = packed.cols();
    QuantisedActivations activations = products.activations();
    MemorySegment floats = own.floats((long) tokens * padded, activations != null);
    if (cols == padded) {
      MemorySegment.copy(x, xAt, floats, JAVA_FLOAT, 0, tokens * cols);
    } else {
      for (int t = 0; t < tokens; t++) {
        long at = 4L * t * padded;
        MemorySegment.copy(x, xAt + t * cols, floats, JAVA_FLOAT, at, cols);
        floats.asSlice(at + 4L * cols, 4L * (padded - cols)).fill((byte) 0);
      }
    }
    long prepared = floats.address();
    if (activations != null) {
      long blocks = (long) tokens * padded / QuantisedActivations.BLOCK;
      prepared = own.activations(tokens * stride()).address();
      code.quantise(activations, floats.address(), prepared, blocks);
    }
    own.remember(x, xAt, tokens, padded, form(), prepared);
    return prepared;
  }

  private void groups(int from, int to, long prepared, int tokens, float[] y, int yAt) {
    int t = 0;
    int block = blockTokens();
    for (; t + X86Emitter.TOKENS_UNPACKED <= tokens && tokens >= MANY_TOKENS; t += block) {
      int some =
          Math.min(block, (tokens - t) / X86Emitter.TOKENS_UNPACKED * X86Emitter.TOKENS_UNPACKED);
      unpackedGroups(from, to, prepared + t * stride(), some, y, yAt + t * packed.rows());
      block = some;
    }
    packedGroups(from, to, prepared + t * stride(), tokens - t, y, yAt + t * packed.rows());
  }

  /** Tokens whose activations stay in the second-level cache while the groups pass by. */
  private int blockTokens() {
    int tiles = Math.clamp(TOKENS_BYTES / (stride() * X86Emitter.TOKENS_UNPACKED), 4, 32);
    return tiles * X86Emitter.TOKENS_UNPACKED;
  }

  private void unpackedGroups(int from, int to, long prepared, int tokens, float[] y, int yAt) {
    int tile = X86Emitter.TOKENS_UNPACKED;
    int most = UNPACKED_BYTES / unpackedUnitBytes();
    MemorySegment unpacked = buffers.get().unpacked(UNPACKED_BYTES);
    MemorySegment out = buffers.get().sums((long) tokens * PackedFormat.ROWS);
    long unitStride = stride() / packed.units();
    for (int g = from; g < to; g++) {
      long weights = packed.data().address() + g * packed.groupBytes();
      out.asSlice(0, (long) tokens * PackedFormat.LINE).fill((byte) 0);
      for (int unit = 0; unit < packed.units(); unit += most) {
        int units = Math.min(most, packed.units() - unit);
        long some = weights + (long) unit * packed.format().unitBytes();
        products.unpack(some, unpacked.address(), units);
        for (int t = 0; t < tokens; t += tile) {
          products.addUnpacked(
              some,
              prepared + t * stride() + unit * unitStride,
              out.address() + (long) t * PackedFormat.LINE,
              stride(),
              units,
              unpacked.address());
        }
      }
      spread(out, g, 1, tokens, y, yAt);
    }
  }

  private void packedGroups(int from, int to, long prepared, int tokens, float[] y, int yAt) {
    int most = Math.clamp(PIECE_BYTES / packed.groupBytes(), 1, to - from);
    MemorySegment out = buffers.get().sums((long) most * X86Emitter.TOKENS * PackedFormat.ROWS);
    for (int first = from; first < to; first += most) {
      int count = Math.min(most, to - first);
      long weights = packed.data().address() + first * packed.groupBytes();
      for (int t = 0; t < tokens; t += X86Emitter.TOKENS) {
        int some = Math.min(X86Emitter.TOKENS, tokens - t);
        long x = prepared + t * stride();
        products.run(some, weights, x, out.address(), count, packed.units());
        spread(out, first, count, some, y, yAt + t * packed.rows());
      }
    }
  }

  /** From [groups, tokens, 16] to the rows of {@code y}. */
  private void spread(MemorySegment out, int first, int count, int tokens, float[] y, int yAt) {
    int rows = packed.rows();
    for (int g = 0; g < count; g++) {
      int row = (first + g) * PackedFormat.ROWS;
      int some = Math.min(PackedFormat.ROWS, rows - row);
      for (int t = 0; t < tokens; t++) {
        long at = ((long) g * tokens + t) * PackedFormat.LINE;
        MemorySegment.copy(out, JAVA_FLOAT, at, y, yAt + t * rows + row, some);
      }
    }
  }
}
