package burhan.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A token of an answer and what the model thought of it, before bias, penalties and temperature.
 *
 * @param likeliest the likeliest tokens, as many as were asked for, the likeliest first
 */
public record TokenChoice(Candidate token, List<Candidate> likeliest) {
  /**
   * A token with the natural logarithm of its probability.
   *
   * @param id in the vocabulary
   */
  public record Candidate(int id, double logProbability) {}

  /**
   * Looks at one row.
   *
   * @param logits [vocab]
   * @param token the one that was taken
   * @param most of the likeliest ones
   */
  static TokenChoice of(float[] logits, int token, int most) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    double norm = largest + Math.log(sum);
    List<Candidate> best = new ArrayList<>();
    for (int id = 0; id < logits.length; id++) {
      boolean isFull = best.size() == most;
      if (most > 0 && (!isFull || logits[id] - norm > best.getLast().logProbability())) {
        if (isFull) {
          best.removeLast();
        }
        best.add(new Candidate(id, logits[id] - norm));
        best.sort(Comparator.comparingDouble(Candidate::logProbability).reversed());
      }
    }
    return new TokenChoice(new Candidate(token, logits[token] - norm), List.copyOf(best));
  }
}
