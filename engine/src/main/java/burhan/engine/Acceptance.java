package burhan.engine;

import java.util.Arrays;

/**
 * How often the guesses of one source were right in one sequence, and how many of them pay. Decides
 * by counts and two prices; knows no tokens and no clock.
 */
final class Acceptance {
  /** A new source is believed to be right this often, which no dearer guess is worth trying for. */
  static final double HOPE = 0.75;

  private static final double TRIED_AT_FIRST = 2; // as firmly as so many guesses would show
  private static final int REMEMBERED = 32; // guesses of a depth; older ones fade
  private static final int SHORTEST_PAUSE = 16;
  private static final int LONGEST_PAUSE = 512;

  private final double[] tried;
  private final double[] right;
  private int pause = SHORTEST_PAUSE;
  private int waiting;
  private int sinceTrial;
  private int failures;
  private double speedUp = 1;

  /**
   * @param deepest most guesses in a row
   */
  Acceptance(int deepest) {
    this.tried = new double[deepest];
    this.right = new double[deepest];
    hope();
  }

  /**
   * How many guesses to make now, given what they cost; 0 for none. What does not pay pauses, and
   * each time twice as long before it is tried again: turning on needs a trial, turning off a loss.
   *
   * @param most that are to be had
   * @param price of looking at one more guess, as a share of the step without any
   */
  int worth(int most, double price) {
    speedUp = 1;
    if (waiting > 0) {
      waiting--;
      if (waiting > 0) {
        return 0;
      }
      hope();
    }
    int best = 0;
    double chance = 1;
    double tokens = 1;
    for (int n = 1; n <= most; n++) {
      chance *= right[n - 1] / tried[n - 1];
      tokens += chance;
      double gain = tokens / (1 + n * price);
      if (gain > speedUp) {
        speedUp = gain;
        best = n;
      }
    }
    if (best == 0 && most > 0) {
      waiting = pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      failures++;
    }
    return best;
  }

  /** Expected tokens per step of the last answer, at its price; 1 without guesses. */
  double speedUp() {
    return speedUp;
  }

  /** How often it was found not to pay. */
  int failures() {
    return failures;
  }

  /** Takes note of one guess that was looked at, {@code depth} right ones behind a known token. */
  void count(int depth, boolean isRight) {
    if (tried[depth] >= REMEMBERED) {
      tried[depth] /= 2;
      right[depth] /= 2;
    }
    tried[depth]++;
    if (isRight) {
      right[depth]++;
    }
    sinceTrial++;
    if (sinceTrial == REMEMBERED) {
      pause = SHORTEST_PAUSE; // it paid for a while
    }
  }

  private void hope() {
    Arrays.fill(tried, TRIED_AT_FIRST);
    Arrays.fill(right, HOPE * TRIED_AT_FIRST);
    sinceTrial = 0;
  }
}
