package burhan.engine;

/** Somebody's wish that a generation should end; may be expressed from any thread, once. */
public final class Cancellation {
  private volatile boolean cancelled;

  /** Ends the generation within one step, with {@link Answer.FinishReason#CANCELLED}. */
  public void cancel() {
    cancelled = true;
  }

  public boolean isCancelled() {
    return cancelled;
  }
}
