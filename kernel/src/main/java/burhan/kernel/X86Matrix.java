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
    int most = Math.clamp(PIECE_BYTES / packed.groupBytes(), 1, to - from);
    int together = products.mostTokens();
    MemorySegment out = buffers.get().sums((long) most * together * PackedFormat.ROWS);
    for (int first = from; first < to; first += most) {
      int count = Math.min(most, to - first);
      long weights = packed.data().address() + first * packed.groupBytes();
      for (int t = 0; t < tokens; t += together) {
        int some = Math.min(together, tokens - t);
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
