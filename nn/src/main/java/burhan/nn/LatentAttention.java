package burhan.nn;

import burhan.kernel.Kernels;
import burhan.kernel.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention (DeepSeek-V3 report, equations 1 to 11), in two forms that compute
 * the same: naive on expanded keys and values for prompts, absorbed on the cached latents for
 * generated tokens.
 *
 * <p>{@code H} heads of {@code nope + rope} query numbers and {@code v} value numbers, {@code R}
 * latent rank.
 */
public final class LatentAttention implements Attention {
  /**
   * Sizes of the heads.
   *
   * @param scale of the scores, {@code head dim ^ -0.5 * m^2}
   */
  public record Heads(int count, int nope, int rope, int value, int latentRank, float scale) {
    int query() {
      return nope + rope;
    }

    /** Rows of {@code kv_b} that belong to one head. */
    int keyValue() {
      return nope + value;
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
   * @param kvB [H * (nope + v), R]: for each head the key rows, then the value rows
   * @param out [D, H * v]
   */
  public record Projections(
      @Nullable Matrix qA,
      @Nullable RmsNorm qANorm,
      Matrix qB,
      Matrix kvA,
      RmsNorm kvANorm,
      Matrix kvB,
      Matrix out) {}

  private final Kernels kernels;
  private final Heads heads;
  private final Projections w;
  private final Rope rope;
  private final int layer;
  private final Scratch scratch;

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
  }

  @Override
  public void forward(Batch batch, float[] x, float[] y) {
    int rows = batch.size();
    // 1. Queries, rotated where they carry position.
    float[] q = queries(batch, x);
    // 2. This step's latents and position keys go into the caches.
    remember(batch, x);
    // 3. Each head attends to its sequence.
    float[] z = scratch.floats(Scratch.Slot.HEADS, rows * heads.count() * heads.value());
    switch (batch.phase()) {
      case PROMPT -> naive(batch, q, z);
      case GENERATE -> absorbed(batch, q, z);
    }
    // 4. Back to the model's width.
    w.out().multiply(z, 0, rows, y, 0);
  }

  private float[] queries(Batch batch, float[] x) {
    int rows = batch.size();
    float[] in = x;
    if (w.qA() != null && w.qANorm() != null) {
      in = scratch.floats(Scratch.Slot.QUERY_LATENT, rows * w.qA().rows());
      w.qA().multiply(x, 0, rows, in, 0);
      w.qANorm().forward(in, rows, in);
    }
    float[] q = scratch.floats(Scratch.Slot.QUERY, rows * w.qB().rows());
    w.qB().multiply(in, 0, rows, q, 0);
    for (int r = 0; r < rows; r++) {
      rope.prepare(batch.position(r) + 1);
      for (int h = 0; h < heads.count(); h++) {
        rope.rotate(q, (r * heads.count() + h) * heads.query() + heads.nope(), batch.position(r));
      }
    }
    return q;
  }

  private void remember(Batch batch, float[] x) {
    int rows = batch.size();
    int rank = heads.latentRank();
    int width = rank + heads.rope();
    float[] kv = scratch.floats(Scratch.Slot.KEY_VALUE_LATENT, rows * width);
    w.kvA().multiply(x, 0, rows, kv, 0);
    for (int r = 0; r < rows; r++) {
      KeyValueCache cache = batch.cache(r);
      int position = batch.position(r);
      RmsNorm norm = w.kvANorm();
      kernels.rmsNorm(
          kv, r * width, norm.gain(), norm.eps(), cache.values(layer), position * rank, rank);
      float[] keys = cache.keys(layer);
      System.arraycopy(kv, r * width + rank, keys, position * heads.rope(), heads.rope());
      rope.rotate(keys, position * heads.rope(), position);
    }
  }

  /** Keys and values of the whole sequence are expanded once, then every row attends to them. */
  private void naive(Batch batch, float[] q, float[] z) {
    KeyValueCache cache = batch.cache(0);
    int length = batch.position(batch.size() - 1) + 1;
    float[] kv = scratch.floats(Scratch.Slot.KEY_VALUE, length * w.kvB().rows());
    w.kvB().multiply(cache.values(layer), 0, length, kv, 0);
    float[] scores = scratch.floats(Scratch.Slot.SCORES, kernels.parts() * length);
    int items = batch.size() * heads.count();
    kernels.split(
        items,
        (long) items * length * (heads.query() + heads.value()),
        (part, from, to) -> {
          for (int i = from; i < to; i++) {
            int row = i / heads.count();
            naiveHead(
                batch.position(row) + 1, i, q, kv, cache.keys(layer), scores, part, length, z);
          }
        });
  }

  private void naiveHead(
      int visible,
      int item,
      float[] q,
      float[] kv,
      float[] keys,
      float[] scores,
      int part,
      int length,
      float[] z) {
    int head = item % heads.count();
    int qAt = item * heads.query();
    int stride = w.kvB().rows();
    int kAt = head * heads.keyValue();
    int at = part * length;
    for (int j = 0; j < visible; j++) {
      float content = kernels.dot(q, qAt, kv, j * stride + kAt, heads.nope());
      float position = kernels.dot(q, qAt + heads.nope(), keys, j * heads.rope(), heads.rope());
      scores[at + j] = heads.scale() * (content + position);
    }
    kernels.softmax(scores, at, visible);
    int zAt = item * heads.value();
    Arrays.fill(z, zAt, zAt + heads.value(), 0f);
    for (int j = 0; j < visible; j++) {
      kernels.addScaled(scores[at + j], kv, j * stride + kAt + heads.nope(), z, zAt, heads.value());
    }
  }

  /** The key rows of kv_b move into the query, its value rows behind the sum. */
  private void absorbed(Batch batch, float[] q, float[] z) {
    int longest = 0;
    long work = 0;
    for (int r = 0; r < batch.size(); r++) {
      longest = Math.max(longest, batch.position(r) + 1);
      work += batch.position(r) + 1 + heads.keyValue();
    }
    int rank = heads.latentRank();
    int most = longest;
    float[] scores = scratch.floats(Scratch.Slot.SCORES, kernels.parts() * most);
    float[] latent = scratch.floats(Scratch.Slot.ABSORBED, kernels.parts() * rank);
    kernels.split(
        batch.size() * heads.count(),
        work * heads.count() * rank,
        (part, from, to) -> {
          for (int i = from; i < to; i++) {
            int row = i / heads.count();
            absorbedHead(
                batch.cache(row),
                batch.position(row) + 1,
                i,
                q,
                scores,
                part * most,
                latent,
                part * rank,
                z);
          }
        });
  }

  private void absorbedHead(
      KeyValueCache cache,
      int visible,
      int item,
      float[] q,
      float[] scores,
      int at,
      float[] latent,
      int latentAt,
      float[] z) {
    int head = item % heads.count();
    int qAt = item * heads.query();
    int rank = heads.latentRank();
    int keyRows = head * heads.keyValue();
    int valueRows = keyRows + heads.nope();
    float[] latents = cache.values(layer);
    float[] keys = cache.keys(layer);
    w.kvB().multiplyTransposed(keyRows, valueRows, q, qAt, latent, latentAt);
    for (int j = 0; j < visible; j++) {
      float content = kernels.dot(latent, latentAt, latents, j * rank, rank);
      float position = kernels.dot(q, qAt + heads.nope(), keys, j * heads.rope(), heads.rope());
      scores[at + j] = heads.scale() * (content + position);
    }
    kernels.softmax(scores, at, visible);
    Arrays.fill(latent, latentAt, latentAt + rank, 0f);
    for (int j = 0; j < visible; j++) {
      kernels.addScaled(scores[at + j], latents, j * rank, latent, latentAt, rank);
    }
    w.kvB()
        .multiplyRows(
            valueRows, valueRows + heads.value(), latent, latentAt, z, item * heads.value());
  }
}
