package burhan.nn;

import burhan.kernel.AttentionMemory;
import burhan.kernel.Kernels;
import burhan.kernel.Product;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention whose query heads share keys and values in groups: Llama, Qwen, Mistral,
 * Granite, DBRX. With as many key heads as query heads it is the ordinary form.
 *
 * <p>{@code H} query heads, {@code K} key heads, {@code d} numbers per head, {@code D} model width.
 */
public final class GroupedAttention implements Attention {
  // Rows times heads of a group that attend together.
  private static final int QUERIES_TOGETHER = 32;

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
  private final Product[] products = {new Product(), new Product(), new Product()};

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
    float[] q = scratch.floats(Scratch.Slot.QUERY, rows * heads.count() * heads.size());
    float[] k = scratch.floats(Scratch.Slot.KEY, rows * heads.keyValue() * heads.size());
    float[] v = scratch.floats(Scratch.Slot.VALUE, rows * heads.keyValue() * heads.size());
    w.q().enter(batch.phase(), products[0], x, rows, q);
    w.k().enter(batch.phase(), products[1], x, rows, k);
    w.v().enter(batch.phase(), products[2], x, rows, v);
    kernels.multiply(products, 3);
    queries(batch, q);
    remember(batch, k, v);
    // 2. Each head attends to its sequence.
    float[] z = scratch.floats(Scratch.Slot.HEADS, rows * heads.count() * heads.size());
    attend(batch, q, z);
    // 3. Back to the model's width.
    w.out().forward(batch.phase(), z, rows, y);
  }

  private void queries(Batch batch, float[] q) {
    int rows = batch.size();
    int width = heads.count() * heads.size();
    w.q().addBias(rows, q);
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
  }

  private void remember(Batch batch, float[] k, float[] v) {
    int rows = batch.size();
    int width = heads.keyValue() * heads.size();
    w.k().addBias(rows, k);
    w.v().addBias(rows, v);
    clip(k, rows * width);
    clip(v, rows * width);
    if (w.kNorm() != null) {
      w.kNorm().forward(k, rows * heads.keyValue(), k);
    }
    for (int r = 0; r < rows; r++) {
      KeyValueCache cache = batch.cache(r);
      int position = batch.position(r);
      rotate(k, r * width, heads.keyValue(), position);
      for (int h = 0; h < heads.keyValue(); h++) {
        int at = r * width + h * heads.size();
        cache.memory().put(layer, h, position, k, at, v, at);
      }
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
    int together = heads.count() / heads.keyValue();
    int tile = batch.tile(QUERIES_TOGETHER / together);
    int rowTiles = Math.ceilDiv(batch.size(), tile);
    int width = heads.count() * heads.size();
    // Head after head: rows further down see more, so the first half of them would be less work.
    kernels.split(
        heads.keyValue() * rowTiles,
        2L * batch.visible() * width,
        (part, from, to) -> {
          for (int i = from; i < to; i++) {
            int row = i % rowTiles * tile;
            int head = i / rowTiles;
            AttentionMemory.Queries queries =
                new AttentionMemory.Queries(
                    batch.position(row),
                    Math.min(tile, batch.size() - row),
                    together,
                    heads.window(),
                    heads.scale());
            int at = row * width + head * together * heads.size();
            batch.cache(row).memory().attend(layer, head, queries, q, at, width, z, at, width);
          }
        });
  }
}
