package burhan.eval;

/**
 * A share with its 95 % Wilson score interval, which stays inside 0 to 1 and is right for shares
 * near the ends, where scores of arithmetic live.
 *
 * @param hits successes
 * @param total trials, at least 1
 */
public record Proportion(int hits, int total) {
  private static final double Z = 1.959964;

  public Proportion {
    if (total < 1 || hits < 0 || hits > total) {
      throw new IllegalArgumentException(hits + " of " + total + " is no share");
    }
  }

  public double share() {
    return (double) hits / total;
  }

  /** Lower end of the interval. */
  public double low() {
    return Math.max(0, centre() - halfWidth());
  }

  /** Upper end of the interval. */
  public double high() {
    return Math.min(1, centre() + halfWidth());
  }

  private double centre() {
    return (share() + Z * Z / (2 * total)) / (1 + Z * Z / total);
  }

  private double halfWidth() {
    double p = share();
    return Z * Math.sqrt(p * (1 - p) / total + Z * Z / (4.0 * total * total)) / (1 + Z * Z / total);
  }
}
