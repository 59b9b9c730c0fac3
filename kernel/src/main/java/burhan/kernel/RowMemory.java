package burhan.kernel;

import java.util.Arrays;

/** Keys and values as float rows, token after token: the form that plain loops read. */
final class RowMemory extends BlockMemory<RowMemory.RowBlock> {
  private final Kernels kernels;
  private final int keyStride;
  private final int valueStride;
  private final ThreadLocal<float[]> scores = ThreadLocal.withInitial(() -> new float[0]);

  /** Rows of 64 tokens. */
  static final class RowBlock extends MemoryBlock {
    private final boolean isLatent;
    private float[][] keys; // per layer [64, heads, K]
    private float[][] values; // per layer [64, heads, V]; the keys if they are latents

    RowBlock(Shape shape, int keyStride, int valueStride) {
      this.isLatent = shape.isLatent();
      this.keys = new float[shape.layers()][BLOCK_TOKENS * keyStride];
      this.values = shape.isLatent() ? keys : new float[shape.layers()][BLOCK_TOKENS * valueStride];
    }

    void copy(RowBlock other) {
      for (int layer = 0; layer < keys.length; layer++) {
        System.arraycopy(other.keys[layer], 0, keys[layer], 0, keys[layer].length);
        System.arraycopy(other.values[layer], 0, values[layer], 0, values[layer].length);
      }
    }

    @Override
    public long bytes() {
      long numbers = 0;
      for (int layer = 0; layer < keys.length; layer++) {
        numbers += keys[layer].length + (isLatent ? 0 : values[layer].length);
      }
      return Float.BYTES * numbers;
    }

    @Override
    void free() {
      keys = new float[0][];
      values = keys;
    }
  }

  RowMemory(Kernels kernels, Shape shape) {
    super(shape, RowBlock.class);
    this.kernels = kernels;
    this.keyStride = shape.heads() * shape.keyWidth();
    this.valueStride = shape.isLatent() ? keyStride : shape.heads() * shape.valueWidth();
  }

  @Override
  public long bytesPerToken() {
    return 4L * shape.layers() * (shape.isLatent() ? keyStride : keyStride + valueStride);
  }

  @Override
  RowBlock newBlock() {
    return new RowBlock(shape, keyStride, valueStride);
  }

  @Override
  void copy(RowBlock from, RowBlock to) {
    to.copy(from);
  }

  @Override
  public void put(
      int layer, int head, int position, float[] key, int keyAt, float[] value, int valueAt) {
    RowBlock block = blocks.get(position / BLOCK_TOKENS);
    int row = position % BLOCK_TOKENS;
    int width = shape.keyWidth();
    System.arraycopy(key, keyAt, block.keys[layer], row * keyStride + head * width, width);
    if (!shape.isLatent()) {
      int to = row * valueStride + head * shape.valueWidth();
      System.arraycopy(value, valueAt, block.values[layer], to, shape.valueWidth());
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
    for (int r = 0; r < queries.rows(); r++) {
      int from = queries.from(r);
      int to = queries.first() + r + 1;
      for (int h = 0; h < queries.heads(); h++) {
        int queryAt = qAt + r * qRow + h * shape.keyWidth();
        int resultAt = zAt + r * zRow + h * shape.valueWidth();
        one(layer, head, from, to, queries.scale(), q, queryAt, z, resultAt);
      }
    }
  }

  private void one(
      int layer, int head, int from, int to, float scale, float[] q, int qAt, float[] z, int zAt) {
    int keyWidth = shape.keyWidth();
    int valueWidth = shape.valueWidth();
    int visible = to - from;
    float[] s = scores.get();
    if (s.length < visible) {
      s = new float[Math.max(visible, 2 * s.length)];
      scores.set(s);
    }
    int keyAt = head * keyWidth;
    for (int start = from; start < to; start = blockEnd(start, to)) {
      float[] keys = blocks.get(start / BLOCK_TOKENS).keys[layer];
      int end = blockEnd(start, to);
      for (int j = start; j < end; j++) {
        int at = keyAt + j % BLOCK_TOKENS * keyStride;
        s[j - from] = scale * kernels.dot(q, qAt, keys, at, keyWidth);
      }
    }
    kernels.softmax(s, 0, visible);
    Arrays.fill(z, zAt, zAt + valueWidth, 0f);
    int valueAt = head * (shape.isLatent() ? keyWidth : valueWidth);
    for (int start = from; start < to; start = blockEnd(start, to)) {
      float[] values = blocks.get(start / BLOCK_TOKENS).values[layer];
      int end = blockEnd(start, to);
      for (int j = start; j < end; j++) {
        int at = valueAt + j % BLOCK_TOKENS * valueStride;
        kernels.addScaled(s[j - from], values, at, z, zAt, valueWidth);
      }
    }
  }

  /** Behind the block of a position, or behind all. */
  private static int blockEnd(int position, int to) {
    return Math.min(to, (position / BLOCK_TOKENS + 1) * BLOCK_TOKENS);
  }
}
