package burhan.nn;

import burhan.kernel.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Chooses experts for a row (DeepSeek-V3 report, equations 12 to 16). Knows scores and groups, not
 * what an expert computes.
 *
 * <p>{@code s = sigmoid(W x)} or {@code softmax(W x)}; the choice is made on {@code s + b}, the
 * weights come from {@code s} alone. Dropped groups are masked with minus infinity, as in
 * DeepSeek's code; ties go to the lowest index.
 */
public final class Router {
  /** How a group of experts is scored. */
  public enum GroupScore {
    /** Its best biased score (V2, {@code group_limited_greedy}). */
    BEST,
    /** The sum of its two best biased scores (V3, {@code noaux_tc}). */
    BEST_TWO
  }

  /**
   * The numbers of a config.
   *
   * @param topK experts per row
   * @param groups 1 for no groups
   * @param keptGroups groups that stay in the choice
   * @param sigmoid sigmoid scores, otherwise softmax
   * @param normalise weights divided by their sum + 1e-20
   * @param scale what the weights are multiplied with at the end
   */
  public record Rule(
      int topK,
      int groups,
      int keptGroups,
      GroupScore groupScore,
      boolean sigmoid,
      boolean normalise,
      float scale) {
    /** Softmax scores without groups or scale. */
    public static Rule softmax(int topK, boolean normalise) {
      return new Rule(topK, 1, 1, GroupScore.BEST, false, normalise, 1);
    }
  }

  private final Matrix gate; // [experts, width]
  private final float @Nullable [] bias; // [experts], for the choice only
  private final Rule rule;
  private final float[] choice;
  private final float[] groupScores;

  /**
   * @param bias {@code e_score_correction_bias}, or null
   */
  public Router(Matrix gate, float @Nullable [] bias, Rule rule) {
    this.gate = gate;
    this.bias = bias;
    this.rule = rule;
    this.choice = new float[gate.rows()];
    this.groupScores = new float[rule.groups()];
  }

  int experts() {
    return gate.rows();
  }

  int topK() {
    return rule.topK();
  }

  /**
   * Scores of every row.
   *
   * @param scores [rows, experts], overwritten
   */
  void score(float[] x, int rows, float[] scores) {
    int experts = gate.rows();
    gate.multiply(x, 0, rows, scores, 0);
    for (int r = 0; r < rows; r++) {
      if (rule.sigmoid()) {
        for (int e = r * experts; e < (r + 1) * experts; e++) {
          scores[e] = (float) (1 / (1 + Math.exp(-scores[e])));
        }
      } else {
        softmax(scores, r * experts, experts);
      }
    }
  }

  private static void softmax(float[] x, int at, int n) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      largest = Math.max(largest, x[i]);
    }
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += Math.exp(x[i] - largest);
    }
    for (int i = at; i < at + n; i++) {
      x[i] = (float) (Math.exp(x[i] - largest) / sum);
    }
  }

  /**
   * Chooses for one row.
   *
   * @param scores [experts] from index {@code at}
   * @param indices receives topK experts from index {@code outAt}, best choice first
   * @param weights receives their weights
   */
  void choose(float[] scores, int at, int[] indices, float[] weights, int outAt) {
    for (int e = 0; e < choice.length; e++) {
      choice[e] = scores[at + e] + (bias == null ? 0 : bias[e]);
    }
    maskDroppedGroups();
    float sum = 0;
    for (int k = 0; k < rule.topK(); k++) {
      int best = best(choice, 0, choice.length);
      choice[best] = Float.NEGATIVE_INFINITY;
      indices[outAt + k] = best;
      weights[outAt + k] = scores[at + best];
      sum += scores[at + best];
    }
    float factor = rule.scale() / (rule.normalise() ? sum + 1e-20f : 1);
    for (int k = 0; k < rule.topK(); k++) {
      weights[outAt + k] *= factor;
    }
  }

  private void maskDroppedGroups() {
    if (rule.keptGroups() == rule.groups()) {
      return;
    }
    int size = choice.length / rule.groups();
    for (int g = 0; g < rule.groups(); g++) {
      groupScores[g] = groupScore(g * size, size);
    }
    for (int kept = 0; kept < rule.keptGroups(); kept++) {
      groupScores[best(groupScores, 0, groupScores.length)] = Float.NaN; // NaN marks a kept group
    }
    for (int e = 0; e < choice.length; e++) {
      if (!Float.isNaN(groupScores[e / size])) {
        choice[e] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private float groupScore(int from, int size) {
    int first = best(choice, from, size);
    if (rule.groupScore() == GroupScore.BEST) {
      return choice[first];
    }
    float second = Float.NEGATIVE_INFINITY;
    for (int e = from; e < from + size; e++) {
      if (e != first) {
        second = Math.max(second, choice[e]);
      }
    }
    return choice[first] + second;
  }

  /** Index of the largest number, the lowest index among equals; NaN is skipped. */
  private static int best(float[] x, int from, int n) {
    int best = -1;
    for (int i = from; i < from + n; i++) {
      if (!Float.isNaN(x[i]) && (best < 0 || x[i] > x[best])) {
        best = i;
      }
    }
    return Math.max(best, from);
  }
}
