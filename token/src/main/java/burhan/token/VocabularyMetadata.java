package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * The tokenizer of a model's folder as the keys and values of a GGUF file; {@link GgufVocabulary}
 * backwards. Knows no tensors and writes no file.
 *
 * <p>GGUF names a way to cut text rather than spelling it out, and knows no normalisation. For a
 * tokenizer beyond that the whole {@code tokenizer.json} goes into the file too, under the key that
 * the format has for it; Burhan reads that, other engines cut a little differently.
 */
public final class VocabularyMetadata {
  private static final long LARGEST_JSON = 60L << 20; // what a GGUF reader may take as one text

  private final Path folder;
  private final TokenizerJson.Parts parts;
  private final Json config; // tokenizer_config.json, or empty
  private final Map<String, Object> entries = new LinkedHashMap<>();
  private final boolean isWhole;
  private final int rows;

  private VocabularyMetadata(Path folder, int rows) {
    this.folder = folder;
    this.rows = rows;
    Path file = folder.resolve("tokenizer.json");
    byte[] json = read(file);
    this.parts = new TokenizerJson(file.toString()).parts(json);
    Path configFile = folder.resolve("tokenizer_config.json");
    this.config =
        Files.exists(configFile)
            ? Json.read(configFile)
            : Json.of(configFile.toString(), Json.mapper().createObjectNode());
    Optional<String> pre =
        parts.ofBytes()
            ? NamedSplit.nameOf(
                parts.preTokenizer(), parts.model().rest().flag("ignore_merges", false))
            : Optional.of("default");
    this.isWhole = pre.isPresent() && (parts.ofBytes() ? isPlain() : spacePrefix().isPresent());
    entries.put(GgufVocabulary.MODEL, parts.ofBytes() ? "gpt2" : "llama");
    entries.put(GgufVocabulary.PRE, pre.orElse("default"));
    tokens();
    special();
    if (!isWhole) {
      entries.put(GgufVocabulary.JSON, new String(json, StandardCharsets.UTF_8));
    }
    if (hasTemplate()) {
      entries.put(ChatFormat.GGUF_TEMPLATE, ChatFormat.open(folder).source());
    }
  }

  /**
   * Reads a folder's {@code tokenizer.json} and, where they are there, {@code
   * tokenizer_config.json}, {@code generation_config.json}, {@code config.json} and the chat
   * template.
   *
   * @param rows of the model's embedding, at least as many as tokens; the rest are filled up
   * @throws BadInputException if a file is missing or broken, or there are more tokens than rows
   */
  public static VocabularyMetadata of(Path folder, int rows) {
    return new VocabularyMetadata(folder, rows);
  }

  /** Keys and values, in the order to write: texts, numbers, flags, lists of texts, arrays. */
  public Map<String, Object> entries() {
    return Collections.unmodifiableMap(entries);
  }

  /** What other engines will do differently, as a sentence; empty if nothing. */
  public Optional<String> caution() {
    return isWhole
        ? Optional.empty()
        : Optional.of(
            "this tokenizer cuts text as no GGUF name says; Burhan reads its rules from the file,"
                + " other engines will give other tokens");
  }

  private static byte[] read(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST_JSON) {
        throw new BadInputException(
            file + ": " + size + " bytes, expected at most " + LARGEST_JSON);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInputException(
          file + ": cannot read it (" + e.getMessage() + "); expected a tokenizer.json", e);
    }
  }

  private void tokens() {
    Vocabulary vocabulary = parts.model().vocabulary();
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      tokens.add(vocabulary.token(id));
    }
    for (AddedToken token : parts.added()) {
      while (tokens.size() <= token.id()) {
        tokens.add("");
      }
      tokens.set(token.id(), token.content());
    }
    if (tokens.size() > rows) {
      throw new BadInputException(
          "%s: the tokenizer has %d tokens but the model has %d rows; expected a row for each token"
              .formatted(folder, tokens.size(), rows));
    }
    int[] types = new int[rows];
    for (int id = 0; id < rows; id++) {
      if (id >= tokens.size()) {
        tokens.add("");
      }
      boolean isByte = !parts.ofBytes() && Decoder.fallbackByte(tokens.get(id)) >= 0;
      types[id] = isByte ? GgufVocabulary.BYTE : GgufVocabulary.NORMAL;
      if (tokens.get(id).isEmpty()) {
        tokens.set(id, "[PAD" + id + "]");
        types[id] = GgufVocabulary.UNUSED;
      }
    }
    for (AddedToken token : parts.added()) {
      types[token.id()] = token.special() ? GgufVocabulary.CONTROL : GgufVocabulary.USER_DEFINED;
    }
    int unknown = vocabulary.id(parts.model().rest().text("unk_token", ""));
    if (unknown >= 0) {
      types[unknown] = GgufVocabulary.UNKNOWN;
      entries.put(SpecialTokens.UNKNOWN, unknown);
    }
    entries.put(GgufVocabulary.TOKENS, List.copyOf(tokens));
    entries.put(GgufVocabulary.TYPES, types);
    if (parts.ofBytes()) {
      entries.put(GgufVocabulary.MERGES, parts.model().mergeTexts());
    } else {
      entries.put(GgufVocabulary.SCORES, scores());
      entries.put(GgufVocabulary.SPACE_PREFIX, spacePrefix().orElse(true));
    }
  }

  // Merges are listed best first, those that give one token next to each other.
  private float[] scores() {
    float[] scores = new float[rows];
    int place = 0;
    for (int id : parts.model().joined()) {
      if (scores[id] == 0) {
        scores[id] = - ++place;
      }
    }
    for (int id = 0; id < rows; id++) {
      scores[id] = scores[id] == 0 ? -(place + 1) : scores[id];
    }
    return scores;
  }

  // Composing characters is what GGUF's engines leave out for all of its families.
  private boolean isPlain() {
    return steps(parts.normalizer()).stream().allMatch(new Normalizer.Unicode(Form.NFC)::equals);
  }

  /** Whether SentencePiece's space comes before a text; empty where the steps are others. */
  private Optional<Boolean> spacePrefix() {
    String space = String.valueOf(GgufVocabulary.SPACE);
    Normalizer prepend = new Normalizer.Prepend(space);
    Normalizer replace = new Normalizer.Replace(TextPattern.literal(" "), space);
    List<Normalizer> steps = steps(parts.normalizer());
    boolean noSplit = parts.preTokenizer().equals(new PreTokenizer.Sequence(List.of()));
    if (noSplit && steps.equals(List.of(prepend, replace))) {
      return Optional.of(true);
    }
    if (noSplit && steps.equals(List.of(replace))) {
      return Optional.of(false);
    }
    // A space only before the first of several stretches is what GGUF cannot say.
    return steps.isEmpty()
            && parts.preTokenizer()
                instanceof PreTokenizer.Metaspace(char replacement, var prefix, boolean split)
            && replacement == GgufVocabulary.SPACE
            && prefix != PreTokenizer.Metaspace.Prefix.FIRST
            && !split
        ? Optional.of(prefix == PreTokenizer.Metaspace.Prefix.ALWAYS)
        : Optional.empty();
  }

  private static List<Normalizer> steps(Normalizer normalizer) {
    return normalizer instanceof Normalizer.Sequence(List<Normalizer> steps)
        ? steps.stream().flatMap(step -> steps(step).stream()).toList()
        : List.of(normalizer);
  }

  private void special() {
    OptionalInt begin = token("bos_token", "bos_token_id");
    OptionalInt end = token("eos_token", "eos_token_id");
    begin.ifPresent(id -> entries.put(SpecialTokens.BEGIN, id));
    end.ifPresent(id -> entries.put(SpecialTokens.END, id));
    ids("generation_config.json", "eos_token_id").stream()
        .filter(id -> id != end.orElse(-1))
        .findFirst()
        .ifPresent(id -> entries.put(SpecialTokens.TURN, id));
    token("pad_token", "pad_token_id").ifPresent(id -> entries.put(SpecialTokens.PADDING, id));
    entries.put(SpecialTokens.ADD_BEGIN, adds("add_bos_token", begin, true));
    entries.put(SpecialTokens.ADD_END, adds("add_eos_token", end, false));
  }

  // A token's text counts; where there is none, the id that the model's configs have.
  private OptionalInt token(String name, String key) {
    Optional<String> text = ChatFormat.token(config, name);
    if (text.isPresent()) {
      int id = id(text.get());
      return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }
    for (String file : List.of("generation_config.json", "config.json")) {
      List<Integer> ids = ids(file, key);
      if (!ids.isEmpty()) {
        return OptionalInt.of(ids.getFirst());
      }
    }
    return OptionalInt.empty();
  }

  private int id(String text) {
    for (AddedToken token : parts.added()) {
      if (token.content().equals(text)) {
        return token.id();
      }
    }
    return parts.model().vocabulary().id(text);
  }

  private List<Integer> ids(String file, String key) {
    Path path = folder.resolve(file);
    List<Integer> ids = new ArrayList<>();
    if (Files.exists(path)) {
      JsonNode value = Json.read(path).node().path(key);
      for (JsonNode id : value.isArray() ? value : Json.mapper().createArrayNode().add(value)) {
        if (id.isInt() && id.intValue() >= 0 && id.intValue() < rows) {
          ids.add(id.intValue());
        }
      }
    }
    return ids;
  }

  // Said in the config, or by what the post-processor puts around one text.
  private boolean adds(String flag, OptionalInt token, boolean atStart) {
    if (config.has(flag)) {
      return config.flag(flag, false);
    }
    JsonNode around = parts.file().node().path("post_processor");
    List<JsonNode> steps = new ArrayList<>(List.of(around));
    around.path("processors").forEach(steps::add);
    for (JsonNode step : steps) {
      JsonNode single = step.path("single");
      String first =
          single
              .path(atStart ? 0 : single.size() - 1)
              .path("SpecialToken")
              .path("id")
              .stringValue("");
      if (token.isPresent() && !first.isEmpty() && id(first) == token.getAsInt()) {
        return true;
      }
    }
    return false;
  }

  private boolean hasTemplate() {
    return config.has("chat_template") || Files.exists(folder.resolve("chat_template.jinja"));
  }
}
