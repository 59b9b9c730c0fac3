package burhan.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An answer on its way from the thread that steps to whoever reads it. The reader never holds up a
 * step: what he has not taken lies here, and from {@link #MOST_PIECES} pieces on they grow into
 * each other, so that a slow reader gets fewer and longer ones and nothing is lost. No more lies
 * here than the answer itself, whose length the request has bounded. Knows no sequence.
 */
public final class Generation {
  private static final int MOST_PIECES = 64;
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  /** Text, or a token that somebody wants to look at. */
  private record Piece(boolean isThinking, StringBuilder text, @Nullable TokenChoice choice) {}

  private final GenerationRequest request;
  private final Cancellation cancellation;
  private final long submitNanos = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Deque<Piece> pieces = new ArrayDeque<>(); // guarded by lock, as all below
  private @Nullable Answer answer;
  private @Nullable Throwable failure;
  private Runnable told = () -> {};
  private Runnable onCancel = () -> {};

  Generation(GenerationRequest request, Cancellation cancellation) {
    this.request = request;
    this.cancellation = cancellation;
  }

  /** What was asked for. */
  public GenerationRequest request() {
    return request;
  }

  /** Ends it within one step; its memory is free then. */
  public void cancel() {
    cancellation.cancel();
  }

  /** Whether nothing more comes. */
  public boolean isFinished() {
    lock.lock();
    try {
      return answer != null || failure != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells the listener every piece, in the calling thread, and waits for the end. One thread may do
   * so, once. An exception of the listener cancels the generation; so does an interrupt, which
   * stays set.
   *
   * @throws burhan.tensor.BadInputException if the model cannot answer, such as with damaged
   *     weights
   */
  public Answer await(AnswerListener listener) {
    return await(listener, FOREVER);
  }

  /**
   * The same, and tells the listener each time that nothing came for so long.
   *
   * @param silence after which {@link AnswerListener#waiting} is called
   */
  public Answer await(AnswerListener listener, Duration silence) {
    try {
      Piece piece = next(listener, silence);
      while (piece != null) {
        String text = piece.text().toString();
        if (piece.choice() != null) {
          listener.token(piece.choice());
        } else if (piece.isThinking()) {
          listener.thinking(text);
        } else {
          listener.text(text);
        }
        piece = next(listener, silence);
      }
    } catch (RuntimeException | Error e) {
      cancel();
      throw e;
    }
    Answer whole = answer();
    listener.finish(whole);
    return whole;
  }

  /** Whether there is a piece or the end, after waiting for either. */
  private boolean hasNews(Duration silence) {
    lock.lock();
    try {
      long left = silence.toNanos();
      while (pieces.isEmpty() && answer == null && failure == null && left > 0) {
        try {
          left = news.awaitNanos(left);
        } catch (InterruptedException e) {
          cancelForInterrupt();
        }
      }
      return !pieces.isEmpty() || answer != null || failure != null;
    } finally {
      lock.unlock();
    }
  }

  /** The next piece, or null behind the last. */
  private @Nullable Piece next(AnswerListener listener, Duration silence) {
    while (!hasNews(silence)) {
      listener.waiting();
    }
    lock.lock();
    try {
      return pieces.poll();
    } finally {
      lock.unlock();
    }
  }

  /** The waiting thread is wanted elsewhere: the end comes soon, and is waited for. */
  private void cancelForInterrupt() {
    lock.unlock(); // whoever hears of the cancellation may want to finish this
    try {
      cancel();
    } finally {
      lock.lock();
    }
    while (answer == null && failure == null) {
      news.awaitUninterruptibly();
    }
    Thread.currentThread().interrupt();
  }

  private Answer answer() {
    lock.lock();
    try {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      if (answer == null) {
        throw new IllegalStateException("the answer is not finished");
      }
      return answer;
    } finally {
      lock.unlock();
    }
  }

  // What follows is for the thread that steps.

  Cancellation cancellation() {
    return cancellation;
  }

  long submitNanos() {
    return submitNanos;
  }

  /** Told once, when finished, in the thread that finishes it; to be set before that. */
  void whenFinished(Runnable listener) {
    told = listener;
  }

  /** What the cancellation is to run; it is taken back when this is finished. */
  Runnable onCancel(Runnable action) {
    lock.lock();
    try {
      onCancel = action;
      return action;
    } finally {
      lock.unlock();
    }
  }

  /** Whether its own limit of time is over. */
  boolean isLate(long nanoTime) {
    return request
        .timeLimit()
        .map(limit -> nanoTime - submitNanos >= limit.toNanos())
        .orElse(false);
  }

  void put(boolean isThinking, String text) {
    lock.lock();
    try {
      Piece last = pieces.peekLast();
      boolean isMore = last != null && last.choice() == null && last.isThinking() == isThinking;
      if (last != null && isMore && pieces.size() >= MOST_PIECES) {
        last.text().append(text);
      } else {
        pieces.add(new Piece(isThinking, new StringBuilder(text), null));
        news.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void put(TokenChoice choice) {
    lock.lock();
    try {
      pieces.add(new Piece(false, new StringBuilder(), choice));
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void finish(Answer whole) {
    end(whole, null);
  }

  void fail(Throwable cause) {
    end(null, cause);
  }

  private void end(@Nullable Answer whole, @Nullable Throwable cause) {
    lock.lock();
    try {
      if (answer != null || failure != null) {
        throw new IllegalStateException("the answer is finished already");
      }
      answer = whole;
      failure = cause;
      news.signalAll();
    } finally {
      lock.unlock();
    }
    cancellation.forget(onCancel);
    told.run();
  }
}
