package burhan.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** How much memory this process may use: the machine's, or what its container leaves of it. */
final class MachineMemory {
  private MachineMemory() {}

  /** In bytes. */
  static long bytes() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    // The JDK's own form of it knows control groups.
    return system instanceof com.sun.management.OperatingSystemMXBean known
        ? known.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }
}
