package burhan.hub;

import java.time.Duration;

/**
 * How often to try again and how long to wait before it. Knows no network.
 *
 * @param tries without a byte between them, the first included
 * @param first wait; every further one is twice as long
 * @param longest wait
 * @param longestWish the longest wait that a server may ask for
 */
record Patience(int tries, Duration first, Duration longest, Duration longestWish) {
  static final Patience USUAL =
      new Patience(6, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5));

  /**
   * The wait after so many failures, up to a fifth shorter so that clients do not march in step.
   */
  Duration wait(int failures) {
    double doubled = first.toMillis() * Math.pow(2, failures - 1.0);
    double millis = Math.min((double) longest.toMillis(), doubled);
    return Duration.ofMillis((long) (millis * (1 - 0.2 * Math.random())));
  }
}
