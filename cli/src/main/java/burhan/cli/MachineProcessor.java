package burhan.cli;

import burhan.assembler.ExecutableMemoryException;
import burhan.assembler.Processor;
import burhan.kernel.KernelChoice;
import burhan.kernel.KernelPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the processor is called and offers. Asks the processor itself where code may be emitted, and
 * Linux elsewhere.
 */
final class MachineProcessor {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private MachineProcessor() {}

  static String brand() {
    return line("model name", System.getProperty("os.arch", "unknown"));
  }

  /** Features that kernels are made for. */
  static String features() {
    if (!KernelPolicy.machine().allows(KernelChoice.X86)) {
      return "not asked, the policy forbids code of our own";
    }
    try {
      return Processor.detect().features().stream()
          .map(Object::toString)
          .collect(Collectors.joining(" "));
    } catch (ExecutableMemoryException e) {
      return "not asked: " + e.getMessage();
    }
  }

  /** The machine's cores, those that this process may not use included. */
  static int allCores() {
    int found = 0;
    for (String line : lines()) {
      found += line.startsWith("processor") ? 1 : 0;
    }
    return Math.max(found, Runtime.getRuntime().availableProcessors());
  }

  private static String line(String key, String otherwise) {
    for (String line : lines()) {
      if (line.startsWith(key)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return otherwise;
  }

  private static List<String> lines() {
    try {
      return Files.exists(CPUINFO) ? Files.readAllLines(CPUINFO) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
