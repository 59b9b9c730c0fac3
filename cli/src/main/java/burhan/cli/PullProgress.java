package burhan.cli;

import burhan.hub.PullListener;
import burhan.hub.PullPlan;
import burhan.hub.RepoFile;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows a pull on standard error: one line that moves on a terminal, a plain line every ten seconds
 * elsewhere. Knows bytes and time, no network.
 */
final class PullProgress implements PullListener {
  private static final long DRAWN_NANOS = 200_000_000L;
  private static final long PLAIN_NANOS = 10_000_000_000L;
  private static final double MEMORY_SECONDS = 8; // of the rate that is shown
  private static final int BAR = 24;

  private final Console console;
  private final long memoryBytes;
  private final LongSupplier nanos;
  private long total;
  private long here;
  private int files;
  private int finished;
  private long shown;
  private long shownHere;
  private double rate = Double.NaN; // bytes per second, smoothed

  /**
   * @param memoryBytes of this machine; a larger model is warned of before the long wait
   */
  PullProgress(Console console, long memoryBytes) {
    this(console, memoryBytes, System::nanoTime);
  }

  PullProgress(Console console, long memoryBytes, LongSupplier nanos) {
    this.console = console;
    this.memoryBytes = memoryBytes;
    this.nanos = nanos;
  }

  @Override
  public synchronized void planned(PullPlan plan) {
    total = plan.totalBytes();
    here = plan.hereBytes();
    files = plan.files().size();
    finished = 0;
    shown = nanos.getAsLong();
    shownHere = here;
    if (here == total) {
      return;
    }
    String license = plan.license().isEmpty() ? "" : ", licence " + plan.license();
    String before = here == 0 ? "" : ", %s of it here already".formatted(ShowCommand.bytes(here));
    console.error(
        "%s: %s in %s%s%s"
            .formatted(
                plan.name(),
                ShowCommand.bytes(total),
                files == 1 ? "1 file" : files + " files",
                before,
                license));
    if (total > memoryBytes) {
      console.error(
          "%s: that is more than the %s of memory here, it will be read from the disk for every token"
              .formatted(plan.name(), ShowCommand.bytes(memoryBytes)));
    }
  }

  @Override
  public synchronized void arrived(long bytes) {
    here += bytes;
    long now = nanos.getAsLong();
    long passed = now - shown;
    if (passed < (console.errIsTerminal() ? DRAWN_NANOS : PLAIN_NANOS)) {
      return;
    }
    double seconds = passed / 1e9;
    double current = Math.max(0, here - shownHere) / seconds;
    double keep = Math.exp(-seconds / MEMORY_SECONDS);
    rate = Double.isNaN(rate) ? current : keep * rate + (1 - keep) * current;
    shown = now;
    shownHere = here;
    show();
  }

  @Override
  public synchronized void finished(RepoFile file) {
    finished++;
  }

  @Override
  public synchronized void notice(String sentence) {
    console.error((console.errIsTerminal() ? "\r\u001b[K" : "") + sentence);
  }

  /** Takes the moving line away. */
  synchronized void end() {
    if (console.errIsTerminal()) {
      console.errorText("\r\u001b[K");
    }
  }

  private void show() {
    double share = total == 0 ? 1 : Math.clamp((double) here / total, 0.0, 1.0);
    String line =
        "%s of %s  %.0f %%  %s/s  %s"
            .formatted(
                ShowCommand.bytes(here),
                ShowCommand.bytes(total),
                Math.floor(100 * share),
                ShowCommand.bytes((long) rate),
                left());
    if (console.errIsTerminal()) {
      int full = (int) (share * BAR);
      console.errorText("\r\u001b[K[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + line);
    } else {
      console.error("%s  %d of %d files".formatted(line, finished, files));
    }
  }

  private String left() {
    if (rate < 1) {
      return "waiting";
    }
    Duration left = Duration.ofSeconds((long) ((total - here) / rate));
    return left.toHours() > 0
        ? "%dh%02dm left".formatted(left.toHours(), left.toMinutesPart())
        : "%dm%02ds left".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
