package burhan.engine;

/**
 * What a step of the model costs by its rows, and a guess by the multi-token prediction: the
 * shortest times seen, which follow slowly when times grow with the context. Times of a busy
 * machine are noisy; an answer never depends on them, only on how many steps it takes.
 */
final class StepCosts {
  // Believed until measured: weights are read once for all rows of a step.
  private static final double ROW_AT_FIRST = 0.2;
  private static final double DRAFT_AT_FIRST = 0.1;
  private static final double FOLLOW = 1 / 16.0;
  private static final int MOST_WEIGHT = 16;
  private static final int ENOUGH = 8; // samples of a kind before they are believed
  private static final int STALE = 128; // steps, or sequences, until a bad price is doubted

  private final double[] nanos; // by rows
  private final int[] samples;
  private double draftNanos;
  private int drafts;
  private int guessing; // steps with guesses
  private int sinceGuessing;
  private int sequences;
  private boolean isFitted = true;
  private double fixed; // nanos of a step without rows
  private double perRow;

  /**
   * @param widest most rows of a step that are measured
   */
  StepCosts(int widest) {
    this.nanos = new double[widest + 1];
    this.samples = new int[widest + 1];
  }

  /**
   * A step is over.
   *
   * @param guesses how many of the rows
   */
  void stepTook(int rows, int guesses, long took) {
    sinceGuessing++;
    if (guesses > 0) {
      guessing++;
      sinceGuessing = 0;
    }
    if (rows < nanos.length) {
      nanos[rows] = samples[rows] == 0 ? (double) took : follow(nanos[rows], (double) took);
      samples[rows]++;
      isFitted = false;
    }
  }

  /**
   * The rows that the prediction saw, those of known tokens among them, are taken to cost the same.
   */
  void draftTook(int rows, long took) {
    drafts++;
    double each = (double) took / rows;
    draftNanos = draftNanos == 0 ? each : follow(draftNanos, each);
  }

  private static double follow(double known, double took) {
    return took < known ? took : known + FOLLOW * (took - known);
  }

  /** The price of one more row, as a share of a step of {@code rows} rows. */
  double row(int rows) {
    fit();
    double step = fixed + perRow * rows;
    return step <= 0 ? ROW_AT_FIRST : perRow / step;
  }

  /** The price of a guess, for each of {@code rows} sequences, as a share of their step. */
  double draft(int rows) {
    fit();
    double step = fixed + perRow * rows;
    return step <= 0 || draftNanos == 0 ? DRAFT_AT_FIRST : rows * draftNanos / step;
  }

  /** Whether a step with guesses is wanted whatever it costs, because the price is not known. */
  boolean isUnsure() {
    return guessing < ENOUGH || sinceGuessing >= STALE;
  }

  /** Whether the model's predictions cost more than anybody would try them for. */
  boolean isPredictionHopeless() {
    sequences++;
    return guessing >= ENOUGH
        && drafts >= ENOUGH
        && row(1) + draft(1) >= Acceptance.HOPE
        && sequences % STALE != 0;
  }

  /** A line through the times, by least squares; more samples weigh more, up to a limit. */
  private void fit() {
    if (isFitted) {
      return;
    }
    isFitted = true;
    double weights = 0;
    double meanRows = 0;
    double meanNanos = 0;
    for (int rows = 1; rows < nanos.length; rows++) {
      double weight = Math.min(samples[rows], MOST_WEIGHT);
      weights += weight;
      meanRows += weight * rows;
      meanNanos += weight * nanos[rows];
    }
    meanRows /= weights;
    meanNanos /= weights;
    double squares = 0;
    double products = 0;
    for (int rows = 1; rows < nanos.length; rows++) {
      double weight = Math.min(samples[rows], MOST_WEIGHT);
      squares += weight * (rows - meanRows) * (rows - meanRows);
      products += weight * (rows - meanRows) * (nanos[rows] - meanNanos);
    }
    // A row costs something, and no more than a step of its own.
    double most = meanNanos / meanRows;
    perRow = squares == 0 ? ROW_AT_FIRST * most : Math.clamp(products / squares, 0, most);
    fixed = meanNanos - perRow * meanRows;
  }
}
