package burhan.nn;

import burhan.kernel.AttentionMemory;
import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import burhan.kernel.Product;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention (DeepSeek-V3 report, equations 1 to 11) in its absorbed form: the key
 * half of {@code kv_b} moves into the query and its value half behind the sum, so that all heads
 * attend to the cached latents themselves, of a prompt as of a generated token. Expanding keys and
 * values would cost fewer operations for long prompts and memory for every token of the context.
 *
 * <p>{@code H} heads of {@code nope + rope} query numbers and {@code v} value numbers, {@code R}
 * latent rank.
 */
public final class LatentAttention implements Attention {
  // Heads of one row, or rows times heads, that attend together.
  private static final int HEADS_TOGETHER = 8;
  private static final int QUERIES_TOGETHER = 32;

  /**
   * Sizes of the heads.
   *
   * @param scale of the scores, {@code head dim ^ -0.5 * m^2}
   */
  public record Heads(int count, int nope, int rope, int value, int latentRank, float scale) {
    int query() {
      return nope + rope;
    }

    /** Numbers of a key: the latent, then the position key. */
    int key() {
      return latentRank + rope;
    }
  }

  /**
   * The weights, by their checkpoint names.
   *
   * @param qA query compression [qRank, D], null for none
   * @param qANorm over the compressed query, null for none
   * @param qB [H * query, qRank], or [H * query, D] without compression
   * @param kvA [R + rope, D]
   * @param kvANorm over the latent
   * @param keys for each head [R, nope]: the key half of {@code kv_b}, transposed
   * @param values for each head [v, R]: the value half
   * @param out [D, H * v]
   */
  public record Projections(
      @Nullable Matrix qA,
      @Nullable RmsNorm qANorm,
      Matrix qB,
      Matrix kvA,
      RmsNorm kvANorm,
      Matrix[] keys,
      Matrix[] values,
      Matrix out) {}

  private final Kernels kernels;
  private final Heads heads;
  private final Projections w;
  private final Rope rope;
  private final int layer;
  private final Scratch scratch;
  private final Product[] products = {new Product(), new Product()};
  private final Product[] perHead;

  /**
   * @param layer index into the caches
   */
  public LatentAttention(
      Kernels kernels, Heads heads, Projections weights, Rope rope, int layer, Scratch scratch) {
    this.kernels = kernels;
    this.heads = heads;
    this.w = weights;
    this.rope = rope;
    this.layer = layer;
    this.scratch = scratch;
    this.perHead = new Product[heads.count()];
    for (int h = 0; h < perHead.length; h++) {
      perHead[h] = new Product();
    }
  }

  @Override
  public void forward(Batch batch, float[] x, float[] y) {
    int rows = batch.size();
    // 1. Both compressions read the same rows.
    Matrix first = w.qA() == null ? w.qB() : w.qA();
    Scratch.Slot slot = w.qA() == null ? Scratch.Slot.QUERY : Scratch.Slot.QUERY_LATENT;
    float[] in = scratch.floats(slot, rows * first.rows());
    float[] kv = scratch.floats(Scratch.Slot.KEY_VALUE_LATENT, rows * heads.key());
    products[0].set(batch.phase(), first, x, 0, rows, in, 0);
    products[1].set(batch.phase(), w.kvA(), x, 0, rows, kv, 0);
    kernels.multiply(products, 2);
    // 2. Queries, rotated where they carry position; latents and position keys into the caches.
    float[] q = queries(batch, in);
    remember(batch, kv);
    // 3. Each head attends to its sequence.
    float[] absorbed = absorb(batch, q);
    float[] z = scratch.floats(Scratch.Slot.ATTENDED, rows * heads.count() * heads.latentRank());
    attend(batch, absorbed, z);
    // 4. From latents to values, and back to the model's width.
    w.out().multiply(batch.phase(), values(batch, z), 0, rows, y, 0);
  }

  private float[] queries(Batch batch, float[] in) {
    int rows = batch.size();
    float[] q = in;
    if (w.qANorm() != null) {
      w.qANorm().forward(in, rows, in);
      q = scratch.floats(Scratch.Slot.QUERY, rows * w.qB().rows());
      w.qB().multiply(batch.phase(), in, 0, rows, q, 0);
    }
    for (int r = 0; r < rows; r++) {
      rope.prepare(batch.position(r) + 1);
      for (int h = 0; h < heads.count(); h++) {
        rope.rotate(q, (r * heads.count() + h) * heads.query() + heads.nope(), batch.position(r));
      }
    }
    return q;
  }

  private void remember(Batch batch, float[] kv) {
    RmsNorm norm = w.kvANorm();
    int width = heads.key();
    int rank = heads.latentRank();
    for (int r = 0; r < batch.size(); r++) {
      int at = r * width;
      kernels.rmsNorm(kv, at, norm.gain(), norm.eps(), kv, at, rank);
      rope.rotate(kv, at + rank, batch.position(r));
      batch.cache(r).memory().put(layer, 0, batch.position(r), kv, at, kv, at);
    }
  }

  /** Queries as the cache's keys are: [rows, H, R + rope]. */
  private float[] absorb(Batch batch, float[] q) {
    int rows = batch.size();
    int count = heads.count();
    int nope = heads.nope();
    int rank = heads.latentRank();
    // A head's rows lie together for its product; one row needs no copy.
    float[] in = q;
    if (rows > 1) {
      in = scratch.floats(Scratch.Slot.BY_HEAD_IN, rows * count * nope);
      for (int r = 0; r < rows; r++) {
        for (int h = 0; h < count; h++) {
          int from = (r * count + h) * heads.query();
          System.arraycopy(q, from, in, (h * rows + r) * nope, nope);
        }
      }
    }
    float[] latent = scratch.floats(Scratch.Slot.BY_HEAD_OUT, rows * count * rank);
    for (int h = 0; h < count; h++) {
      int at = h * (rows > 1 ? rows * nope : heads.query());
      perHead[h].set(batch.phase(), w.keys()[h], in, at, rows, latent, h * rows * rank);
    }
    kernels.multiply(perHead, count);
    float[] absorbed = scratch.floats(Scratch.Slot.ABSORBED, rows * count * heads.key());
    for (int r = 0; r < rows; r++) {
      for (int h = 0; h < count; h++) {
        int item = r * count + h;
        int to = item * heads.key();
        System.arraycopy(latent, (h * rows + r) * rank, absorbed, to, rank);
        int position = item * heads.query() + nope;
        System.arraycopy(q, position, absorbed, to + rank, heads.rope());
      }
    }
    return absorbed;
  }

  private void attend(Batch batch, float[] q, float[] z) {
    int count = heads.count();
    int together = Math.min(count, HEADS_TOGETHER);
    int headTiles = Math.ceilDiv(count, together);
    int tile = batch.tile(QUERIES_TOGETHER / together);
    int rowTiles = Math.ceilDiv(batch.size(), tile);
    long work = 2L * batch.visible() * count * heads.key();
    // Head after head: rows further down see more, so the first half of them would be less work.
    kernels.split(
        headTiles * rowTiles,
        work,
        (part, from, to) -> {
          for (int i = from; i < to; i++) {
            int row = i % rowTiles * tile;
            int head = i / rowTiles * together;
            AttentionMemory.Queries queries =
                new AttentionMemory.Queries(
                    batch.position(row),
                    Math.min(tile, batch.size() - row),
                    Math.min(together, count - head),
                    0,
                    heads.scale());
            int item = row * count + head;
            batch
                .cache(row)
                .memory()
                .attend(
                    layer,
                    0,
                    queries,
                    q,
                    item * heads.key(),
                    count * heads.key(),
                    z,
                    item * heads.latentRank(),
                    count * heads.latentRank());
          }
        });
  }

  /** Values [rows, H * v] of attended latents [rows, H, R]. */
  private float[] values(Batch batch, float[] z) {
    int rows = batch.size();
    int count = heads.count();
    int rank = heads.latentRank();
    int value = heads.value();
    float[] in = z;
    if (rows > 1) {
      in = scratch.floats(Scratch.Slot.BY_HEAD_OUT, rows * count * rank);
      for (int r = 0; r < rows; r++) {
        for (int h = 0; h < count; h++) {
          System.arraycopy(z, (r * count + h) * rank, in, (h * rows + r) * rank, rank);
        }
      }
    }
    float[] byHead = scratch.floats(Scratch.Slot.BY_HEAD_IN, rows * count * value);
    for (int h = 0; h < count; h++) {
      perHead[h].set(
          batch.phase(), w.values()[h], in, h * rows * rank, rows, byHead, h * rows * value);
    }
    kernels.multiply(perHead, count);
    if (rows == 1) {
      return byHead;
    }
    float[] out = scratch.floats(Scratch.Slot.HEADS, rows * count * value);
    for (int r = 0; r < rows; r++) {
      for (int h = 0; h < count; h++) {
        System.arraycopy(byHead, (h * rows + r) * value, out, (r * count + h) * value, value);
      }
    }
    return out;
  }
}
