package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Keys and values as packed weights, so that attention is two products by the kernels that multiply
 * weights: keys with tokens as rows (scores of sixteen tokens at a time), values with their numbers
 * as rows and tokens along k. Memory comes in blocks of 64 tokens for all layers; nothing is ever
 * moved. Latents are kept in both forms.
 */
final class PackedMemory extends BlockMemory<PackedMemory.PackedBlock> {
  static final int TOKENS = BLOCK_TOKENS;

  private static final int UNIT = 8; // numbers along k that the plain float formats pack together
  private static final int ROWS = PackedFormat.ROWS;
  private static final int GROUPS = TOKENS / ROWS;

  private final PackedFormat format;
  private final X86Code.Products products;
  private final ThreadLocal<Buffers> buffers;
  private final int keyUnits;
  private final int valueGroups;
  private final long keyBytes; // of a block, one layer and head
  private final long bytes; // keys and values

  PackedMemory(
      Shape shape, PackedFormat format, X86Code.Products products, ThreadLocal<Buffers> buffers) {
    super(shape, PackedBlock.class);
    this.format = format;
    this.products = products;
    this.buffers = buffers;
    this.keyUnits = Math.ceilDiv(shape.keyWidth(), UNIT);
    this.valueGroups = Math.ceilDiv(shape.valueWidth(), ROWS);
    this.keyBytes = (long) GROUPS * keyUnits * format.unitBytes();
    this.bytes = keyBytes + (long) valueGroups * (TOKENS / UNIT) * format.unitBytes();
  }

  @Override
  public long bytesPerToken() {
    return (long) shape.layers() * shape.heads() * bytes / TOKENS;
  }

  @Override
  PackedBlock newBlock() {
    return new PackedBlock((long) shape.layers() * shape.heads() * bytes);
  }

  @Override
  void copy(PackedBlock from, PackedBlock to) {
    to.segment.copyFrom(from.segment);
  }

  /**
   * An arena of its own, so that it can go alone; the handshake of closing is nothing to 64 tokens.
   */
  static final class PackedBlock extends MemoryBlock {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    PackedBlock(long bytes) {
      this.segment = arena.allocate(bytes, PackedFormat.LINE);
    }

    @Override
    public long bytes() {
      return segment.byteSize();
    }

    @Override
    void free() {
      arena.close();
    }
  }

  private long at(int layer, int head) {
    return ((long) layer * shape.heads() + head) * bytes;
  }

  @Override
  public void put(
      int layer, int head, int position, float[] key, int keyAt, float[] value, int valueAt) {
    MemorySegment block = blocks.get(position / TOKENS).segment;
    int token = position % TOKENS;
    long keys = at(layer, head) + (long) (token / ROWS) * keyUnits * format.unitBytes();
    for (int k = 0; k < shape.keyWidth(); k++) {
      set(block, keys + offset(k, token % ROWS), key[keyAt + k]);
    }
    long values = at(layer, head) + keyBytes;
    int group = TOKENS / UNIT * format.unitBytes();
    for (int i = 0; i < shape.valueWidth(); i++) {
      set(block, values + (long) i / ROWS * group + offset(token, i % ROWS), value[valueAt + i]);
    }
  }

  /** Where number {@code k} of row {@code lane} lies in a group. */
  private int offset(int k, int lane) {
    return format == PackedFormat.BF16
        ? k / 2 * PackedFormat.LINE + lane * 4 + k % 2 * 2
        : k * PackedFormat.LINE + lane * 4;
  }

  private void set(MemorySegment block, long at, float value) {
    if (format == PackedFormat.BF16) {
      int bits = Float.floatToRawIntBits(value);
      // To the nearest, ties to even; NaN keeps a bit of its mantissa.
      int rounded = Float.isNaN(value) ? bits | 0x400000 : bits + 0x7FFF + (bits >>> 16 & 1);
      block.set(JAVA_SHORT, at, (short) (rounded >>> 16));
    } else {
      block.set(JAVA_FLOAT, at, value);
    }
  }

  @Override
  public void attend(
      int layer,
      int head,
      Queries queries,
      float[] q,
      int qAt,
      int qRow,
      float[] z,
      int zAt,
      int zRow) {
    int heads = queries.heads();
    int count = queries.rows() * heads;
    int firstBlock = queries.from(0) / TOKENS;
    int last = queries.first() + queries.rows(); // behind what the last row sees
    int blockCount = Math.ceilDiv(last, TOKENS) - firstBlock;
    Buffers own = buffers.get();
    // 1. Queries, scaled, as the kernels want activations.
    int keyPadded = keyUnits * UNIT;
    MemorySegment x = own.queries((long) count * keyPadded);
    for (int i = 0; i < count; i++) {
      int from = qAt + i / heads * qRow + i % heads * shape.keyWidth();
      for (int k = 0; k < keyPadded; k++) {
        float value = k < shape.keyWidth() ? queries.scale() * q[from + k] : 0;
        x.setAtIndex(JAVA_FLOAT, (long) i * keyPadded + k, value);
      }
    }
    // 2. Scores, [blocks, queries, 64].
    MemorySegment scores = own.scores((long) blockCount * count * TOKENS);
    MemorySegment sums = own.sums((long) Math.max(GROUPS, valueGroups) * count * ROWS);
    for (int b = 0; b < blockCount; b++) {
      int block = firstBlock + b;
      int tokens = Math.min(TOKENS, last - block * TOKENS);
      long keys = blocks.get(block).segment.address() + at(layer, head);
      score(keys, Math.ceilDiv(tokens, ROWS), x, count, sums, scores, (long) b * count * TOKENS);
    }
    // 3. Softmax, and the values' sum.
    float[] inverse = own.inverse(count);
    for (int i = 0; i < count; i++) {
      int row = i / heads;
      int origin = firstBlock * TOKENS;
      int from = queries.from(row) - origin;
      int to = queries.first() + row + 1 - origin;
      inverse[i] = BlockSoftmax.run(scores, i, count, from, to, blockCount);
    }
    // Block by block, so that all queries meet it while it is in the cache.
    int most = products.mostTokens();
    long sumBytes = (long) valueGroups * PackedFormat.LINE; // of a query
    sums.asSlice(0, count * sumBytes).fill((byte) 0);
    for (int b = 0; b < blockCount; b++) {
      long values = blocks.get(firstBlock + b).segment.address() + at(layer, head) + keyBytes;
      for (int i = 0; i < count; i += most) {
        int some = Math.min(most, count - i);
        long weights = scores.address() + 4L * ((long) b * count + i) * TOKENS;
        long to = sums.address() + i * sumBytes;
        products.add(some, values, weights, to, valueGroups, TOKENS / UNIT);
      }
    }
    for (int i = 0; i < count; i++) {
      int first = i / most * most; // of those that were added together
      int some = Math.min(most, count - first);
      int to = zAt + i / heads * zRow + i % heads * shape.valueWidth();
      result(sums.asSlice(first * sumBytes), some, i - first, inverse[i], z, to);
    }
  }

  private void score(
      long keys,
      int groups,
      MemorySegment x,
      int count,
      MemorySegment sums,
      MemorySegment scores,
      long at) {
    long stride = 4L * keyUnits * UNIT;
    for (int i = 0; i < count; i += products.mostTokens()) {
      int some = Math.min(products.mostTokens(), count - i);
      products.run(some, keys, x.address() + i * stride, sums.address(), groups, keyUnits);
      for (int g = 0; g < groups; g++) {
        for (int t = 0; t < some; t++) {
          long from = ((long) g * some + t) * PackedFormat.LINE;
          long to = 4 * (at + (long) (i + t) * TOKENS + (long) g * ROWS);
          MemorySegment.copy(sums, from, scores, to, PackedFormat.LINE);
        }
      }
    }
  }

  private void result(MemorySegment sums, int count, int t, float inverse, float[] z, int zAt) {
    for (int i = 0; i < shape.valueWidth(); i++) {
      long at = ((long) (i / ROWS) * count + t) * ROWS + i % ROWS;
      z[zAt + i] = inverse * sums.getAtIndex(JAVA_FLOAT, at);
    }
  }

  /** What a thread needs while it attends. */
  static final class Buffers {
    private final Arena arena = Arena.ofAuto();
    private MemorySegment queries = MemorySegment.NULL;
    private MemorySegment scores = MemorySegment.NULL;
    private MemorySegment sums = MemorySegment.NULL;
    private float[] inverse = {};

    MemorySegment queries(long count) {
      queries = grown(queries, count);
      return queries;
    }

    MemorySegment scores(long count) {
      scores = grown(scores, count);
      return scores;
    }

    MemorySegment sums(long count) {
      sums = grown(sums, count);
      return sums;
    }

    private MemorySegment grown(MemorySegment now, long count) {
      return now.byteSize() >= 4 * count
          ? now
          : arena.allocate(Math.max(4 * count, 2 * now.byteSize()), PackedFormat.LINE);
    }

    float[] inverse(int count) {
      if (inverse.length < count) {
        inverse = new float[count];
      }
      return inverse;
    }
  }
}
