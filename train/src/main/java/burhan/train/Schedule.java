package burhan.train;

/** The learning rate's way through a run, as a share of its peak; by tokens, never by time. */
public enum Schedule {
  /** Linear warm-up, then half a cosine down to the floor. */
  COSINE {
    @Override
    double afterWarmup(double progress, double floor) {
      return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
  },
  /** Warm-up, stable, decay: constant for four fifths, then linear to the floor. */
  WSD {
    @Override
    double afterWarmup(double progress, double floor) {
      return progress < 0.8 ? 1 : floor + (1 - floor) * (1 - progress) / 0.2;
    }
  };

  abstract double afterWarmup(double progress, double floor);

  /**
   * @param done tokens seen
   * @param warmup tokens of the linear rise
   * @param total tokens of the run
   * @param floor share of the peak at the end
   */
  double share(long done, long warmup, long total, double floor) {
    if (done < warmup) {
      return (done + 1.0) / (warmup + 1.0);
    }
    return afterWarmup(
        Math.clamp((done - warmup) / (double) Math.max(1, total - warmup), 0, 1), floor);
  }
}
