package burhan.train;

/** Where training documents come from. */
@FunctionalInterface
public interface SampleSource {
  /**
   * A pure function of its arguments and the source's own seed, which makes a resumed run exact.
   *
   * @param index number of the sample, counted over the whole run
   * @param progress 0 at the start of the run, 1 at its end, for curricula
   */
  Sample sample(long index, double progress);
}
