package burhan.train;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Shows a run to a person: one line that moves on a terminal, a plain line every few seconds
 * elsewhere. The caller says where to and whether it is a terminal.
 */
public final class ConsoleProgress implements ProgressListener {
  private static final long PLAIN_MILLIS = 10_000;
  private static final int BAR = 24;

  private final PrintStream out;
  private final boolean terminal;
  private final long started = System.nanoTime();
  private long printed;
  private double firstShare = Double.NaN; // a resumed run has not done its first part in this time
  private double loss = Double.NaN;
  private double speed = Double.NaN;

  /**
   * @param terminal whether a line may be drawn over
   */
  public ConsoleProgress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void step(StepMetrics m, double share) {
    loss = Double.isNaN(loss) ? m.loss() : 0.95 * loss + 0.05 * m.loss();
    speed = Double.isNaN(speed) ? m.tokensPerSecond() : 0.9 * speed + 0.1 * m.tokensPerSecond();
    firstShare = Double.isNaN(firstShare) ? share : firstShare;
    long now = System.nanoTime();
    if (share < 1 && now - printed < (terminal ? 200 : PLAIN_MILLIS) * 1_000_000L) {
      return;
    }
    printed = now;
    double seconds = (now - started) / 1e9;
    double done = share - firstShare;
    long left = done <= 0 ? 0 : (long) (seconds * (1 - share) / done);
    String line =
        "step %,d  %.2fM tokens  loss %.4f  %,.0f tokens/s  %.1f %%  %s left"
            .formatted(m.step(), m.tokens() / 1e6, loss, speed, 100 * share, clock(left));
    if (terminal) {
      int full = (int) (share * BAR);
      out.print("\r\u001b[K[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  @Override
  public void checkpoint(Path folder) {
    message("saved " + folder);
  }

  @Override
  public void message(String line) {
    out.println(terminal ? "\r\u001b[K" + line : line);
  }

  private static String clock(long seconds) {
    Duration d = Duration.ofSeconds(seconds);
    return d.toHours() > 0
        ? "%dh%02dm".formatted(d.toHours(), d.toMinutesPart())
        : "%dm%02ds".formatted(d.toMinutes(), d.toSecondsPart());
  }
}
