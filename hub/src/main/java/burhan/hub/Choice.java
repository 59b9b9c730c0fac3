package burhan.hub;

import burhan.tensor.BadInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What of a repository makes one model. Knows names and sizes; knows no network and no cache.
 *
 * @param files to fetch
 * @param opens the file that is opened; null if the folder is
 */
record Choice(List<RepoFile> files, @Nullable String opens) {
  /** Of the memory, for weights; the rest is for the cache of the attention and the system. */
  private static final double SHARE_FOR_WEIGHTS = 0.85;

  private static final Pattern BESIDE_WEIGHTS =
      Pattern.compile(
          "(config|generation_config|tokenizer[\\w.-]*|chat_template)\\.json|[\\w.-]+\\.jinja");
  private static final Pattern PAPERS = Pattern.compile("LICEN[CS]E[\\w.-]*|README\\.md");
  private static final Pattern SHARD = Pattern.compile("model-\\d+-of-\\d+\\.safetensors");
  private static final Pattern PICKLE =
      Pattern.compile("(?i).*\\.(bin|pt|pth|pkl|pickle|ckpt|onnx|h5|msgpack|npz|mlmodel)");
  private static final String INDEX = "model.safetensors.index.json";
  private static final String ONE_FILE = "model.safetensors";

  /**
   * Chooses.
   *
   * @param files of the repository
   * @param memoryBytes of this machine; among several quantisations the best that fits is taken
   * @throws BadInputException if nothing fits the name, or more than one model does
   */
  static Choice of(HubName name, List<RepoFile> files, long memoryBytes) {
    String wanted = name.choice();
    List<GgufVariant> variants = GgufVariant.of(files);
    if (wanted == null) {
      if (isSafetensors(files)) {
        return folder(files);
      }
      return withPapers(best(name, variants, files, memoryBytes), files);
    }
    for (RepoFile file : files) {
      if (file.name().equals(wanted)) {
        return exactly(name, file, variants);
      }
    }
    return withPapers(quantised(name, wanted, variants), files);
  }

  /** What a folder of the cache opens as; the files' sizes are not looked at. */
  static Choice local(HubName name, List<RepoFile> files) {
    return of(name, files, Long.MAX_VALUE);
  }

  /** How large a model may be that shall run in so much memory. */
  static long mostWeightBytes(long memoryBytes) {
    return (long) (memoryBytes * SHARE_FOR_WEIGHTS);
  }

  private static boolean isSafetensors(List<RepoFile> files) {
    return files.stream().anyMatch(f -> f.name().equals("config.json"))
        && !weights(files).isEmpty();
  }

  private static Choice folder(List<RepoFile> files) {
    List<RepoFile> chosen =
        matching(
            files,
            name ->
                BESIDE_WEIGHTS.matcher(name).matches()
                    || PAPERS.matcher(name).matches()
                    || name.equals(INDEX));
    chosen.addAll(weights(files));
    return new Choice(List.copyOf(chosen), null);
  }

  /** The weights, once: some repositories hold them a second time under the maker's own names. */
  private static List<RepoFile> weights(List<RepoFile> files) {
    List<RepoFile> shards = matching(files, name -> SHARD.matcher(name).matches());
    if (!shards.isEmpty() && files.stream().anyMatch(f -> f.name().equals(INDEX))) {
      return shards;
    }
    List<RepoFile> one = matching(files, ONE_FILE::equals);
    if (!one.isEmpty()) {
      return one;
    }
    return matching(
        files,
        name ->
            name.endsWith(".safetensors")
                && !name.startsWith("consolidated")
                && !name.startsWith("adapter_"));
  }

  private static List<RepoFile> matching(List<RepoFile> files, Predicate<String> name) {
    List<RepoFile> matching = new ArrayList<>();
    for (RepoFile file : files) {
      if (file.isAtRoot() && name.test(file.name())) {
        matching.add(file);
      }
    }
    return matching;
  }

  private static Choice exactly(HubName name, RepoFile file, List<GgufVariant> variants) {
    if (PICKLE.matcher(file.name()).matches()) {
      throw new BadInputException(
          "%s: '%s' is not fetched, because Burhan opens safetensors and GGUF only"
              .formatted(name.repo(), file.name()));
    }
    for (GgufVariant variant : variants) {
      if (variant.has(file.name())) {
        return new Choice(whole(name, variant).files(), variant.first().name());
      }
    }
    return new Choice(List.of(file), file.name());
  }

  private static GgufVariant whole(HubName name, GgufVariant variant) {
    if (!variant.isWhole()) {
      throw new BadInputException(
          "%s: '%s' has %d parts, but %d are there"
              .formatted(name.repo(), variant.stem(), variant.parts(), variant.files().size()));
    }
    return variant;
  }

  private static Choice withPapers(GgufVariant variant, List<RepoFile> files) {
    List<RepoFile> chosen = matching(files, file -> PAPERS.matcher(file).matches());
    chosen.addAll(variant.files());
    return new Choice(List.copyOf(chosen), variant.first().name());
  }

  private static GgufVariant quantised(HubName name, String wanted, List<GgufVariant> variants) {
    String upper = wanted.toUpperCase(Locale.ROOT);
    List<Predicate<GgufVariant>> ever =
        List.of(
            v -> v.quantisation().equals(upper),
            v -> v.quantisation().equals("UD-" + upper),
            v -> v.quantisation().startsWith(upper));
    for (Predicate<GgufVariant> lenient : ever) {
      List<GgufVariant> found = variants.stream().filter(lenient).toList();
      if (found.size() == 1) {
        return whole(name, found.getFirst());
      }
      if (found.size() > 1) {
        throw new BadInputException(
            "%s: ':%s' could mean %s; write one of them behind the colon"
                .formatted(name.repo(), wanted, listed(found)));
      }
    }
    throw new BadInputException(
        "%s: no file and no quantisation '%s'; there %s"
            .formatted(
                name.repo(),
                wanted,
                variants.isEmpty() ? "is no GGUF file" : "is " + listed(variants)));
  }

  /** Quantisations where they differ, files where they do not. */
  private static String listed(List<GgufVariant> variants) {
    long different = variants.stream().map(GgufVariant::choice).distinct().count();
    return variants.stream()
        .map(v -> different == variants.size() ? v.choice() : v.first().name())
        .collect(Collectors.joining(", "));
  }

  private static GgufVariant best(
      HubName name, List<GgufVariant> variants, List<RepoFile> files, long memoryBytes) {
    List<GgufVariant> whole = variants.stream().filter(GgufVariant::isWhole).toList();
    if (whole.isEmpty()) {
      throw new BadInputException(nothing(name, variants, files));
    }
    if (whole.size() == 1) {
      return whole.getFirst();
    }
    if (memoryBytes == Long.MAX_VALUE) {
      throw new BadInputException(
          "%s: several models are in the cache, %s; write one of them behind a colon"
              .formatted(name.repo(), listed(whole)));
    }
    long most = mostWeightBytes(memoryBytes);
    // More than eight bits double the size and the time per token, and nobody sees the difference.
    List<GgufVariant> quantised = whole.stream().filter(v -> !v.isUnquantised()).toList();
    List<GgufVariant> candidates = quantised.isEmpty() ? whole : quantised;
    Comparator<GgufVariant> bySize = Comparator.comparingLong(GgufVariant::bytes);
    return candidates.stream()
        .filter(v -> v.bytes() <= most)
        .max(bySize)
        .orElseThrow(() -> {
          GgufVariant smallest = candidates.stream().min(bySize).orElseThrow();
          return new BadInputException(
              "%s: the smallest model, %s, has %s, too much for %s of memory; write :%s to fetch it all the same"
                  .formatted(
                      name.repo(),
                      smallest.choice(),
                      Sizes.bytes(smallest.bytes()),
                      Sizes.bytes(memoryBytes),
                      smallest.choice()));
        });
  }

  private static String nothing(HubName name, List<GgufVariant> variants, List<RepoFile> files) {
    if (!variants.isEmpty()) {
      return "%s: parts of every GGUF file are missing".formatted(name.repo());
    }
    boolean hasPickle = files.stream().anyMatch(f -> PICKLE.matcher(f.name()).matches());
    return "%s: no safetensors with a config.json and no GGUF file%s"
        .formatted(
            name.repo(),
            hasPickle
                ? ", only formats that Burhan does not open; look for a conversion to GGUF"
                : "; look for another repository of this model");
  }
}
