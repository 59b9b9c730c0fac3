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
  // What a core of current server processors draws under load: rated power over cores is 3 to 10 W.
  private static final double WATTS_PER_THREAD = 8;

  private final List<Path> counters;
  private final int threads;

  /**
   * Energy per token.
   *
   * @param perToken in joules
   */
  public record Joules(double perToken, boolean isEstimated) {}

  /** The counters at one moment, in microjoules. */
  public record Reading(long microjoules) {}

  private Energy(List<Path> counters, int threads) {
    this.counters = counters;
    this.threads = threads;
  }

  /** The meter of this machine for work on so many threads. */
  public static Energy meter(int threads) {
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
    return new Energy(counters, threads);
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

  /** Joules since {@code before}; an estimate where a counter failed or began anew. */
  double joules(Reading before, double seconds) {
    long used = read().microjoules() - before.microjoules();
    return isEstimated() || used <= 0 ? seconds * threads * WATTS_PER_THREAD : used / 1e6;
  }
}
