package burhan.cli;

import java.time.Duration;

/**
 * How far long work is: one line that moves on a terminal, a plain line every few seconds
 * elsewhere, both on standard error. Knows no kind of work.
 */
final class ProgressBar {
  private static final int WIDTH = 24;
  private static final long TERMINAL_MILLIS = 100;
  private static final long PLAIN_MILLIS = 10_000;

  private final Console console;
  private final String label;
  private final long total;
  private final long started = System.nanoTime();
  private long shown;

  /**
   * @param label what is being done
   * @param total of whatever is counted
   */
  ProgressBar(Console console, String label, long total) {
    this.console = console;
    this.label = label;
    this.total = Math.max(1, total);
    this.shown = started;
  }

  /** Shows that so much of the total is done, unless it showed something a moment ago. */
  void at(long done) {
    long now = System.nanoTime();
    long pause = console.errIsTerminal() ? TERMINAL_MILLIS : PLAIN_MILLIS;
    if (now - shown < pause * 1_000_000) {
      return;
    }
    shown = now;
    double share = (double) done / total;
    double seconds = (now - started) / 1e9;
    String left = done == 0 ? "" : "  " + clock((long) (seconds * (1 - share) / share)) + " left";
    String line = "%s %3.0f %%%s".formatted(label, 100 * share, left);
    if (console.errIsTerminal()) {
      int full = (int) (share * WIDTH);
      console.errorText("\r\u001b[K[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + line);
    } else {
      console.error(line);
    }
  }

  /** Takes the line away. */
  void end() {
    if (console.errIsTerminal()) {
      console.errorText("\r\u001b[K");
    }
  }

  private static String clock(long seconds) {
    Duration left = Duration.ofSeconds(seconds);
    return left.toHours() > 0
        ? "%dh%02dm".formatted(left.toHours(), left.toMinutesPart())
        : "%dm%02ds".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
