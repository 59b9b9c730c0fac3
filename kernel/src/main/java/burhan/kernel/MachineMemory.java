package burhan.kernel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory this process may use: the machine's, or what its container leaves of it. */
public final class MachineMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Path SELF = Path.of("/proc/self/status");

  private MachineMemory() {}

  /** In bytes. */
  public static long bytes() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    // The JDK's own form of it knows control groups.
    return system instanceof com.sun.management.OperatingSystemMXBean known
        ? known.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  /** What the machine has, whatever a container leaves of it. */
  public static long machineBytes() {
    return Math.max(bytes(), entry(MEMINFO, "MemTotal:", bytes()));
  }

  /**
   * What could be taken now without pushing anything out but files. In a container other programs'
   * share of its limit is not known.
   */
  public static long availableBytes() {
    long left = bytes() - entry(SELF, "RssAnon:", 0);
    return Math.min(left, entry(MEMINFO, "MemAvailable:", left));
  }

  private static long entry(Path file, String key, long otherwise) {
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        if (line.startsWith(key)) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // A system that counts otherwise.
    }
    return otherwise;
  }
}
