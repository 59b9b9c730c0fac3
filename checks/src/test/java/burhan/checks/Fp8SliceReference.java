package burhan.checks;

import burhan.checkpoint.ModelFolder;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * R1's two kinds of layer once more, in float64 and in the order of the paper: plain loops over
 * weights that are decoded here, attention on expanded keys and values, no cache, no batch. Shares
 * no code with the layers that it is held against but the finding of a tensor's bytes.
 *
 * <p>{@code x[token][feature]} throughout.
 */
final class Fp8SliceReference {
  private static final int WIDTH = 7168;
  private static final int HEADS = 128;
  private static final int RANK = 512;
  private static final int NOPE = 128;
  private static final int ROPE = 64;
  private static final int VALUE = 128;
  private static final int EXPERTS = 256;
  private static final int GROUPS = 8;
  private static final int KEPT_GROUPS = 4;
  private static final int CHOSEN = 8;
  private static final double SCALE = 2.5;
  private static final double EPS = 1e-6;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final double[] E4M3 = e4m3();

  private final ModelFolder weights;
  private final double[][] x; // the residual stream
  private final double[][] u; // what the experts read
  private final double[][] scores; // of every expert

  /** An expert's index for a token, and what its answer is multiplied with. */
  record Choice(int expert, double weight) {}

  /** Computes as far as the experts. */
  Fp8SliceReference(ModelFolder weights, int[] tokens) {
    this.weights = weights;
    this.x = new double[tokens.length][];
    Tensor embedding = weights.get("model.embed_tokens.weight");
    for (int t = 0; t < tokens.length; t++) {
      x[t] = new double[WIDTH];
      row(embedding, null, tokens[t], x[t]);
    }
    attention("model.layers.0.");
    add(feedForward("model.layers.0.mlp.", norm(x, "model.layers.0.post_attention_layernorm")));
    attention("model.layers.1.");
    this.u = norm(x, "model.layers.1.post_attention_layernorm");
    this.scores = linear("model.layers.1.mlp.gate", u);
    for (double[] row : scores) {
      Arrays.setAll(row, e -> 1 / (1 + Math.exp(-row[e])));
    }
  }

  /** The experts of a token, best first (spec of DeepSeek-V3: sigmoid, bias, groups, top k). */
  List<Choice> chosen(int token) {
    double[] bias = vector("model.layers.1.mlp.gate.e_score_correction_bias");
    double[] s = scores[token];
    int size = EXPERTS / GROUPS;
    List<Integer> groups =
        IntStream.range(0, GROUPS)
            .boxed()
            .sorted(
                Comparator.comparingDouble(g ->
                    -IntStream.range(g * size, (g + 1) * size)
                        .mapToDouble(e -> -(s[e] + bias[e]))
                        .sorted()
                        .limit(2)
                        .map(negated -> -negated)
                        .sum()))
            .limit(KEPT_GROUPS)
            .toList();
    List<Integer> best =
        IntStream.range(0, EXPERTS)
            .filter(e -> groups.contains(e / size))
            .boxed()
            .sorted(Comparator.comparingDouble(e -> -(s[e] + bias[e])))
            .limit(CHOSEN)
            .toList();
    double sum = best.stream().mapToDouble(e -> s[e]).sum();
    return best.stream().map(e -> new Choice(e, s[e] / sum * SCALE)).toList();
  }

  /** The experts' part, then the last norm: the hidden states of all tokens. */
  double[][] finish() {
    double[][] sum = feedForward("model.layers.1.mlp.shared_experts.", u);
    for (int t = 0; t < x.length; t++) {
      for (Choice choice : chosen(t)) {
        String at = "model.layers.1.mlp.experts." + choice.expert() + ".";
        double[] one = feedForward(at, new double[][] {u[t]})[0];
        for (int i = 0; i < WIDTH; i++) {
          sum[t][i] += choice.weight() * one[i];
        }
      }
    }
    add(sum);
    return norm(x, "model.norm");
  }

  private void attention(String at) {
    double[][] in = norm(x, at + "input_layernorm");
    String own = at + "self_attn.";
    double[][] compressed = norm(linear(own + "q_a_proj", in), own + "q_a_layernorm");
    double[][] q = linear(own + "q_b_proj", compressed);
    double[][] both = linear(own + "kv_a_proj_with_mqa", in);
    double[][] latent = new double[x.length][];
    double[][] positionKey = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      latent[t] = Arrays.copyOf(both[t], RANK);
      positionKey[t] = Arrays.copyOfRange(both[t], RANK, RANK + ROPE);
      rotate(positionKey[t], 0, t);
      for (int h = 0; h < HEADS; h++) {
        rotate(q[t], h * (NOPE + ROPE) + NOPE, t);
      }
    }
    double[][] kv = linear(own + "kv_b_proj", norm(latent, own + "kv_a_layernorm"));
    double[][] z = new double[x.length][HEADS * VALUE];
    for (int t = 0; t < x.length; t++) {
      for (int h = 0; h < HEADS; h++) {
        head(t, h, q[t], kv, positionKey, z[t]);
      }
    }
    add(linear(own + "o_proj", z));
  }

  private static void head(
      int t, int h, double[] q, double[][] kv, double[][] positionKey, double[] z) {
    // Softmax scale with YaRN's factor, squared: 40 times the context, mscale_all_dim 1.
    double m = 0.1 * Math.log(40) + 1;
    double scale = m * m / Math.sqrt(NOPE + ROPE);
    int qAt = h * (NOPE + ROPE);
    int kAt = h * (NOPE + VALUE);
    double[] p = new double[t + 1];
    double sum = 0;
    for (int j = 0; j <= t; j++) {
      double score = 0;
      for (int i = 0; i < NOPE; i++) {
        score += q[qAt + i] * kv[j][kAt + i];
      }
      for (int i = 0; i < ROPE; i++) {
        score += q[qAt + NOPE + i] * positionKey[j][i];
      }
      p[j] = Math.exp(score * scale);
      sum += p[j];
    }
    for (int j = 0; j <= t; j++) {
      for (int i = 0; i < VALUE; i++) {
        z[h * VALUE + i] += p[j] / sum * kv[j][kAt + NOPE + i];
      }
    }
  }

  /**
   * Pairs (2i, 2i+1), turned by YaRN's frequencies: the first 10 kept, from 23 on divided by 40.
   */
  private static void rotate(double[] v, int at, int position) {
    for (int i = 0; i < ROPE / 2; i++) {
      double ramp = Math.clamp((i - 10) / 13.0, 0, 1);
      double angle = position * Math.pow(10_000, -2.0 * i / ROPE) * (1 - ramp + ramp / 40);
      double a = v[at + 2 * i];
      double b = v[at + 2 * i + 1];
      v[at + 2 * i] = a * Math.cos(angle) - b * Math.sin(angle);
      v[at + 2 * i + 1] = a * Math.sin(angle) + b * Math.cos(angle);
    }
  }

  private double[][] feedForward(String at, double[][] in) {
    double[][] gate = linear(at + "gate_proj", in);
    double[][] up = linear(at + "up_proj", in);
    for (int t = 0; t < in.length; t++) {
      double[] g = gate[t];
      double[] v = up[t];
      Arrays.setAll(g, i -> g[i] / (1 + Math.exp(-g[i])) * v[i]);
    }
    return linear(at + "down_proj", gate);
  }

  private void add(double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < WIDTH; i++) {
        x[t][i] += y[t][i];
      }
    }
  }

  private double[][] norm(double[][] in, String name) {
    double[] gain = vector(name + ".weight");
    double[][] out = new double[in.length][gain.length];
    for (int t = 0; t < in.length; t++) {
      double mean = Arrays.stream(in[t]).map(v -> v * v).sum() / gain.length;
      for (int i = 0; i < gain.length; i++) {
        out[t][i] = gain[i] * in[t][i] / Math.sqrt(mean + EPS);
      }
    }
    return out;
  }

  private double[][] linear(String name, double[][] in) {
    Tensor weight = weights.get(name + ".weight");
    Tensor scales = weights.find(name + ".weight_scale_inv");
    double[][] out = new double[in.length][Math.toIntExact(weight.dim(0))];
    IntStream.range(0, out[0].length)
        .parallel()
        .forEach(r -> {
          double[] w = new double[Math.toIntExact(weight.dim(1))];
          row(weight, scales, r, w);
          for (int t = 0; t < in.length; t++) {
            double sum = 0;
            for (int i = 0; i < w.length; i++) {
              sum += w[i] * in[t][i];
            }
            out[t][r] = sum;
          }
        });
    return out;
  }

  private double[] vector(String name) {
    MemorySegment data = weights.get(name).data();
    double[] out = new double[Math.toIntExact(data.byteSize() / 4)];
    Arrays.setAll(out, i -> data.get(FLOAT, 4L * i));
    return out;
  }

  /** One row as it is written on the disk: bfloat16, or E4M3 under a scale for 128 x 128. */
  private static void row(Tensor weight, Tensor scales, int r, double[] out) {
    MemorySegment data = weight.data();
    long at = (long) r * out.length;
    if (weight.type() == DType.BF16) {
      for (int i = 0; i < out.length; i++) {
        out[i] = Float.intBitsToFloat(data.get(SHORT, 2 * (at + i)) << 16);
      }
      return;
    }
    long blocksPerRow = (out.length + 127) / 128;
    for (int i = 0; i < out.length; i++) {
      float scale = scales.data().get(FLOAT, 4 * (r / 128 * blocksPerRow + i / 128));
      out[i] = E4M3[data.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF] * scale;
    }
  }

  private static double[] e4m3() {
    double[] values = new double[256];
    for (int b = 0; b < 256; b++) {
      int exponent = b >> 3 & 15;
      int mantissa = b & 7;
      double size =
          exponent == 0 ? mantissa * 0x1p-9 : (1 + mantissa / 8.0) * Math.scalb(1.0, exponent - 7);
      values[b] = (b & 0x7F) == 0x7F ? Double.NaN : b < 128 ? size : -size;
    }
    return values;
  }
}
