package burhan.hub;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** The attempts at one thing: waits between them, and says in one sentence when it is enough. */
final class Attempts {
  /** Failures in all, however much came between them: a server may not keep us for ever. */
  private static final int MOST_FAILURES = 100;

  private static final int MOST_CALLS = 3;

  private final String what;
  private final Patience patience;
  private final PullListener listener;
  private int failures;
  private int inRow;

  /**
   * @param what is attempted, to begin a sentence with
   */
  Attempts(String what, Patience patience, PullListener listener) {
    this.what = what;
    this.patience = patience;
    this.listener = listener;
  }

  /** Something has come through: what follows is a new trouble. */
  void progressed() {
    inRow = 0;
  }

  /**
   * Waits before the next attempt.
   *
   * @throws BadInputException if there should be none
   */
  void failed(IOException e) {
    if (e instanceof SSLHandshakeException) {
      throw new BadInputException(
          "%s: no secure connection (%s); behind a proxy that inspects traffic, give Java its certificate"
              .formatted(what, reason(e)),
          e);
    }
    failures++;
    inRow++;
    // Who has never been reached is probably not there; no reason to wait long.
    boolean isUnreached = e instanceof ConnectException && failures == inRow;
    int tries = isUnreached ? Math.min(MOST_CALLS, patience.tries()) : patience.tries();
    if (inRow >= tries || failures >= MOST_FAILURES) {
      throw new BadInputException(
          "%s: %s, %d times in a row; try later, or set HF_ENDPOINT to a mirror"
              .formatted(what, reason(e), inRow),
          e);
    }
    Duration wait = patience.wait(inRow);
    Duration wish = e instanceof TryAgain again ? again.wish() : null;
    if (wish != null && wish.compareTo(patience.longestWish()) > 0) {
      throw new BadInputException(
          "%s: %s, and the server asks to wait %d minutes; pull again then, what has arrived is kept"
              .formatted(what, reason(e), wish.toMinutes()),
          e);
    }
    if (wish != null && wish.compareTo(wait) > 0) {
      wait = wish;
    }
    listener.notice("%s: %s; next attempt in %s".formatted(what, reason(e), said(wait)));
    sleep(wait);
  }

  private static String said(Duration wait) {
    return wait.toSeconds() > 0 ? wait.toSeconds() + " s" : wait.toMillis() + " ms";
  }

  private static void sleep(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInputException("the download was stopped; what has arrived is kept", e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case TryAgain again -> text(again);
      case RangeRefused refused -> text(refused);
      case HttpTimeoutException timeout -> "no answer in time";
      case ConnectException refused -> isUnresolved(refused) ? "no such host" : "no connection";
      case SSLException broken -> "the secure connection broke (" + text(broken) + ")";
      default -> "the connection broke (" + text(e) + ")";
    };
  }

  private static boolean isUnresolved(@Nullable Throwable e) {
    return e != null && (e instanceof UnresolvedAddressException || isUnresolved(e.getCause()));
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    return FileNames.printable(message == null ? e.getClass().getSimpleName() : message);
  }
}
