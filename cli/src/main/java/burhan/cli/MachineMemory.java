package burhan.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory this process may use: the machine's, or what its container leaves of it. */
final class MachineMemory {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  private MachineMemory() {}

  /** In bytes. */
  static long bytes() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    // The JDK's own form of it knows control groups.
    return system instanceof com.sun.management.OperatingSystemMXBean known
        ? known.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  /** What the machine has, whatever a container leaves of it. */
  static long machineBytes() {
    return Math.max(bytes(), meminfo("MemTotal:", bytes()));
  }

  /** What could be taken now without pushing anything out but files; at most {@link #bytes}. */
  static long availableBytes() {
    return Math.min(bytes(), meminfo("MemAvailable:", bytes()));
  }

  private static long meminfo(String key, long otherwise) {
    try {
      for (String line : Files.exists(MEMINFO) ? Files.readAllLines(MEMINFO) : List.<String>of()) {
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
