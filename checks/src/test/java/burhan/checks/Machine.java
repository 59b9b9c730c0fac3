package burhan.checks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What this machine has and what this process takes of it, for tests that are too big for some. */
final class Machine {
  private Machine() {}

  /** Skips the test with a loud line where the disk or the memory is too small. */
  static void require(Path folder, long diskGigabytes, long memoryGigabytes) throws IOException {
    long disk = Files.getFileStore(folder).getUsableSpace() / 1_000_000_000;
    long memory = memoryBytes() / 1_000_000_000;
    if (disk < diskGigabytes || memory < memoryGigabytes) {
      String sentence =
          "SKIPPED: needs %d GB of disk in %s and %d GB of memory, this machine has %d and %d"
              .formatted(diskGigabytes, folder, memoryGigabytes, disk, memory);
      System.err.println(sentence);
      Assumptions.abort(sentence);
    }
  }

  private static long memoryBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  /** Time that this thread has had a processor. */
  static long threadNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Bytes of the Java heap in use, garbage included. */
  static long heapBytes() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /**
   * Resident bytes of this process that are no file's: heap, code, native copies of anything.
   * Mapped weights are not among them. -1 where the system does not say.
   */
  static long ownBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return -1;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("RssAnon:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return -1;
  }
}
