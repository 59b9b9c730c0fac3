package burhan.nn;

import burhan.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention whose query heads share keys and values in groups: Llama, Qwen, Mistral,
 * Granite, DBRX. With as many key heads as query heads it is the ordinary form.
 *
 * <p>{@code H} query heads, {@code K} key heads, {@code d} numbers per head, {@code D} model width.
 */
public final class GroupedAttention implements Attention {
  /**
   * Sizes of the heads.
   *
   * @param count query heads H
   * @param keyValue key and value heads K, a divisor of H
   * @param size numbers per head d
   * @param scale of the scores, {@code 1 / sqrt(d)} for most families
   * @param window how many positions a token sees, itself among them; 0 for all
   * @param clip queries, keys and values are cut to [-clip, clip]; 0 for no cut
   */
  public record Heads(int count, int keyValue, int size, float scale, int window, float clip) {}

  /**
   * The weights, by their checkpoint names.
   *
   * @param q [H * d, D]
   * @param k [K * d, D]
   * @param v [K * d, D]
   * @param qNorm over each query head before rotation, null for none
   * @param kNorm over each key head before rotation, null for none
   * @param out [D, H * d]
   */
  public record Projections(
      Linear q, Linear k, Linear v, @Nullable Norm qNorm, @Nullable Norm kNorm, Linear out) {}

  /**
   * Queries grow with their position (Llama 4, Ministral 3): {@code q *= 1 + beta ln(1 + floor(p /
   * originalContext))}.
   *
   * @param beta 0 for no growth
   */
  public record Temperature(double beta, int originalContext) {
    /** Queries that do not grow. */
    public static final Temperature NONE = new Temperature(0, 1);

    float at(int position) {
      return (float) (1 + beta * Math.log1p(Math.floorDiv(position, originalContext)));
    }
  }

  private final Kernels kernels;
  private final Heads heads;
  private final Projections w;
  private final Rope rope;
  private final Temperature temperature;
  private final int layer;
  private final Scratch scratch;

  /**
   * @param layer index into the caches
   */
  public GroupedAttention(
      Kernels kernels,
      Heads heads,
      Projections weights,
      Rope rope,
      Temperature temperature,
      int layer,
      Scratch scratch) {
    this.kernels = kernels;
    this.heads = heads;
    this.w = weights;
    this.rope = rope;
    this.temperature = temperature;
    this.layer = layer;
    this.scratch = scratch;
  }

  @Override
  public void forward(Batch batch, float[] x, float[] y) {
    int rows = batch.size();
    // 1. Queries, and this step's keys and values into the caches.
    float[] q = queries(batch, x);
    remember(batch, x);
    // 2. Each head attends to its sequence.
    float[] z = scratch.floats(Scratch.Slot.HEADS, rows * heads.count() * heads.size());
    attend(batch, q, z);
    // 3. Back to the model's width.
    w.out().forward(z, rows, y);
  }

  private float[] queries(Batch batch, float[] x) {
    int rows = batch.size();
    int width = heads.count() * heads.size();
    float[] q = scratch.floats(Scratch.Slot.QUERY, rows * width);
    w.q().forward(x, rows, q);
    clip(q, rows * width);
    if (w.qNorm() != null) {
      w.qNorm().forward(q, rows * heads.count(), q);
    }
    for (int r = 0; r < rows; r++) {
      int position = batch.position(r);
      rope.prepare(position + 1);
      rotate(q, r * width, heads.count(), position);
      if (temperature.beta() != 0) {
        float growth = temperature.at(position);
        for (int i = r * width; i < (r + 1) * width; i++) {
          q[i] *= growth;
        }
      }
    }
    return q;
  }

  private void remember(Batch batch, float[] x) {
    int rows = batch.size();
    int width = heads.keyValue() * heads.size();
    float[] k = scratch.floats(Scratch.Slot.KEY, rows * width);
    float[] v = scratch.floats(Scratch.Slot.VALUE, rows * width);
    w.k().forward(x, rows, k);
    w.v().forward(x, rows, v);
    clip(k, rows * width);
    clip(v, rows * width);
    if (w.kNorm() != null) {
      w.kNorm().forward(k, rows * heads.keyValue(), k);
    }
    for (int r = 0; r < rows; r++) {
      KeyValueCache cache = batch.cache(r);
      int position = batch.position(r);
      rotate(k, r * width, heads.keyValue(), position);
      System.arraycopy(k, r * width, cache.keys(layer), position * width, width);
      System.arraycopy(v, r * width, cache.values(layer), position * width, width);
    }
  }

  private void rotate(float[] x, int at, int count, int position) {
    for (int h = 0; h < count; h++) {
      rope.rotate(x, at + h * heads.size(), position);
    }
  }

  private void clip(float[] x, int n) {
    if (heads.clip() > 0) {
      for (int i = 0; i < n; i++) {
        x[i] = Math.clamp(x[i], -heads.clip(), heads.clip());
      }
    }
  }

  private void attend(Batch batch, float[] q, float[] z) {
    int longest = 0;
    long work = 0;
    for (int r = 0; r < batch.size(); r++) {
      longest = Math.max(longest, batch.position(r) + 1);
      work += batch.position(r) + 1;
    }
    int most = longest;
    float[] scores = scratch.floats(Scratch.Slot.SCORES, kernels.parts() * most);
    kernels.split(
        batch.size() * heads.count(),
        2 * work * heads.count() * heads.size(),
        (part, from, to) -> {
          for (int i = from; i < to; i++) {
            int row = i / heads.count();
            oneHead(batch.cache(row), batch.position(row), i, q, scores, part * most, z);
          }
        });
  }

  private void oneHead(
      KeyValueCache cache, int position, int item, float[] q, float[] scores, int at, float[] z) {
    int group = item % heads.count() / (heads.count() / heads.keyValue());
    int stride = heads.keyValue() * heads.size();
    int size = heads.size();
    int headAt = group * size;
    int from = heads.window() == 0 ? 0 : Math.max(0, position + 1 - heads.window());
    int visible = position + 1 - from;
    float[] keys = cache.keys(layer);
    float[] values = cache.values(layer);
    for (int j = 0; j < visible; j++) {
      scores[at + j] =
          heads.scale() * kernels.dot(q, item * size, keys, (from + j) * stride + headAt, size);
    }
    kernels.softmax(scores, at, visible);
    Arrays.fill(z, item * size, (item + 1) * size, 0f);
    for (int j = 0; j < visible; j++) {
      kernels.addScaled(scores[at + j], values, (from + j) * stride + headAt, z, item * size, size);
    }
  }
}
