package burhan.train;

import java.nio.file.Path;

/** Told how a run goes; prints nothing by itself. Called on the training thread. */
public interface ProgressListener {
  /**
   * @param metrics of the step just done
   * @param share of the run's budget that is done, 0 to 1
   */
  void step(StepMetrics metrics, double share);

  /** A checkpoint is complete on disk. */
  void checkpoint(Path folder);

  /** One line for the reader of the log. */
  void message(String line);
}
