package burhan.train;

import static org.bytedeco.pytorch.global.torch.view_as_complex;

import burhan.model.DeepSeekConfig;
import burhan.nn.YarnScaling;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotations of the position part of queries and keys as complex numbers, with YaRN wherever the
 * config names a scaling (released weights are post-extension, so it always applies). Knows
 * positions, no tokens.
 *
 * <p>DeepSeek's checkpoints pair neighbours (2i, 2i+1), which is exactly one complex number, so a
 * rotation is one complex product. The query's unrotated part is multiplied by 1 in the same
 * product: cheaper than to split and join.
 */
final class RotaryTable {
  private final Tensor query; // complex [positions, 1, (nope + rope) / 2]
  private final Tensor key; // complex [positions, rope / 2]
  private final double softmaxScale;

  RotaryTable(DeepSeekConfig config, int positions, ScalarType precision) {
    int nope = config.qkNopeHeadDim();
    int rope = config.qkRopeHeadDim();
    double[] frequencies = frequencies(config);
    YarnScaling scaling = config.ropeScaling();
    double size =
        scaling == null
            ? 1
            : magnitude(scaling.factor(), scaling.mscale())
                / magnitude(scaling.factor(), scaling.mscaleAllDim());
    double m = scaling == null ? 1 : magnitude(scaling.factor(), scaling.mscaleAllDim());
    softmaxScale = m * m / Math.sqrt(nope + rope);
    double[] q = new double[positions * (nope + rope)];
    double[] k = new double[positions * rope];
    for (int t = 0; t < positions; t++) {
      for (int i = 0; i < nope / 2; i++) {
        q[t * (nope + rope) + 2 * i] = 1;
      }
      for (int i = 0; i < rope / 2; i++) {
        double cos = Math.cos(t * frequencies[i]) * size;
        double sin = Math.sin(t * frequencies[i]) * size;
        q[t * (nope + rope) + nope + 2 * i] = cos;
        q[t * (nope + rope) + nope + 2 * i + 1] = sin;
        k[t * rope + 2 * i] = cos;
        k[t * rope + 2 * i + 1] = sin;
      }
    }
    query =
        view_as_complex(AbstractTensor.create(q, positions, 1, (nope + rope) / 2, 2).to(precision));
    key = view_as_complex(AbstractTensor.create(k, positions, rope / 2, 2).to(precision));
  }

  /** Complex [positions, 1, (nope + rope) / 2]; row = position. */
  Tensor query() {
    return query;
  }

  /** Complex [positions, rope / 2]; row = position. */
  Tensor key() {
    return key;
  }

  /** Factor on attention scores, with YaRN's m squared. */
  double softmaxScale() {
    return softmaxScale;
  }

  private static double magnitude(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }

  private static double[] frequencies(DeepSeekConfig config) {
    int dim = config.qkRopeHeadDim();
    double[] f = new double[dim / 2];
    for (int i = 0; i < f.length; i++) {
      f[i] = Math.pow(config.ropeTheta(), -2.0 * i / dim);
    }
    YarnScaling s = config.ropeScaling();
    if (s == null) {
      return f;
    }
    double low = Math.max(0, Math.floor(turns(config, s, s.betaFast())));
    double high = Math.min(dim - 1, Math.ceil(turns(config, s, s.betaSlow())));
    // The reference widens an empty ramp by a thousandth to avoid 0/0.
    double width = high == low ? 0.001 : high - low;
    for (int i = 0; i < f.length; i++) {
      double ramp = Math.clamp((i - low) / width, 0, 1);
      f[i] = f[i] * (1 - ramp) + f[i] / s.factor() * ramp;
    }
    return f;
  }

  private static double turns(DeepSeekConfig config, YarnScaling s, double rotations) {
    return config.qkRopeHeadDim()
        * Math.log(s.originalContext() / (rotations * 2 * Math.PI))
        / (2 * Math.log(config.ropeTheta()));
  }
}
