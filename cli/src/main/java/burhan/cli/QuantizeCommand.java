package burhan.cli;

import burhan.checkpoint.FileType;
import burhan.checkpoint.GgufFiles;
import burhan.checkpoint.Json;
import burhan.checkpoint.Quantizer;
import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.TensorSource;
import burhan.checkpoint.TypeMix;
import burhan.eval.QuantizationReport;
import burhan.kernel.Kernels;
import burhan.kernel.Workers;
import burhan.model.GgufExport;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.token.Tokenizer;
import burhan.token.VocabularyMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a model as one GGUF file of another type, and says what that costs: how far the new model
 * is from the old one on a text.
 */
@Command(
    name = "quantize",
    description = "Converts a model to GGUF with fewer bits, and measures what that costs.")
final class QuantizeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      required = true,
      description =
          "What to write: F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q4_K_M, Q4_K_S, Q3_K_L,"
              + " Q3_K_M, Q3_K_S, Q2_K, Q5_1, Q5_0, Q4_1, Q4_0, IQ4_XS, IQ4_NL.")
  private String typeName = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "The GGUF file to write.")
  private @Nullable Path out;

  @Option(names = "--force", description = "Replace the file if it is there.")
  private boolean force;

  @Option(
      names = "--pure",
      description = "One type for all matrices, without the usual mix of types.")
  private boolean pure;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "The text to compare both models on (a short one of our own).")
  private @Nullable Path text;

  @Option(
      names = "--text-tokens",
      paramLabel = "N",
      description = "Most tokens of it to read (${DEFAULT-VALUE}).",
      defaultValue = "512")
  private int textTokens;

  @Option(names = "--no-report", description = "Do not compare the models.")
  private boolean withoutReport;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  QuantizeCommand(Console console) {
    this.console = console;
  }

  /** What was written. */
  private record Written(
      Path file, long sourceBytes, List<TensorInfo> tensors, double seconds, boolean again) {
    double bitsPerWeight() {
      return 8.0
          * tensors.stream().mapToLong(TensorInfo::byteSize).sum()
          / Math.max(1, tensors.stream().mapToLong(TensorInfo::elements).sum());
    }
  }

  @Override
  public Integer call() throws IOException {
    FileType type = type();
    Path file = target();
    Path source = model.path();
    if (textTokens < 2) {
      throw new UsageException("--text-tokens is " + textTokens + ", expected 2 or more");
    }
    try (Workers workers = new Workers(model.threads())) {
      Written written = write(source, type, file, workers);
      if (!json) {
        print(written);
      }
      QuantizationReport report =
          withoutReport ? null : compare(source, file, model.exactKernels(workers));
      if (json) {
        printJson(type, source, written, report);
      } else if (report != null) {
        print(report);
      }
    }
    return Burhan.DONE;
  }

  private FileType type() {
    FileType type = FileType.of(typeName);
    if (type == null) {
      throw new UsageException(
          "--type is '%s', expected one of %s"
              .formatted(
                  typeName,
                  Arrays.stream(FileType.values())
                      .map(FileType::name)
                      .collect(Collectors.joining(", "))));
    }
    return type;
  }

  private Path target() {
    Path file = Objects.requireNonNull(out);
    if (Files.isDirectory(file)) {
      throw new UsageException("--out is " + file + ", a folder; give the name of the file");
    }
    if (Files.exists(file) && !force) {
      throw new BadInputException(file + ": is there already; --force replaces it");
    }
    return file;
  }

  private Written write(Path source, FileType type, Path file, Workers workers) throws IOException {
    if (Files.isDirectory(source)) {
      try (GgufExport export = GgufExport.open(source)) {
        Map<String, Object> metadata = new LinkedHashMap<>(export.metadata());
        metadata.putAll(vocabulary(source, export));
        return write(export, metadata, type, file, workers);
      }
    }
    try (GgufFiles files = GgufFiles.open(source)) {
      if (Files.exists(file) && Files.isSameFile(file, source)) {
        throw new BadInputException(file + ": is the source itself; give another --out");
      }
      if (!files.hasData()) {
        throw new BadInputException(
            source + ": holds the header alone; get the whole file to quantise it");
      }
      Map<String, Object> metadata = new LinkedHashMap<>();
      for (String key : files.metadata().keys()) {
        if (!key.startsWith("split.")) {
          metadata.put(key, files.metadata().copy(key));
        }
      }
      return write(TensorSource.of(files), metadata, type, file, workers);
    }
  }

  private Map<String, Object> vocabulary(Path folder, TensorSource tensors) {
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      console.error("burhan: %s has no tokenizer.json, so the file has none".formatted(folder));
      return Map.of();
    }
    VocabularyMetadata vocabulary = VocabularyMetadata.of(folder, rows(tensors));
    vocabulary.caution().ifPresent(caution -> console.error("burhan: " + caution));
    return vocabulary.entries();
  }

  private static int rows(TensorSource tensors) {
    return tensors.infos().stream()
        .filter(tensor -> tensor.name().equals("token_embd.weight"))
        .mapToInt(tensor -> Math.toIntExact(tensor.shape()[0]))
        .findFirst()
        .orElseThrow(() -> new BadInputException(tensors.where() + ": has no token_embd.weight"));
  }

  private Written write(
      TensorSource source, Map<String, Object> metadata, FileType type, Path file, Workers workers)
      throws IOException {
    List<TensorInfo> tensors =
        TypeMix.choose(type, pure, TypeMix.Facts.of(metadata), source.infos());
    long bytes = tensors.stream().mapToLong(TensorInfo::byteSize).sum();
    requireSpace(file, bytes);
    boolean again =
        source.infos().stream().anyMatch(t -> t.type().blockElements() > 1) && type.isQuantized();
    if (again) {
      console.error(
          "burhan: %s is quantised already; the losses add up, start from the original if you can"
              .formatted(source.where()));
    }
    ProgressBar bar =
        new ProgressBar(
            console,
            "writing " + file.getFileName(),
            tensors.stream().mapToLong(TensorInfo::elements).sum());
    long started = System.nanoTime();
    Quantizer.write(file, type, metadata, tensors, source, workers, bar::at);
    bar.end();
    long sourceBytes = source.infos().stream().mapToLong(TensorInfo::byteSize).sum();
    return new Written(file, sourceBytes, tensors, (System.nanoTime() - started) / 1e9, again);
  }

  private static void requireSpace(Path file, long bytes) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    while (folder != null && !Files.isDirectory(folder)) {
      folder = folder.getParent();
    }
    long free = folder == null ? bytes : Files.getFileStore(folder).getUsableSpace();
    if (free < bytes) {
      throw new BadInputException(
          "%s: needs %s, but the disk has %s left; make room or choose fewer bits"
              .formatted(file, ShowCommand.bytes(bytes), ShowCommand.bytes(free)));
    }
  }

  /** Null, with the reason on standard error, where the models cannot be run. */
  private @Nullable QuantizationReport compare(Path source, Path file, Kernels kernels) {
    try (LanguageModel original = Models.open(source, kernels);
        LanguageModel quantized = Models.open(file, kernels)) {
      int[] tokens = tokens(source);
      ProgressBar bar = new ProgressBar(console, "comparing", tokens.length);
      QuantizationReport report = QuantizationReport.compare(original, quantized, tokens, bar::at);
      bar.end();
      return report;
    } catch (BadInputException e) {
      console.error("burhan: no comparison of the models: " + e.getMessage());
      return null;
    }
  }

  private int[] tokens(Path source) {
    String read = text == null ? QuantizationReport.text() : Prompt.read(text);
    int[] tokens = tokenizer(source).encode(read);
    if (tokens.length < 2) {
      throw new BadInputException(
          "the text has %d tokens, expected 2 or more".formatted(tokens.length));
    }
    return Arrays.copyOf(tokens, Math.min(tokens.length, textTokens));
  }

  private static Tokenizer tokenizer(Path source) {
    if (Files.isDirectory(source)) {
      return Tokenizer.open(source.resolve("tokenizer.json"));
    }
    try (GgufFiles files = GgufFiles.open(source)) {
      return Tokenizer.of(files.metadata());
    }
  }

  private void print(Written written) throws IOException {
    console.println(
        "%s  %s, %.2f bits a weight (from %s) in %.1f s"
            .formatted(
                written.file(),
                ShowCommand.bytes(Files.size(written.file())),
                written.bitsPerWeight(),
                ShowCommand.bytes(written.sourceBytes()),
                written.seconds()));
    console.println(
        byType(written.tensors()).entrySet().stream()
            .map(e -> e.getValue() + " tensors " + e.getKey())
            .collect(Collectors.joining(", ")));
  }

  private static Map<DType, Integer> byType(List<TensorInfo> tensors) {
    Map<DType, Integer> counts = new TreeMap<>();
    tensors.forEach(tensor -> counts.merge(tensor.type(), 1, Integer::sum));
    return counts;
  }

  private void print(QuantizationReport report) {
    console.println(
        String.format(
            Locale.ROOT,
            "against the source on %d tokens: same first choice %.1f %%, KL divergence %.5f"
                + " (worst %.4f), perplexity %.3f instead of %.3f",
            report.positions(),
            100 * report.sameTop(),
            report.meanDivergence(),
            report.worstDivergence(),
            report.perplexity(),
            report.sourcePerplexity()));
  }

  private void printJson(
      FileType type, Path source, Written written, @Nullable QuantizationReport report)
      throws IOException {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("source", source.toString());
    node.put("file", written.file().toString());
    node.put("type", type.name());
    node.put("pure", pure);
    node.put("source_bytes", written.sourceBytes());
    node.put("size_bytes", Files.size(written.file()));
    node.put("bits_per_weight", written.bitsPerWeight());
    node.put("requantized", written.again());
    node.put("seconds", written.seconds());
    ObjectNode types = node.putObject("tensors");
    byType(written.tensors()).forEach((name, count) -> types.put(name.name(), count));
    if (report == null) {
      node.putNull("report");
    } else {
      ObjectNode quality = node.putObject("report");
      quality.put("tokens", report.positions());
      quality.put("kl_divergence", report.meanDivergence());
      quality.put("kl_divergence_worst", report.worstDivergence());
      quality.put("top1_agreement", report.sameTop());
      quality.put("perplexity", report.perplexity());
      quality.put("source_perplexity", report.sourcePerplexity());
    }
    console.println(Json.mapper().writeValueAsString(node));
  }
}
