package burhan.cli;

import burhan.bench.Energy;
import burhan.bench.Roofline;
import burhan.kernel.CacheType;
import burhan.kernel.KernelChoice;
import burhan.kernel.KernelPolicy;
import burhan.kernel.Kernels;
import burhan.kernel.MachineMemory;
import burhan.kernel.Workers;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One page on this machine: what it has, what of it is used, and what would make it faster. */
@Command(
    name = "doctor",
    description = "What this machine does and why, and what would make it faster.")
final class DoctorCommand implements Callable<Integer> {
  private static final long SMALL_MEMORY = 4L << 30;
  private static final long SMALL_DISK = 5L << 30;

  private final Console console;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to measure with (all cores).")
  private @Nullable Integer threads;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (threads != null && threads < 1) {
      throw new UsageException("--threads is " + threads + ", expected 1 or more");
    }
    Facts facts = new Facts();
    java(facts);
    processor(facts);
    CacheType cache = kernels(facts);
    memory(facts, cache);
    disk(facts);
    limits(facts);
    console.print(json ? facts.json() + "\n" : facts.page());
    console.flush();
    return Burhan.DONE;
  }

  private void java(Facts facts) {
    facts.add(
        "java",
        "version",
        "%s, %s".formatted(Runtime.version(), System.getProperty("java.vendor", "")));
    facts.add("java", "home", System.getProperty("java.home", ""));
    List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    facts.add(
        "java",
        "flags",
        flags,
        flags.stream().filter(flag -> !flag.startsWith("-D")).collect(Collectors.joining(" ")));
    String recording =
        flags.stream()
            .filter(flag -> flag.startsWith("-XX:AOTCache="))
            .map(flag -> flag.substring(flag.indexOf('=') + 1))
            .findFirst()
            .orElse("");
    boolean isUsed = !recording.isEmpty() && isMapped(recording);
    facts.add(
        "java",
        "start_up_cache",
        isUsed,
        isUsed
            ? "in use: " + Path.of(recording).getFileName()
            : recording.isEmpty() ? "none" : "not used: " + recording);
    if (recording.isEmpty()) {
      facts.advise("start through ./burhan: it keeps a start-up cache, which halves the start");
    } else if (!isUsed) {
      facts.advise(
          "delete %s and start again: the start-up cache does not fit this JDK, and the start takes twice as long"
              .formatted(Path.of(recording).getParent()));
    }
  }

  /** Whether this process has the file in its memory; where the system does not say, it exists. */
  private static boolean isMapped(String file) {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.isReadable(maps)) {
      return Files.exists(Path.of(file));
    }
    try (Stream<String> lines = Files.lines(maps)) {
      return lines.anyMatch(line -> line.endsWith(file));
    } catch (IOException e) {
      return false;
    }
  }

  private static void processor(Facts facts) {
    facts.add("processor", "name", MachineProcessor.brand());
    facts.add("processor", "features", MachineProcessor.features());
    int cores = Runtime.getRuntime().availableProcessors();
    int all = MachineProcessor.allCores();
    facts.add(
        "processor",
        "cores",
        cores,
        all > cores ? "%d of the machine's %d".formatted(cores, all) : "" + cores);
    if (all > cores) {
      facts.advise(
          "%d cores are kept from this process by a control group or its affinity; more are faster only while memory keeps up"
              .formatted(all - cores));
    }
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    if (load >= 0) {
      facts.add("processor", "load", load, String.format(Locale.ROOT, "%.1f", load));
    }
    if (load > 0.5 * all) {
      facts.advise(
          "other programs have kept %.1f of %d cores busy in the last minute: end them, or give --threads fewer"
              .formatted(load, all));
    }
  }

  /** Also says what attention remembers numbers as with those in use. */
  private CacheType kernels(Facts facts) {
    KernelPolicy policy = KernelPolicy.machine();
    String inUse;
    CacheType cache = CacheType.F32;
    try (Workers one = new Workers(1)) {
      Kernels kernels = KernelChoice.AUTO.kernels(one);
      inUse = kernels.name();
      cache = kernels.cacheType();
    } catch (BadInputException e) {
      inUse = "none";
      facts.advise(String.valueOf(e.getMessage()));
    }
    facts.add("kernels", "in_use", inUse);
    for (KernelChoice.Report report : KernelChoice.reports()) {
      String words = report.isAvailable() ? "can run: " : "cannot run: ";
      facts.add(
          "kernels",
          report.choice().label(),
          report.isAvailable(),
          words
              + report.reason()
              + (policy.allows(report.choice()) ? "" : "; forbidden by policy"));
      if (!report.isAvailable() && report.choice() == KernelChoice.VECTOR) {
        facts.advise(report.reason());
      }
    }
    facts.add(
        "kernels",
        "policy",
        policy.kernels().label(),
        policy.isLocked()
            ? "%s allows %s at most".formatted(policy.where(), policy.kernels().label())
            : policy.where());
    String chosen = console.environment().getOrDefault("BURHAN_KERNELS", "");
    if (!chosen.isEmpty()) {
      facts.add("kernels", "environment", "BURHAN_KERNELS=" + chosen);
    }
    return cache;
  }

  private static void memory(Facts facts, CacheType cache) {
    long bytes = MachineMemory.bytes();
    long all = MachineMemory.machineBytes();
    facts.add(
        "memory",
        "bytes",
        bytes,
        ShowCommand.bytes(bytes)
            + (all > bytes ? " of the machine's " + ShowCommand.bytes(all) : ""));
    facts.add(
        "memory",
        "available_bytes",
        MachineMemory.availableBytes(),
        ShowCommand.bytes(MachineMemory.availableBytes()));
    long heap = Runtime.getRuntime().maxMemory();
    facts.add(
        "memory", "heap_bytes", heap, ShowCommand.bytes(heap) + " at most, weights not counted");
    facts.add(
        "memory",
        "cache_type",
        cache.label(),
        "%s, %d bytes for each number of the context; 'burhan show' says how many a model has"
            .formatted(cache.label(), cache.bytes()));
    if (bytes < SMALL_MEMORY) {
      facts.advise(
          "with %s of memory choose a model below 2 GB and a short --ctx"
              .formatted(ShowCommand.bytes(bytes)));
    }
  }

  private void disk(Facts facts) throws IOException {
    Path caches = Caches.folder(console.environment(), "");
    Path there = caches;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there != null) {
      long free = Files.getFileStore(there).getUsableSpace();
      facts.add("disk", "free_bytes", free, "%s in %s".formatted(ShowCommand.bytes(free), there));
      if (free < SMALL_DISK) {
        facts.advise(
            "%s has %s left; a model of 8 B parameters needs 5 GB"
                .formatted(there, ShowCommand.bytes(free)));
      }
    }
  }

  private void limits(Facts facts) {
    int measured = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    Roofline roofline = Roofline.measure(measured);
    facts.add("limits", "threads", measured, "" + measured);
    facts.add(
        "limits",
        "read_bytes_per_second",
        roofline.bytesPerSecond(),
        ShowCommand.bytes((long) roofline.bytesPerSecond())
            + " per second from memory: a model of 1 GB writes at most %.0f tokens per second"
                .formatted(roofline.bytesPerSecond() / 1e9));
    facts.add(
        "limits",
        "flops_per_second",
        roofline.flopsPerSecond(),
        ShowCommand.count((long) roofline.flopsPerSecond())
            + " float operations per second: a model of 1 B parameters reads at most %.0f"
                .formatted(roofline.flopsPerSecond() / 2e9));
    boolean isEstimated = Energy.meter().isEstimated();
    facts.add(
        "limits",
        "energy_counters",
        !isEstimated,
        isEstimated ? "not readable, energy is estimated" : "readable");
  }
}
