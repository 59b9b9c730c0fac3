package burhan.train;

import burhan.model.DeepSeekConfig;

/**
 * Chooses experts from scores: bias-corrected, group-limited top-k with the lowest index winning
 * ties. Knows scores, not what an expert computes. Dropped groups are masked with minus infinity,
 * as in DeepSeek's own code.
 */
final class Router {
  private final int experts;
  private final int chosen;
  private final int groups;
  private final int keptGroups;
  private final boolean limited;
  private final boolean biased;

  Router(DeepSeekConfig config) {
    experts = config.nRoutedExperts();
    chosen = config.numExpertsPerTok();
    biased = config.topkMethod().equals("noaux_tc");
    limited = biased || config.topkMethod().equals("group_limited_greedy");
    groups = limited ? config.nGroup() : 1;
    keptGroups = limited ? config.topkGroup() : 1;
  }

  /**
   * @param scores [rows, experts]
   * @param bias [experts], used for choosing only
   * @return [rows, chosen] expert numbers, best first
   */
  int[] choose(float[] scores, float[] bias) {
    int rows = scores.length / experts;
    int[] out = new int[rows * chosen];
    float[] choice = new float[experts];
    float[] groupScore = new float[groups];
    for (int r = 0; r < rows; r++) {
      for (int e = 0; e < experts; e++) {
        choice[e] = scores[r * experts + e] + (biased ? bias[e] : 0);
      }
      if (groups > keptGroups) {
        dropGroups(choice, groupScore);
      }
      for (int k = 0; k < chosen; k++) {
        int best = 0;
        for (int e = 1; e < experts; e++) {
          if (choice[e] > choice[best]) {
            best = e;
          }
        }
        out[r * chosen + k] = best;
        choice[best] = Float.NEGATIVE_INFINITY;
      }
    }
    return out;
  }

  private void dropGroups(float[] choice, float[] groupScore) {
    int size = experts / groups;
    for (int g = 0; g < groups; g++) {
      float first = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (int e = g * size; e < (g + 1) * size; e++) {
        if (choice[e] > first) {
          second = first;
          first = choice[e];
        } else if (choice[e] > second) {
          second = choice[e];
        }
      }
      // V3 (noaux_tc) adds the two best of a group, V2 takes the best.
      groupScore[g] = biased ? first + second : first;
    }
    for (int drop = groups; drop > keptGroups; drop--) {
      int worst = -1;
      for (int g = 0; g < groups; g++) {
        // >= lets the lowest index survive a tie.
        if (groupScore[g] != Float.POSITIVE_INFINITY
            && (worst < 0 || groupScore[g] <= groupScore[worst])) {
          worst = g;
        }
      }
      groupScore[worst] = Float.POSITIVE_INFINITY;
      java.util.Arrays.fill(choice, worst * size, (worst + 1) * size, Float.NEGATIVE_INFINITY);
    }
  }
}
