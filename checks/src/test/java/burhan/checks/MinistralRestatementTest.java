package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import burhan.checkpoint.SafetensorsWriter;
import burhan.kernel.ScalarKernels;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ministral 3 from safetensors has no fixture of a reference implementation, so it is held to a
 * restatement in float64 written here from its published config: unproven until a reference says
 * so.
 */
class MinistralRestatementTest {
  private static final int WIDTH = 24;
  private static final int HEADS = 4;
  private static final int GROUPS = 2;
  private static final int HEAD = 8;
  private static final int INNER = 20;
  private static final int VOCAB = 40;
  private static final int LAYERS = 2;
  private static final double FACTOR = 16;
  private static final double BETA = 0.1;
  private static final int ORIGINAL = 8;
  private static final String CONFIG =
      """
      {"architectures": ["Mistral3ForConditionalGeneration"], "model_type": "mistral3",
       "text_config": {"model_type": "ministral3", "vocab_size": 40, "hidden_size": 24,
         "intermediate_size": 20, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 128,
         "rms_norm_eps": 1e-05, "tie_word_embeddings": false, "sliding_window": null,
         "rope_parameters": {"rope_type": "yarn", "rope_theta": 1000000.0, "factor": 16.0,
           "beta_fast": 32.0, "beta_slow": 1.0, "mscale": 1.0, "mscale_all_dim": 1.0,
           "llama_4_scaling_beta": 0.1, "original_max_position_embeddings": 8}}}
      """;

  private final Map<String, float[]> weights = new HashMap<>();
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Random random = new Random(7);

  private void add(String name, int rows, int cols) {
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(cols == 1 ? 1 : cols));
    }
    String stored = "language_model." + name;
    weights.put(name, values);
    tensors.put(
        name, cols == 1 ? Tensor.of(stored, values, rows) : Tensor.of(stored, values, rows, cols));
  }

  private void write(Path folder) throws IOException {
    add("model.embed_tokens.weight", VOCAB, WIDTH);
    add("model.norm.weight", WIDTH, 1);
    add("lm_head.weight", VOCAB, WIDTH);
    for (int layer = 0; layer < LAYERS; layer++) {
      String at = "model.layers." + layer + ".";
      add(at + "input_layernorm.weight", WIDTH, 1);
      add(at + "post_attention_layernorm.weight", WIDTH, 1);
      add(at + "self_attn.q_proj.weight", HEADS * HEAD, WIDTH);
      add(at + "self_attn.k_proj.weight", GROUPS * HEAD, WIDTH);
      add(at + "self_attn.v_proj.weight", GROUPS * HEAD, WIDTH);
      add(at + "self_attn.o_proj.weight", WIDTH, HEADS * HEAD);
      add(at + "mlp.gate_proj.weight", INNER, WIDTH);
      add(at + "mlp.up_proj.weight", INNER, WIDTH);
      add(at + "mlp.down_proj.weight", WIDTH, INNER);
    }
    Files.writeString(folder.resolve("config.json"), CONFIG);
    SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors.values(), Map.of());
  }

  private double[] times(String name, double[] x, int rows) {
    float[] w = weights.get(name);
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < x.length; c++) {
        y[r] += (double) w[r * x.length + c] * x[c];
      }
    }
    return y;
  }

  private double[] norm(String name, double[] x) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = weights.get(name)[i] * x[i] / Math.sqrt(squares / x.length + 1e-5);
    }
    return y;
  }

  /** YaRN: which pair turns how fast; both mscale keys are equal, so nothing else changes. */
  private static double frequency(int pair) {
    double base = 1e6;
    double plain = Math.pow(base, -2.0 * pair / HEAD);
    double low = Math.max(0, Math.floor(turns(32, base)));
    double high = Math.min(HEAD - 1, Math.ceil(turns(1, base)));
    double ramp = Math.min(1, Math.max(0, (pair - low) / Math.max(high - low, 0.001)));
    return plain * (1 - ramp) + plain / FACTOR * ramp;
  }

  private static double turns(double rotations, double base) {
    return HEAD * Math.log(ORIGINAL / (rotations * 2 * Math.PI)) / (2 * Math.log(base));
  }

  private static void rotate(double[] x, int at, int position) {
    for (int i = 0; i < HEAD / 2; i++) {
      double angle = position * frequency(i);
      double a = x[at + i];
      double b = x[at + i + HEAD / 2];
      x[at + i] = a * Math.cos(angle) - b * Math.sin(angle);
      x[at + i + HEAD / 2] = b * Math.cos(angle) + a * Math.sin(angle);
    }
  }

  private double[][] run(int[] ids) {
    double[][] x = new double[ids.length][WIDTH];
    for (int t = 0; t < ids.length; t++) {
      for (int i = 0; i < WIDTH; i++) {
        x[t][i] = weights.get("model.embed_tokens.weight")[ids[t] * WIDTH + i];
      }
    }
    for (int layer = 0; layer < LAYERS; layer++) {
      String at = "model.layers." + layer + ".";
      double[][] keys = new double[ids.length][];
      double[][] values = new double[ids.length][];
      for (int t = 0; t < ids.length; t++) {
        double[] h = norm(at + "input_layernorm.weight", x[t]);
        keys[t] = times(at + "self_attn.k_proj.weight", h, GROUPS * HEAD);
        values[t] = times(at + "self_attn.v_proj.weight", h, GROUPS * HEAD);
        for (int g = 0; g < GROUPS; g++) {
          rotate(keys[t], g * HEAD, t);
        }
        double[] q = times(at + "self_attn.q_proj.weight", h, HEADS * HEAD);
        for (int head = 0; head < HEADS; head++) {
          rotate(q, head * HEAD, t);
        }
        double growth = 1 + BETA * Math.log(1 + Math.floor((double) t / ORIGINAL));
        double[] z = attend(q, keys, values, t, growth);
        add(x[t], times(at + "self_attn.o_proj.weight", z, WIDTH));
        double[] u = norm(at + "post_attention_layernorm.weight", x[t]);
        double[] gate = times(at + "mlp.gate_proj.weight", u, INNER);
        double[] up = times(at + "mlp.up_proj.weight", u, INNER);
        for (int i = 0; i < INNER; i++) {
          gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        add(x[t], times(at + "mlp.down_proj.weight", gate, WIDTH));
      }
    }
    double[][] logits = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      logits[t] = times("lm_head.weight", norm("model.norm.weight", x[t]), VOCAB);
    }
    return logits;
  }

  private static double[] attend(
      double[] q, double[][] keys, double[][] values, int t, double growth) {
    double[] z = new double[HEADS * HEAD];
    for (int head = 0; head < HEADS; head++) {
      int group = head / (HEADS / GROUPS) * HEAD;
      double[] weights = new double[t + 1];
      double sum = 0;
      for (int j = 0; j <= t; j++) {
        double score = 0;
        for (int i = 0; i < HEAD; i++) {
          score += q[head * HEAD + i] * growth * keys[j][group + i];
        }
        weights[j] = Math.exp(score / Math.sqrt(HEAD));
        sum += weights[j];
      }
      for (int j = 0; j <= t; j++) {
        for (int i = 0; i < HEAD; i++) {
          z[head * HEAD + i] += weights[j] / sum * values[j][group + i];
        }
      }
    }
    return z;
  }

  private static void add(double[] to, double[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  @Test
  void saysWhatTheRestatementSays(@TempDir Path folder) throws IOException {
    write(folder);
    int[] ids = random.ints(30, 0, VOCAB).toArray();
    double[][] expected = run(ids);
    double worst = 0;
    try (LanguageModel model = Models.open(folder, new ScalarKernels())) {
      float[] logits = new float[ids.length * VOCAB];
      model.forward(Batch.prompt(ids, 0, ids.length, model.newCache(ids.length)));
      model.logits(0, ids.length, logits);
      for (int t = 0; t < ids.length; t++) {
        for (int i = 0; i < VOCAB; i++) {
          worst = Math.max(worst, Math.abs(expected[t][i] - logits[t * VOCAB + i]));
        }
      }
    }
    System.out.printf("%-40s %.1e  UNPROVEN, own restatement%n", "ministral3 (safetensors)", worst);
    assertEquals(0, worst, 1e-4);
  }
}
