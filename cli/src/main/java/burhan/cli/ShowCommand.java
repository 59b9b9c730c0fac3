package burhan.cli;

import burhan.checkpoint.Gguf;
import burhan.checkpoint.Json;
import burhan.engine.TextFiles;
import burhan.kernel.CacheType;
import burhan.kernel.Kernels;
import burhan.kernel.MachineMemory;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.ModelCard;
import burhan.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/**
 * Describes a model: its sizes, what its files hold, the first words of its card, and whether it
 * fits this machine. A copy of the headers alone is enough.
 */
@Command(name = "show", description = "Describes a model.")
final class ShowCommand implements Callable<Integer> {
  private static final int FIRST_WIDTH = 14;

  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path path = model.path();
    Models.Description description = Models.describe(path);
    TextFiles text =
        Gguf.isGguf(path) || Files.isRegularFile(path.resolve("tokenizer.json"))
            ? TextFiles.open(path, description.summary().vocabSize())
            : null;
    Cache cache = cache(description.summary());
    MemoryFit fit =
        MemoryFit.of(description.summary(), cache.bytesPerToken(), MachineMemory.bytes());
    if (json) {
      printJson(path, description, text, cache, fit);
    } else {
      printTable(path, description, text, cache, fit);
    }
    return Burhan.DONE;
  }

  /** What attention remembers of a token, with the kernels that the model would be opened with. */
  private record Cache(CacheType type, long bytesPerToken) {}

  private Cache cache(LanguageModel.Summary summary) {
    try (Workers one = new Workers(1)) {
      Kernels kernels = model.describedKernels(one);
      return new Cache(kernels.cacheType(), summary.cacheBytesPerToken(kernels));
    }
  }

  private void printJson(
      Path path,
      Models.Description description,
      @Nullable TextFiles text,
      Cache cache,
      MemoryFit fit) {
    LanguageModel.Summary summary = description.summary();
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("model", model.model());
    node.put("path", path.toString());
    node.put("format", description.format());
    node.put("has_weights", description.hasData());
    node.put("licence", description.license());
    node.put("architecture", summary.architecture());
    node.put("parameters", summary.parameters());
    node.put("active_parameters", summary.activeParameters());
    node.put("mtp_parameters", summary.mtpParameters());
    node.put("size_bytes", summary.weightBytes());
    node.put("type", summary.dtype().name());
    ObjectNode types = node.putObject("bytes_by_type");
    summary.bytesByType().forEach((type, bytes) -> types.put(type.name(), bytes));
    node.put("layers", summary.layers());
    node.put("width", summary.width());
    node.put("context_length", summary.contextLength());
    node.put("vocab_size", summary.vocabSize());
    node.put("tokenizer_tokens", text == null ? 0 : text.tokenizer().size());
    node.put("chat_template", text != null && text.format() != null && !text.format().isPlain());
    node.put("cache_type", cache.type().label());
    node.put("cache_bytes_per_token", cache.bytesPerToken());
    node.put("memory_bytes", fit.memoryBytes());
    node.put("needed_bytes", fit.neededBytes());
    node.put("fits", fit.fits());
    node.put("largest_context", fit.largestContext());
    console.println(Json.mapper().writeValueAsString(node));
  }

  private void printTable(
      Path path,
      Models.Description description,
      @Nullable TextFiles text,
      Cache cache,
      MemoryFit fit) {
    LanguageModel.Summary summary = description.summary();
    String card = ModelCard.lead(path);
    if (!card.isEmpty()) {
      console.println(card + "\n");
    }
    row("model", path.toString());
    row("format", description.format() + (description.hasData() ? "" : ", headers only"));
    row("architecture", summary.architecture());
    row(
        "parameters",
        "%s, %s of them active per token"
            .formatted(count(summary.parameters()), count(summary.activeParameters())));
    if (summary.mtpParameters() > 0) {
      row("draft layer", count(summary.mtpParameters()) + " parameters");
    }
    row("weights", "%s: %s".formatted(bytes(summary.weightBytes()), types(summary)));
    row("layers", "%d, width %d".formatted(summary.layers(), summary.width()));
    row("context", summary.contextLength() + " tokens");
    row("cache", "%s per token, %s".formatted(bytes(cache.bytesPerToken()), cache.type().label()));
    row("memory", fit.sentence());
    row(
        "vocabulary",
        text == null
            ? summary.vocabSize() + ", no tokenizer"
            : "%d, tokenizer %d".formatted(summary.vocabSize(), text.tokenizer().size()));
    row(
        "chat template",
        text == null || text.format() == null || text.format().isPlain()
            ? "none, conversations are written as plain lines"
            : text.format().source().length() + " characters");
    row("licence", description.license().isEmpty() ? "not named" : description.license());
  }

  private static String types(LanguageModel.Summary summary) {
    return summary.bytesByType().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(entry -> entry.getKey() + " " + bytes(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private void row(String name, String value) {
    console.println("%s%s".formatted(name + " ".repeat(FIRST_WIDTH - name.length()), value));
  }

  static String count(long n) {
    return scaled(n, "", " K", " M", " B", " T");
  }

  static String bytes(long n) {
    return scaled(n, " bytes", " kB", " MB", " GB", " TB");
  }

  private static String scaled(long n, String... units) {
    double value = n;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0
        ? n + units[0]
        : String.format(Locale.ROOT, value < 10 ? "%.2f%s" : "%.1f%s", value, units[unit]);
  }
}
