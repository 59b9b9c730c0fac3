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
  private static final int BLOCK = CacheBudget.BLOCK_TOKENS;

  private final Engine engine;
  private final EngineOptions options;
  private final ContinuousBatch batch; // the stepping thread's, as the two below
  private final CacheBudget budget;
  private final PrefixCache prefixes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final WaitingLine line = new WaitingLine(); // guarded by lock, as all below
  private @Nullable Thread thread;
  private int running;
  private long promised;
  private long kept;
  private boolean isStopping;
  private boolean isEnding;
  private boolean isClosed;
  private double answerNanos; // from turn to end, as of late

  Scheduler(Engine engine, EngineOptions options, CacheBudget budget, StepCosts costs) {
    this.engine = engine;
    this.options = options;
    this.budget = budget;
    this.prefixes = new PrefixCache(options.prefixBytes().orElse(budget.limit()));
    this.batch =
        new ContinuousBatch(
            engine.model(),
            costs,
            // The rest of its last block is still being written.
            sequence -> keep(sequence, sequence.prompt().length / BLOCK * BLOCK));
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
      return new EngineLoad(running, line.size(), promised, kept, budget.limit());
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
    boolean more = true;
    while (more) {
      more = startNext();
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

  /** Starts whose turn it is, if there are a place and memory; returns whether it did. */
  private boolean startNext() {
    Generation next;
    lock.lock();
    try {
      next = running < options.mostRunning() ? line.peek() : null;
    } finally {
      lock.unlock();
    }
    if (next == null) {
      return false;
    }
    GenerationRequest request = next.request();
    int[] prompt = request.prompt().ids();
    int most = engine.mostTokens(request);
    // 1. What is known of the prompt need not be promised; what others left makes room.
    PrefixCache.Match match = prefixes.enter(request.tenant(), prompt, prompt.length - 1);
    long bytes = budget.bytes(prompt.length + most) - match.wholeBytes();
    boolean fits = makeRoom(bytes);
    if (fits) {
      // Whole blocks have stayed, but a tail to be copied may have made room.
      prefixes.leave(match);
      match = prefixes.enter(request.tenant(), prompt, prompt.length - 1);
    }
    if (!fits || !take(next, bytes)) {
      prefixes.leave(match);
      return false;
    }
    // 2. It runs from now on.
    try {
      boolean guesses = batch.size() < ContinuousBatch.MOST_GUESSING;
      batch.add(new Sequence(engine, next, guesses, most, match, bytes));
    } catch (RuntimeException | Error e) {
      prefixes.leave(match);
      free(bytes, 0);
      next.fail(e);
    }
    return true;
  }

  private boolean makeRoom(long bytes) {
    long missing = bytes - (budget.left() - prefixes.bytes());
    if (missing > prefixes.evictableBytes()) {
      return false;
    }
    while (bytes > budget.left() - prefixes.bytes()) {
      prefixes.evict();
    }
    return true;
  }

  /** Takes it out of the line, unless it has left meanwhile. */
  private boolean take(Generation next, long bytes) {
    lock.lock();
    try {
      if (!line.remove(next)) {
        return false;
      }
      budget.take(bytes);
      running++;
      note();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Copies for those who ask about the load. */
  private void note() {
    promised = budget.used();
    kept = prefixes.bytes();
  }

  private void keep(Sequence sequence, int most) {
    long bytes = sequence.keep(prefixes, most);
    lock.lock();
    try {
      budget.give(bytes);
      note();
    } finally {
      lock.unlock();
    }
  }

  /** Frees the memory of those that have ended, and only then tells. */
  private void handOut() {
    for (Sequence sequence : batch.removeFinished()) {
      if (!sequence.isFailed()) {
        // Generated rows are kept where they are what a prompt's rows would be.
        int most = engine.model().phasesAgree() ? Integer.MAX_VALUE : sequence.prompt().length;
        keep(sequence, most);
      }
      sequence.close(prefixes);
      free(sequence.cacheBytes(), sequence.nanos());
      sequence.publish();
    }
  }

  private void free(long bytes, long nanos) {
    lock.lock();
    try {
      budget.give(bytes);
      running--;
      note();
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
      prefixes.clear();
      note();
      engine.model().close();
    }
  }
}
