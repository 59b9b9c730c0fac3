package burhan.cli;

import burhan.checkpoint.Json;
import burhan.kernel.ScalarKernels;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Describes a model: its sizes, its tokenizer, and the first words of its card. */
@Command(name = "show", description = "Describes a model.")
final class ShowCommand implements Callable<Integer> {
  private static final Pattern PARAGRAPHS = Pattern.compile("\n\\s*\n");

  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  ShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path folder = model.folder();
    try (LanguageModel language = Models.open(folder, new ScalarKernels())) {
      Path tokenizer = folder.resolve("tokenizer.json");
      int tokens = Files.isRegularFile(tokenizer) ? Tokenizer.open(tokenizer).size() : 0;
      if (json) {
        printJson(folder, language.summary(), tokens);
      } else {
        printTable(folder, language.summary(), tokens);
      }
    }
    return Burhan.DONE;
  }

  private void printJson(Path folder, LanguageModel.Summary summary, int tokens) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("model", model.model());
    node.put("folder", folder.toString());
    node.put("architecture", summary.architecture());
    node.put("parameters", summary.parameters());
    node.put("active_parameters", summary.activeParameters());
    node.put("mtp_parameters", summary.mtpParameters());
    node.put("size_bytes", summary.weightBytes());
    node.put("type", summary.dtype().name());
    node.put("layers", summary.layers());
    node.put("width", summary.width());
    node.put("context_length", summary.contextLength());
    node.put("vocab_size", summary.vocabSize());
    node.put("tokenizer_tokens", tokens);
    node.put("cache_bytes_per_token", summary.cacheBytesPerToken());
    console.println(Json.mapper().writeValueAsString(node));
  }

  private void printTable(Path folder, LanguageModel.Summary summary, int tokens) {
    String card = cardLead(folder.resolve("README.md"));
    if (!card.isEmpty()) {
      console.println(card + "\n");
    }
    row("model", folder.toString());
    row("architecture", summary.architecture());
    row(
        "parameters",
        "%s, %s of them active per token"
            .formatted(count(summary.parameters()), count(summary.activeParameters())));
    if (summary.mtpParameters() > 0) {
      row("draft layer", count(summary.mtpParameters()) + " parameters");
    }
    row("weights", "%s, %s".formatted(bytes(summary.weightBytes()), summary.dtype()));
    row("layers", "%d, width %d".formatted(summary.layers(), summary.width()));
    row("context", summary.contextLength() + " tokens");
    row("cache", bytes(summary.cacheBytesPerToken()) + " per token");
    row(
        "vocabulary",
        tokens == 0
            ? summary.vocabSize() + ", no tokenizer.json"
            : "%d, tokenizer %d".formatted(summary.vocabSize(), tokens));
  }

  private void row(String name, String value) {
    console.println("%-13s %s".formatted(name, value));
  }

  /** The first paragraph of a model card, behind its front matter and its heading. */
  static String cardLead(Path card) {
    if (!Files.isRegularFile(card)) {
      return "";
    }
    String text;
    try {
      text = Files.readString(card);
    } catch (IOException e) {
      return ""; // a card that cannot be read describes nothing
    }
    if (text.startsWith("---\n")) {
      int end = text.indexOf("\n---\n");
      text = end < 0 ? text : text.substring(end + 5);
    }
    for (String paragraph : PARAGRAPHS.split(text, -1)) {
      String stripped = paragraph.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        return stripped;
      }
    }
    return "";
  }

  static String count(long n) {
    return scaled(n, 1000, "", " K", " M", " B", " T");
  }

  static String bytes(long n) {
    return scaled(n, 1000, " bytes", " kB", " MB", " GB", " TB");
  }

  private static String scaled(long n, int step, String... units) {
    double value = n;
    int unit = 0;
    while (value >= step && unit < units.length - 1) {
      value /= step;
      unit++;
    }
    return unit == 0
        ? n + units[0]
        : String.format(Locale.ROOT, value < 10 ? "%.2f%s" : "%.1f%s", value, units[unit]);
  }
}
