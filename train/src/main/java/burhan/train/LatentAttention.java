package burhan.train;

import static org.bytedeco.pytorch.global.torch.baddbmm;
import static org.bytedeco.pytorch.global.torch.bmm;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.softmax;
import static org.bytedeco.pytorch.global.torch.split_with_sizes;
import static org.bytedeco.pytorch.global.torch.view_as_complex;
import static org.bytedeco.pytorch.global.torch.view_as_real;

import burhan.model.DeepSeekConfig;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Multi-head latent attention in its naive form (DeepSeek-V3 report, equations 1-11): training
 * needs every key anyway, so nothing is gained by absorbing projections.
 *
 * <p>Shapes: N tokens of the packed row, H heads, B documents of padded length T in a group.
 */
final class LatentAttention {
  /** Whatever rms_norm_eps says: both references fix it inside attention. */
  private static final double LATENT_EPS = 1e-6;

  private final DeepSeekConfig config;
  private final int heads;
  private final int nope;
  private final int rope;
  private final int value;

  LatentAttention(DeepSeekConfig config) {
    this.config = config;
    heads = config.numAttentionHeads();
    nope = config.qkNopeHeadDim();
    rope = config.qkRopeHeadDim();
    value = config.vHeadDim();
  }

  /**
   * @param x [N, D], normalised
   * @param p name prefix of the layer's attention
   * @return [N, D]
   */
  Tensor forward(Tensor x, String p, Pass pass) {
    Tensor q = rotate(query(x, p, pass), pass.queryRotation(), pass); // [N, H, nope + rope]
    int rank = config.kvLoraRank();
    TensorVector compressed =
        split_with_sizes(
            linear(x, pass.weight(p + "kv_a_proj_with_mqa.weight")), new long[] {rank, rope}, 1);
    Tensor latent =
        Layers.rmsNorm(
            full(compressed.get(0), pass),
            pass.weight(p + "kv_a_layernorm.weight"),
            LATENT_EPS,
            pass.compute());
    Tensor sharedKey = rotate(compressed.get(1), pass.keyRotation(), pass); // [N, rope]
    Tensor keyValue = linear(latent, pass.weight(p + "kv_b_proj.weight")); // [N, H * (nope + v)]
    return linear(attend(q, sharedKey, keyValue, pass), pass.weight(p + "o_proj.weight"));
  }

  private Tensor query(Tensor x, String p, Pass pass) {
    if (config.qLoraRank() == 0) {
      return linear(x, pass.weight(p + "q_proj.weight"));
    }
    Tensor low = linear(x, pass.weight(p + "q_a_proj.weight"));
    Tensor normed =
        Layers.rmsNorm(
            full(low, pass), pass.weight(p + "q_a_layernorm.weight"), LATENT_EPS, pass.compute());
    return linear(normed, pass.weight(p + "q_b_proj.weight"));
  }

  /** Norms and rotations run in the parameters' own precision, whatever products use. */
  private static Tensor full(Tensor x, Pass pass) {
    return pass.compute() == ScalarType.BFloat16 ? x.to(ScalarType.Float) : x;
  }

  /** One complex product; pairs are neighbours. */
  private static Tensor rotate(Tensor x, Tensor rotation, Pass pass) {
    long[] pairs =
        rotation.dim() == 3
            ? new long[] {x.size(0), -1, rotation.size(2), 2}
            : new long[] {x.size(0), rotation.size(1), 2};
    Tensor turned = view_as_real(view_as_complex(full(x, pass).reshape(pairs)).mul(rotation));
    long[] flat =
        rotation.dim() == 3
            ? new long[] {x.size(0), -1, 2 * rotation.size(2)}
            : new long[] {x.size(0), 2 * rotation.size(1)};
    Tensor out = turned.view(flat);
    return out.scalar_type().intern() == pass.compute() ? out : out.to(pass.compute());
  }

  private Tensor attend(Tensor q, Tensor sharedKey, Tensor keyValue, Pass pass) {
    List<PackedBatch.Group> groups = pass.batch().groups();
    if (groups.size() == 1) {
      return attendGroup(q, sharedKey, keyValue, groups.getFirst(), pass);
    }
    // One split and one join instead of a slice per group: a slice's gradient is a full-size copy.
    long[] rows = groups.stream().mapToLong(PackedBatch.Group::rows).toArray();
    TensorVector qs = split_with_sizes(q, rows);
    TensorVector keys = split_with_sizes(sharedKey, rows);
    TensorVector keyValues = split_with_sizes(keyValue, rows);
    TensorVector out = new TensorVector();
    for (int g = 0; g < rows.length; g++) {
      out.push_back(attendGroup(qs.get(g), keys.get(g), keyValues.get(g), groups.get(g), pass));
    }
    return cat(out, 0);
  }

  private Tensor attendGroup(
      Tensor q, Tensor sharedKey, Tensor keyValue, PackedBatch.Group group, Pass pass) {
    int b = group.documents();
    int t = group.length();
    long pairs = (long) b * heads;
    int width = nope + rope;
    Tensor query = q.view(b, t, heads, width).transpose(1, 2).reshape(pairs, t, width);
    TensorVector kv =
        split_with_sizes(
            keyValue.view(b, t, heads, nope + value).transpose(1, 2), new long[] {nope, value}, 3);
    Tensor rotated = sharedKey.view(b, 1, t, rope).expand(b, heads, t, rope);
    Tensor key = cat(new TensorVector(kv.get(0), rotated), 3).view(pairs, t, width);
    Tensor values = kv.get(1).reshape(pairs, t, value);
    Tensor causal =
        org.bytedeco
            .pytorch
            .global
            .torch
            .full(new long[] {t, t}, new Scalar(Float.NEGATIVE_INFINITY), options(pass))
            .triu(1);
    Tensor scores =
        baddbmm(
            causal, query, key.transpose(1, 2), new Scalar(1.0), new Scalar(pass.softmaxScale()));
    Tensor weights = softmax(scores, -1, new ScalarTypeOptional());
    return bmm(weights, values)
        .view(b, heads, t, value)
        .transpose(1, 2)
        .reshape((long) b * t, (long) heads * value);
  }

  private static TensorOptions options(Pass pass) {
    return new TensorOptions(pass.compute());
  }
}
