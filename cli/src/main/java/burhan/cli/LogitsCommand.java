package burhan.cli;

import burhan.checkpoint.Json;
import burhan.engine.TextFiles;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.tensor.BadInputException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/**
 * Prints what a model says about the next token. Always the exact path: float activations and a
 * float cache.
 */
@Command(
    name = "logits",
    description =
        "The logits behind a sequence of tokens, as JSON:"
            + " {\"tokens\": [..], \"positions\": [{\"position\": n, \"logits\": [..]}]}.")
final class LogitsCommand implements Callable<Integer> {
  /** Which rows to print. */
  enum Positions {
    last,
    all
  }

  // Rows that are run, and whose logits are held, at a time.
  private static final int CHUNK = 512;

  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final Prompt prompt = new Prompt();

  @Option(
      names = "--tokens",
      paramLabel = "ID",
      split = ",",
      description = "Token ids, such as 1,2,3, instead of a text.")
  private int @Nullable [] tokens;

  @Option(
      names = "--positions",
      paramLabel = "WHICH",
      description = "Rows to print: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).",
      defaultValue = "last")
  private Positions positions = Positions.last;

  @Option(
      names = "--as-served",
      description =
          "What an answer is made from: rounded as it is there, not the exact numbers that are"
              + " compared with references.")
  private boolean asServed;

  @Option(names = "--json", description = "JSON, as always here.")
  @SuppressWarnings("UnusedVariable") // every command takes it, this one prints nothing else
  private boolean json;

  LogitsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Workers workers = new Workers(model.threads());
        LanguageModel language =
            Models.open(
                model.path(), asServed ? model.kernels(workers) : model.exactKernels(workers))) {
      int[] ids = ids();
      check(ids, language);
      print(ids, language);
    }
    return Burhan.DONE;
  }

  private int[] ids() {
    if (tokens == null) {
      return TextFiles.tokenizer(model.path()).encode(prompt.text(console));
    }
    if (prompt.isGiven()) {
      throw new UsageException("--tokens and a text are given, expected one of them");
    }
    return tokens;
  }

  private static void check(int[] ids, LanguageModel model) {
    if (ids.length == 0) {
      throw new UsageException("there are no tokens, expected at least one");
    }
    if (ids.length > model.contextLength()) {
      throw new BadInputException(
          "the prompt has %d tokens, but the context of this model is %d; shorten the prompt"
              .formatted(ids.length, model.contextLength()));
    }
    for (int id : ids) {
      if (id < 0 || id >= model.vocabSize()) {
        throw new BadInputException(
            "token id %d is not in the vocabulary; expected 0 to %d"
                .formatted(id, model.vocabSize() - 1));
      }
    }
  }

  private void print(int[] ids, LanguageModel model) {
    float[] logits = new float[model.vocabSize()];
    // Before anything is written, so that a model which cannot compute leaves no half of a JSON.
    int first = Math.min(CHUNK, ids.length);
    try (KeyValueCache cache = model.newCache(first)) {
      model.forward(Batch.prompt(ids, 0, first, cache));
      model.logits(first - 1, 1, logits);
    }
    try (KeyValueCache cache = model.newCache(ids.length);
        JsonGenerator json = Json.mapper().createGenerator(new ConsoleWriter(console))) {
      json.writeStartObject();
      json.writeName("tokens");
      json.writeArray(ids, 0, ids.length);
      json.writeArrayPropertyStart("positions");
      for (int from = 0; from < ids.length; from += CHUNK) {
        int count = Math.min(CHUNK, ids.length - from);
        model.forward(Batch.prompt(ids, from, count, cache));
        for (int row = 0; row < count; row++) {
          if (positions == Positions.all || from + row == ids.length - 1) {
            model.logits(row, 1, logits);
            print(json, from + row, logits);
          }
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    console.println("");
  }

  private static void print(JsonGenerator json, int position, float[] logits) {
    json.writeStartObject();
    json.writeNumberProperty("position", position);
    json.writeArrayPropertyStart("logits");
    for (float logit : logits) {
      json.writeNumber(logit);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
