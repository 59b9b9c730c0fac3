package burhan.kernel;

import java.util.Arrays;

/**
 * A packed weight that the Vector API multiplies: how a product is cut into panels of rows and
 * chunks of k, each of which is unpacked once for many tokens. Knows no format and no vector.
 */
@SuppressWarnings("NarrowCalculation") // places within a unit or a chunk, far below an int
final class VectorMatrix extends PackedMatrix {
  // Tokens that meet an unpacked chunk; their activations stay in the second-level cache.
  private static final int TOKENS = 16 * Activations.TOKENS;

  private final PackedFormat format;
  private final ThreadLocal<VectorBuffers> buffers;
  private final int block;
  private final int padded;
  private final boolean isDirect;

  VectorMatrix(PackedWeight packed, Workers workers, ThreadLocal<VectorBuffers> buffers) {
    super(packed, workers);
    this.format = packed.format();
    this.buffers = buffers;
    this.block = Panel.block(format);
    this.padded = packed.paddedCols();
    this.isDirect = DirectProduct.knows(format);
  }

  @Override
  int units() {
    return Math.ceilDiv(packed.rows(), Panel.ROWS);
  }

  @Override
  void forget() {
    buffers.get().activations().begin();
  }

  @Override
  void prepare(Product product) {
    product.ordered = prepared(product.x, product.xAt, product.tokens);
  }

  private float[] prepared(float[] x, int xAt, int tokens) {
    int sums = Panel.hasOffsets(format) ? block : 0;
    return buffers.get().activations().prepare(x, xAt, tokens, packed.cols(), padded, sums);
  }

  @Override
  void range(Product product, int from, int to) {
    int rows = packed.rows();
    for (int panel = from; panel < to; panel++) {
      int first = panel * Panel.ROWS;
      int some = Math.min(Panel.ROWS, rows - first);
      for (int t = 0; t < product.tokens; t += TOKENS) {
        int tokens = Math.min(TOKENS, product.tokens - t);
        float[] sums = sums(panel, product.ordered, product.tokens, t, tokens);
        for (int i = 0; i < tokens; i++) {
          int yAt = product.yAt + (t + i) * rows + first;
          System.arraycopy(sums, i * Panel.ROWS, product.y, yAt, some);
        }
      }
    }
  }

  /** Where a unit of a group is, or 0 where there is no such group. */
  private long address(int panel, int row, int unit) {
    int group = (panel * Panel.ROWS + row) / PackedFormat.ROWS;
    return group < packed.groups()
        ? packed.data().address() + group * packed.groupBytes() + (long) unit * format.unitBytes()
        : 0;
  }

  /** Products of a panel of rows with {@code tokens} from {@code t} on: [tokens, panel rows]. */
  private float[] sums(int index, float[] x, int allTokens, int t, int tokens) {
    VectorBuffers own = buffers.get();
    Panel panel = own.panel(format);
    int filled = Math.ceilDiv(tokens, Activations.TOKENS) * Activations.TOKENS;
    float[] sums = own.sums(filled * Panel.ROWS);
    Arrays.fill(sums, 0, filled * Panel.ROWS, 0f);
    int sumsAt = Activations.sumsAt(allTokens, padded);
    int blocks = padded / block;
    int most = Panel.COLS / format.unitCols();
    for (int unit = 0; unit < packed.units(); unit += most) {
      int units = Math.min(most, packed.units() - unit);
      int cols = units * format.unitCols();
      int k = unit * format.unitCols();
      if (tokens == 1 && isDirect && cols % block == 0) {
        direct(panel, index, unit, units, x, t * padded + k, sums);
      } else {
        for (int row = 0; row < Panel.ROWS; row += PackedFormat.ROWS) {
          long address = address(index, row, unit);
          if (address != 0) {
            panel.unpack(address, units, row);
          }
        }
        own.product()
            .multiply(
                panel.numbers, cols, block, x, t * padded + k, padded, tokens, panel.scales, sums);
      }
      if (Panel.hasOffsets(format)) {
        int some = cols / block;
        int at = sumsAt + t * blocks + k / block;
        own.product().multiply(panel.offsets, some, some, x, at, blocks, tokens, panel.ones, sums);
      }
    }
    return sums;
  }

  /** Adds the products of some units of a panel with one token; offsets are left in the panel. */
  private void direct(
      Panel panel, int index, int unit, int units, float[] x, int xAt, float[] sums) {
    long address = address(index, 0, unit);
    panel.unpackScales(address, units, 0);
    long second = RowLanes.BYTES;
    for (int row = PackedFormat.ROWS; row < Panel.ROWS; row += PackedFormat.ROWS) {
      // Without a second group the first is multiplied twice, and the result not looked at.
      long other = address(index, row, unit);
      second = other == 0 ? 0 : other - address;
      panel.unpackScales(address + second, units, row);
    }
    int blocks = units * format.unitCols() / block;
    for (int row = 0; row < Panel.ROWS; row += 2 * RowLanes.WIDTH) {
      long at = address + (long) row * Integer.BYTES;
      DirectProduct.add(format, at, second, blocks, x, xAt, panel.scales, row, sums, row);
    }
  }
}
