package burhan.kernel;

import java.util.Arrays;

/** Keys and values as float rows, token after token: the form that plain loops read. */
final class RowMemory implements AttentionMemory {
  private static final int FIRST_TOKENS = 64;

  private final Kernels kernels;
  private final Shape shape;
  private final int keyStride;
  private final int valueStride;
  private final float[][] keys; // per layer [allocated, heads, K]
  private final float[][] values; // per layer [allocated, heads, V]; the keys if they are latents
  private final ThreadLocal<float[]> scores = ThreadLocal.withInitial(() -> new float[0]);
  private int allocated;

  RowMemory(Kernels kernels, Shape shape) {
    this.kernels = kernels;
    this.shape = shape;
    this.keyStride = shape.heads() * shape.keyWidth();
    this.valueStride = shape.isLatent() ? keyStride : shape.heads() * shape.valueWidth();
    this.keys = new float[shape.layers()][0];
    this.values = shape.isLatent() ? keys : new float[shape.layers()][0];
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public long bytesPerToken() {
    return 4L * shape.layers() * (shape.isLatent() ? keyStride : keyStride + valueStride);
  }

  @Override
  public void grow(int tokens) {
    if (tokens <= allocated) {
      return;
    }
    allocated = Math.max(Math.max(tokens, FIRST_TOKENS), 2 * allocated);
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer] = Arrays.copyOf(keys[layer], allocated * keyStride);
      if (!shape.isLatent()) {
        values[layer] = Arrays.copyOf(values[layer], allocated * valueStride);
      }
    }
  }

  @Override
  public void put(
      int layer, int head, int position, float[] key, int keyAt, float[] value, int valueAt) {
    int width = shape.keyWidth();
    System.arraycopy(key, keyAt, keys[layer], position * keyStride + head * width, width);
    if (!shape.isLatent()) {
      int to = position * valueStride + head * shape.valueWidth();
      System.arraycopy(value, valueAt, values[layer], to, shape.valueWidth());
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
      int visible = queries.first() + r + 1 - from;
      for (int h = 0; h < queries.heads(); h++) {
        int queryAt = qAt + r * qRow + h * shape.keyWidth();
        int resultAt = zAt + r * zRow + h * shape.valueWidth();
        one(layer, head, from, visible, queries.scale(), q, queryAt, z, resultAt);
      }
    }
  }

  private void one(
      int layer,
      int head,
      int from,
      int visible,
      float scale,
      float[] q,
      int qAt,
      float[] z,
      int zAt) {
    int keyWidth = shape.keyWidth();
    int valueWidth = shape.valueWidth();
    float[] s = scores.get();
    if (s.length < visible) {
      s = new float[Math.max(visible, 2 * s.length)];
      scores.set(s);
    }
    int keyAt = from * keyStride + head * keyWidth;
    for (int j = 0; j < visible; j++) {
      s[j] = scale * kernels.dot(q, qAt, keys[layer], keyAt + j * keyStride, keyWidth);
    }
    kernels.softmax(s, 0, visible);
    Arrays.fill(z, zAt, zAt + valueWidth, 0f);
    int valueAt = from * valueStride + head * (shape.isLatent() ? keyWidth : valueWidth);
    for (int j = 0; j < visible; j++) {
      kernels.addScaled(s[j], values[layer], valueAt + j * valueStride, z, zAt, valueWidth);
    }
  }
}
