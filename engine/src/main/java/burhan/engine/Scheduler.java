package burhan.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * From waiting to finished: one thread admits, steps and hands out, any thread may submit, cancel
 * and stop. A sequence starts when it has a place and all the memory that it can come to need. The
 * thread lives while there is work and a little longer. Knows no text and no kernels.
 */
final class Scheduler {
  private static final long LINGER_NANOS = 2_000_000_000; // a chat's thread keeps its buffers warm
  private static final double FOLLOW = 1 / 8.0;

  private final Engine engine;
  private final EngineOptions options;
  private final ContinuousBatch batch; // the stepping thread's, as budget
  private final CacheBudget budget;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final WaitingLine line = new WaitingLine(); // guarded by lock, as all below
  private @Nullable Thread thread;
  private int running;
  private long promised;
  private boolean isStopping;
  private boolean isEnding;
  private boolean isClosed;
  private double answerNanos; // from turn to end, as of late

  Scheduler(Engine engine, EngineOptions options, CacheBudget budget, StepCosts costs) {
    this.engine = engine;
    this.options = options;
    this.budget = budget;
    this.batch = new ContinuousBatch(engine.model(), costs);
  }

  /**
   * Puts a request in line.
   *
   * @param isBounded whether a full line refuses it; who waits with a thread of his own may stand
   *     in any line
   * @throws BusyException if the line is full
   * @throws IllegalStateException if the engine is closed, or about to be
   */
  void submit(Generation generation, boolean isBounded) {
    Cancellation cancellation = generation.cancellation();
    Runnable leave = generation.onCancel(() -> leave(generation));
    cancellation.tell(leave);
    try {
      enter(generation, isBounded);
    } catch (RuntimeException e) {
      cancellation.forget(leave);
      throw e;
    }
    if (cancellation.isCancelled()) {
      leave(generation); // it may have been before there was anything to leave
    }
  }

  private void enter(Generation generation, boolean isBounded) {
    lock.lock();
    try {
      if (isStopping) {
        throw new IllegalStateException("the engine is closed");
      }
      boolean hasPlace = running < options.mostRunning() && line.size() == 0;
      if (isBounded && !hasPlace && line.size() >= options.mostWaiting()) {
        throw new BusyException(line.size(), retryAfter());
      }
      line.add(generation);
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("burhan-engine").start(this::run);
      }
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Judged by the answers so far: how long until as many have ended as are in line. */
  private Duration retryAfter() {
    double each = answerNanos / Math.max(1, running);
    return Duration.ofSeconds(Math.clamp((long) Math.ceil(each * (line.size() + 1) / 1e9), 1, 600));
  }

  /** A cancelled request leaves the line at once; one that runs is seen before the next step. */
  private void leave(Generation generation) {
    boolean waited;
    lock.lock();
    try {
      waited = line.remove(generation);
    } finally {
      lock.unlock();
    }
    if (waited) {
      finish(generation, Answer.FinishReason.CANCELLED);
    }
  }

  private static void finish(Generation generation, Answer.FinishReason reason) {
    generation.finish(Answer.none(reason, generation.request().prompt().ids().length));
  }

  EngineLoad load() {
    lock.lock();
    try {
      return new EngineLoad(running, line.size(), promised, budget.limit());
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitWork()) {
      try {
        cycle();
      } catch (RuntimeException | Error e) {
        // Whatever it was, the next request may succeed.
        batch.failAll(e);
      }
      handOut();
    }
  }

  /** One turn of the loop. */
  private void cycle() {
    // 1. Who leaves makes room.
    batch.finishUnwanted();
    if (isEnding()) {
      batch.finishAll(Answer.FinishReason.CANCELLED);
    }
    handOut();
    // 2. Who waits and fits joins.
    admit();
    // 3. A step for all.
    batch.step();
  }

  /** Whether there is something to do; if not for a while, the thread is let go. */
  private boolean awaitWork() {
    lock.lock();
    try {
      long left = LINGER_NANOS;
      while (running == 0 && line.size() == 0) {
        if (isEnding || left <= 0) {
          thread = null;
          if (isEnding) {
            close();
          }
          change.signalAll();
          return false;
        }
        try {
          left = change.awaitNanos(left);
        } catch (InterruptedException e) {
          left = 0; // nobody has a reason to interrupt this thread; a new one may be started
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void admit() {
    for (Generation late : lateOnes()) {
      finish(late, Answer.FinishReason.TIMEOUT);
    }
    Generation next = nextThatFits();
    while (next != null) {
      start(next);
      next = nextThatFits();
    }
  }

  private List<Generation> lateOnes() {
    lock.lock();
    try {
      long now = System.nanoTime();
      return line.removeIf(generation -> generation.isLate(now));
    } finally {
      lock.unlock();
    }
  }

  /** Takes out whose turn it is, with a place and memory promised, or null if there is none. */
  private @Nullable Generation nextThatFits() {
    lock.lock();
    try {
      Generation next = line.peek();
      if (next == null || running == options.mostRunning()) {
        return null;
      }
      long bytes = budget.bytes(engine.mostTokens(next.request()) + next.request().promptTokens());
      if (!budget.fits(bytes)) {
        return null;
      }
      budget.take(bytes);
      promised = budget.used();
      running++;
      return line.remove();
    } finally {
      lock.unlock();
    }
  }

  private void start(Generation generation) {
    int most = engine.mostTokens(generation.request());
    long bytes = budget.bytes(most + generation.request().promptTokens());
    try {
      boolean guesses = batch.size() < ContinuousBatch.MOST_GUESSING;
      batch.add(new Sequence(engine, generation, guesses, most, bytes));
    } catch (RuntimeException | Error e) {
      free(bytes, 0);
      generation.fail(e);
    }
  }

  /** Frees the memory of those that have ended, and only then tells. */
  private void handOut() {
    for (Sequence sequence : batch.removeFinished()) {
      free(sequence.cacheBytes(), sequence.nanos());
      sequence.publish();
    }
  }

  private void free(long bytes, long nanos) {
    lock.lock();
    try {
      budget.give(bytes);
      promised = budget.used();
      running--;
      if (nanos > 0) {
        answerNanos =
            answerNanos == 0 ? (double) nanos : answerNanos + FOLLOW * (nanos - answerNanos);
      }
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnding() {
    lock.lock();
    try {
      return isEnding;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes nothing more, cancels who waits, lets the running ones finish for as long as {@code
   * grace}, then ends them as cancelled and closes the model. A listener's thread may do this too;
   * the stepping thread itself does not wait for its own end.
   */
  void stop(Duration grace) {
    List<Generation> waiting = new ArrayList<>();
    lock.lock();
    try {
      isStopping = true;
      waiting.addAll(line.removeIf(generation -> true));
    } finally {
      lock.unlock();
    }
    waiting.forEach(generation -> finish(generation, Answer.FinishReason.CANCELLED));
    lock.lock();
    try {
      awaitIdle(grace.toNanos());
      isEnding = true;
      change.signalAll();
      if (isSteppingThread()) {
        return;
      }
      while (thread != null) {
        change.awaitUninterruptibly();
      }
      close();
    } finally {
      lock.unlock();
    }
  }

  private boolean isSteppingThread() {
    return Thread.currentThread().equals(thread);
  }

  private void awaitIdle(long nanos) {
    long left = isSteppingThread() ? 0 : nanos;
    while (running > 0 && left > 0 && !isEnding) {
      try {
        left = change.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // whoever hurries gets no grace
        left = 0;
      }
    }
  }

  private void close() {
    if (!isClosed) {
      isClosed = true;
      engine.model().close();
    }
  }
}
