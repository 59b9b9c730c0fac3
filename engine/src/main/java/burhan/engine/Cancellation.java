package burhan.engine;

import java.util.ArrayList;
import java.util.List;

/** Somebody's wish that a generation should end; may be expressed from any thread, once. */
public final class Cancellation {
  private final List<Runnable> told = new ArrayList<>(); // guarded by itself
  private volatile boolean cancelled;

  /** Ends the generation within one step, with {@link Answer.FinishReason#CANCELLED}. */
  public void cancel() {
    List<Runnable> tell;
    synchronized (told) {
      cancelled = true;
      tell = List.copyOf(told);
      told.clear();
    }
    tell.forEach(Runnable::run);
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** Runs it when cancelled, in the cancelling thread; at once if that has happened. */
  void tell(Runnable action) {
    synchronized (told) {
      if (!cancelled) {
        told.add(action);
        return;
      }
    }
    action.run();
  }

  /** Forgets what {@link #tell} was given: one cancellation may outlive many generations. */
  void forget(Runnable action) {
    synchronized (told) {
      told.remove(action);
    }
  }
}
