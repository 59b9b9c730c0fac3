package burhan.cli;

import burhan.model.LoadListener;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far the opening of a large model is: one line that moves on a terminal's standard error and
 * goes away. Nothing elsewhere, and nothing for what is open in a moment.
 */
final class OpeningLine implements LoadListener, AutoCloseable {
  private static final double SILENT_SECONDS = 0.5;
  private static final double PAUSE_SECONDS = 0.1;
  private static final int LONGEST_NAME = 40; // the line must not break

  private final Console console;
  private final String name;
  private final LongSupplier nanos;
  private final long started;
  private double shown = SILENT_SECONDS - PAUSE_SECONDS; // seconds after the start
  private boolean isShown;

  /**
   * @param model as it was asked for, a path or a name
   */
  OpeningLine(Console console, String model) {
    this(console, model, System::nanoTime);
  }

  OpeningLine(Console console, String model, LongSupplier nanos) {
    this.console = console;
    String last = model.substring(model.lastIndexOf('/') + 1);
    this.name =
        AnswerPrinter.harmless(
            last.length() <= LONGEST_NAME ? last : last.substring(0, LONGEST_NAME - 1) + "…");
    this.nanos = nanos;
    this.started = nanos.getAsLong();
  }

  @Override
  public void loaded(long bytes, long allBytes) {
    double seconds = (nanos.getAsLong() - started) / 1e9;
    if (!console.errIsTerminal() || bytes == 0 || seconds < shown + PAUSE_SECONDS) {
      return;
    }
    shown = seconds;
    isShown = true;
    double share = (double) bytes / allBytes;
    console.errorText(
        String.format(
            Locale.ROOT,
            "\r\u001b[Kopening %s: packing weights %.0f %%, %.0f s left",
            name,
            100 * share,
            seconds / share * (1 - share)));
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (isShown) {
      isShown = false;
      console.errorText("\r\u001b[K");
    }
  }
}
