package burhan.engine;

import java.time.Duration;

/** The line of waiting requests is full; a server answers 429 with the time to retry after. */
public final class BusyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  BusyException(int waiting, Duration retryAfter) {
    super(
        "%d requests are waiting already, which is as many as may; try again in about %d s"
            .formatted(waiting, retryAfter.toSeconds()));
    this.retryAfter = retryAfter;
  }

  /** When there should be room, judged by how long answers took so far; at least a second. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
