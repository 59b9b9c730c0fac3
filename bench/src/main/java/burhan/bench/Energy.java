package burhan.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Energy that a computation takes: the processor's own counters where the system lets us read them,
 * an estimate elsewhere.
 */
public final class Energy {
  /**
   * What an estimate takes a core at work to draw: the rated power of current server processors is
   * 3 to 10 W a core.
   */
  public static final double WATTS_PER_CORE = 8;

  private static final double JOULES_PER_KWH = 3.6e6;

  private final List<Path> counters;

  /**
   * Energy per token.
   *
   * @param perToken in joules
   */
  public record Joules(double perToken, boolean isEstimated) {
    public double tokensPerKwh() {
      return JOULES_PER_KWH / perToken;
    }
  }

  /** The counters at one moment, in microjoules. */
  public record Reading(long microjoules) {}

  private Energy(List<Path> counters) {
    this.counters = counters;
  }

  /** The meter of this machine. */
  public static Energy meter() {
    List<Path> counters = new ArrayList<>();
    try (DirectoryStream<Path> packages =
        Files.newDirectoryStream(Path.of("/sys/class/powercap"), "intel-rapl:?")) {
      for (Path one : packages) {
        if (Files.isReadable(one.resolve("energy_uj"))) {
          counters.add(one.resolve("energy_uj"));
        }
      }
    } catch (IOException e) {
      // No such counters: another system, or a guest.
    }
    return new Energy(counters);
  }

  public boolean isEstimated() {
    return counters.isEmpty();
  }

  Reading read() {
    long sum = 0;
    for (Path counter : counters) {
      try {
        sum += Long.parseLong(Files.readString(counter).strip());
      } catch (IOException | NumberFormatException e) {
        return new Reading(-1);
      }
    }
    return new Reading(sum);
  }

  /**
   * Joules since {@code before}; an estimate where a counter failed or began anew.
   *
   * @param cpuSeconds that all threads together have had since then
   */
  double joules(Reading before, double cpuSeconds) {
    long used = read().microjoules() - before.microjoules();
    return isEstimated() || used <= 0 ? cpuSeconds * WATTS_PER_CORE : used / 1e6;
  }
}
