package burhan.cli;

import burhan.bench.DraftTest;
import burhan.bench.Energy;
import burhan.bench.Roofline;
import burhan.bench.Shape;
import burhan.bench.SpeedTest;
import burhan.checkpoint.Json;
import burhan.engine.Speculation;
import burhan.engine.TextFiles;
import burhan.kernel.KernelChoice;
import burhan.kernel.Kernels;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** Measures how fast a model reads and writes, against what this machine could do at best. */
@Command(
    name = "bench",
    description = "Prefill and decode speed, against this machine's own limits.")
final class BenchCommand implements Callable<Integer> {
  private static final int MOST_SEQUENCES = 1024;

  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final SpeculationOptions speculation = new SpeculationOptions();

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description =
          "Measure a model of random numbers instead: nano, r1-distill-qwen-1.5b,"
              + " r1-distill-llama-8b, deepseek-v2-lite, deepseek-v3-2layers. It is made once and"
              + " kept below ~/.cache/burhan.")
  private @Nullable String shape;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "Number format of its weights: F32, F16, BF16, any type of GGUF (Q8_0, Q4_0, Q4_K_M,"
              + " IQ3_XXS, ...), or FP8 as DeepSeek publishes it (${DEFAULT-VALUE}).",
      defaultValue = "BF16")
  private String type = "BF16";

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description =
          "Write the model of --shape and --type there and measure nothing: one GGUF file if the"
              + " name ends in .gguf, otherwise a folder with safetensors (F32, F16, BF16, FP8).")
  private @Nullable Path write;

  @Option(
      names = "--test",
      paramLabel = "TEST",
      split = ",",
      description =
          "pp and tg with a number of tokens; sg for the same greedy answers of so many tokens at"
              + " most, with guesses ahead (--speculate) and without (${DEFAULT-VALUE}).",
      defaultValue = "pp512,tg128")
  private List<String> tests = List.of();

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens in the cache before each test, random numbers (${DEFAULT-VALUE}).",
      defaultValue = "0")
  private int context;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Sequences that generate together in the tg tests, such as 1,4,8,16; the speed is that of"
              + " all of them (${DEFAULT-VALUE}).",
      split = ",",
      defaultValue = "1")
  private List<Integer> batches = List.of();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  BenchCommand(Console console) {
    this.console = console;
  }

  /** A line of the report. */
  private record Row(
      SpeedTest test, SpeedTest.Speed speed, double bandwidthShare, double matrixPeakShare) {}

  @Override
  public Integer call() throws IOException {
    if (context < 0) {
      throw new UsageException("--context is " + context + ", expected 0 or more");
    }
    for (int batch : batches) {
      if (batch < 1 || batch > MOST_SEQUENCES) {
        throw new UsageException(
            "--batch is " + batch + ", expected 1 to " + MOST_SEQUENCES + " sequences");
      }
    }
    if (write != null) {
      writeOnly(write);
      return Burhan.DONE;
    }
    List<SpeedTest> planned =
        tests.stream()
            .filter(test -> !DraftTest.isName(test))
            .flatMap(test -> batches.stream().map(batch -> SpeedTest.of(test, context, batch)))
            .distinct() // a prompt is read alone
            .toList();
    List<DraftTest> drafts = tests.stream().filter(DraftTest::isName).map(DraftTest::of).toList();
    Speculation guessing = speculation.speculation();
    try (Workers workers = new Workers(model.threads())) {
      Kernels kernels = model.kernels(workers);
      try (LanguageModel language = open(kernels)) {
        Roofline roofline = Roofline.measure(model.threads());
        Energy energy = Energy.meter();
        List<Row> rows = new ArrayList<>();
        for (SpeedTest test : planned) {
          SpeedTest fitting = test.within(language.contextLength());
          SpeedTest.Speed speed = fitting.measure(language, energy);
          LanguageModel.Summary sizes = language.summary();
          double tokens = speed.tokensPerSecond();
          rows.add(
              new Row(
                  fitting,
                  speed,
                  fitting.bandwidthShare(
                      sizes, sizes.cacheBytesPerToken(kernels), tokens, roofline),
                  fitting.matrixPeakShare(sizes, tokens, roofline)));
        }
        List<DraftTest.Result> results = drafts(language, drafts, guessing);
        if (json) {
          printJson(language.summary(), rows, results, kernels.name(), roofline);
        } else {
          printTable(language.summary(), rows, results, kernels.name(), roofline);
        }
      }
    }
    return Burhan.DONE;
  }

  private LanguageModel open(Kernels kernels) throws IOException {
    Path path = path();
    try (OpeningLine line = new OpeningLine(console, label())) {
      return Models.open(path, kernels, line);
    }
  }

  private Path path() throws IOException {
    return shape == null ? model.path() : new RandomModels(console, type).kept(Shape.of(shape));
  }

  private List<DraftTest.Result> drafts(
      LanguageModel language, List<DraftTest> tests, Speculation guessing) throws IOException {
    if (tests.isEmpty()) {
      return List.of();
    }
    TextFiles text = TextFiles.open(path(), language.vocabSize());
    return tests.stream().map(test -> test.measure(language, text, guessing)).toList();
  }

  private void writeOnly(Path file) throws IOException {
    if (shape == null) {
      throw new UsageException("--write needs --shape, the model to write");
    }
    if (Files.exists(file)) {
      throw new BadInputException(file + ": exists; delete it or give another --write");
    }
    new RandomModels(console, type).write(Shape.of(shape), file);
  }

  private String label() {
    return shape == null ? model.path().getFileName().toString() : shape;
  }

  private void printJson(
      LanguageModel.Summary sizes,
      List<Row> rows,
      List<DraftTest.Result> results,
      String kernels,
      Roofline roofline) {
    ArrayNode array = Json.mapper().createArrayNode();
    for (Row row : rows) {
      array
          .addObject()
          .put("model", label())
          .put("size_bytes", sizes.weightBytes())
          .put("type", sizes.dtype().name())
          .put("threads", model.threads())
          .put("test", row.test.name())
          .put("context", context)
          .put("batch", row.test.batch())
          .put("tokens_per_second", row.speed.tokensPerSecond())
          .put("stddev", row.speed.stddev())
          .put("cpu_seconds_per_token", row.speed.cpuSecondsPerToken())
          .put("bandwidth_share", row.bandwidthShare)
          .put("matrix_peak_share", row.matrixPeakShare)
          .put("joules_per_token", row.speed.joules().perToken())
          .put("energy_estimated", row.speed.joules().isEstimated())
          .put("tokens_per_kwh", row.speed.joules().tokensPerKwh())
          .put("machine_bytes_per_second", roofline.bytesPerSecond())
          .put("machine_flops_per_second", roofline.flopsPerSecond())
          .put("kernels", kernels);
    }
    for (DraftTest.Result result : results) {
      array
          .addObject()
          .put("model", label())
          .put("threads", model.threads())
          .put("test", result.test().name())
          .put("plain_tokens_per_second", result.plain())
          .put("tokens_per_second", result.guessing())
          .put("tokens_per_step", result.tokensPerStep())
          .put("draft_tokens", result.draftTokens())
          .put("accepted_tokens", result.acceptedTokens())
          .put("acceptance_rate", result.acceptanceRate())
          .put("kernels", kernels);
    }
    console.println(Json.mapper().writeValueAsString(array));
  }

  private void printTable(
      LanguageModel.Summary sizes,
      List<Row> rows,
      List<DraftTest.Result> results,
      String kernels,
      Roofline roofline) {
    console.println(
        "%s, %s %s, %s active of %s, kernels %s, %d threads"
            .formatted(
                label(),
                ShowCommand.bytes(sizes.weightBytes()),
                sizes.dtype(),
                ShowCommand.count(sizes.activeParameters()),
                ShowCommand.count(sizes.parameters()),
                kernels,
                model.threads()));
    for (KernelChoice.Report report : KernelChoice.reports()) {
      if (!report.isAvailable()) {
        console.println("no %s kernels: %s".formatted(report.name(), report.reason()));
      }
    }
    console.println(
        "this machine: %s per second from memory, %s float multiply-adds per second, measured"
            .formatted(
                ShowCommand.bytes((long) roofline.bytesPerSecond()),
                ShowCommand.count((long) (roofline.flopsPerSecond() / 2))));
    console.println("");
    console.println(
        "%-10s %16s  %10s  %11s  %12s  %9s  %10s"
            .formatted(
                "test",
                "tokens/s",
                "of memory",
                "of multiply",
                "CPU ms/token",
                "J/token",
                "tokens/kWh"));
    for (Row row : rows) {
      Energy.Joules joules = row.speed.joules();
      console.println(
          String.format(
              Locale.ROOT,
              "%-10s %8.1f ± %5.1f  %8.1f %%  %9.1f %%  %12.2f  %9.4f  %10s",
              row.test.name() + (row.test.batch() > 1 ? " x" + row.test.batch() : ""),
              row.speed.tokensPerSecond(),
              row.speed.stddev(),
              100 * row.bandwidthShare,
              100 * row.matrixPeakShare,
              1000 * row.speed.cpuSecondsPerToken(),
              joules.perToken(),
              ShowCommand.count((long) joules.tokensPerKwh())));
    }
    if (rows.stream().anyMatch(row -> row.speed.joules().isEstimated())) {
      console.println(
          String.format(
              Locale.ROOT,
              "energy is estimated at %.0f W for each core at work",
              Energy.WATTS_PER_CORE));
    }
    for (DraftTest.Result result : results) {
      console.println(
          String.format(
              Locale.ROOT,
              "%-10s %8.1f, %.1f without guesses; %.2f tokens a step, %d of %d guesses right (%.0f %%)",
              result.test().name(),
              result.guessing(),
              result.plain(),
              result.tokensPerStep(),
              result.acceptedTokens(),
              result.draftTokens(),
              100 * result.acceptanceRate()));
    }
  }
}
