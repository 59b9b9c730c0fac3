package burhan.engine;

import burhan.checkpoint.Gguf;
import burhan.checkpoint.GgufFiles;
import burhan.checkpoint.GgufMetadata;
import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import burhan.token.ChatFormat;
import burhan.token.SpecialTokens;
import burhan.token.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a model's files hold beside its weights: how text becomes tokens, how a conversation is
 * written, what ends an answer and how it is sampled. Knows the two forms, folder and GGUF.
 *
 * @param format plain lines for a model without a chat template; null for none at all
 * @param endTokens ids that end an answer
 */
public record TextFiles(
    Tokenizer tokenizer, @Nullable ChatFormat format, Set<Integer> endTokens, Sampling sampling) {

  /**
   * @param path a folder or a GGUF file
   * @param vocabSize rows of the model's logits
   * @throws BadInputException if a file is missing, broken or not supported
   */
  public static TextFiles open(Path path, int vocabSize) {
    if (!Gguf.isGguf(path)) {
      return ofFolder(path, vocabSize);
    }
    try (GgufFiles files = GgufFiles.open(path)) {
      GgufMetadata keys = files.metadata();
      Tokenizer tokenizer = Tokenizer.of(keys);
      if (tokenizer.size() > vocabSize) {
        throw keys.bad(
            "tokenizer.ggml.tokens",
            "holds %d tokens, but the model has %d".formatted(tokenizer.size(), vocabSize));
      }
      return new TextFiles(
          tokenizer,
          ChatFormat.isIn(keys) ? ChatFormat.of(keys) : ChatFormat.plain(ChatFormat.tokens(keys)),
          SpecialTokens.of(keys).ends(),
          Sampling.RECOMMENDED);
    }
  }

  private static TextFiles ofFolder(Path folder, int vocabSize) {
    Tokenizer tokenizer = tokenizer(folder);
    ChatFormat format = hasTemplate(folder) ? ChatFormat.open(folder) : ChatFormat.plain(Map.of());
    Set<Integer> endTokens = new TreeSet<>(EndTokens.read(folder, vocabSize));
    format.token("eos_token").map(tokenizer::id).ifPresent(id -> id.ifPresent(endTokens::add));
    return new TextFiles(tokenizer, format, Set.copyOf(endTokens), OwnSampling.read(folder));
  }

  /** The tokenizer alone, of a folder, a GGUF file or a {@code tokenizer.json}. */
  public static Tokenizer tokenizer(Path path) {
    if (Files.isDirectory(path) || !Files.exists(path)) {
      return Tokenizer.open(path.resolve("tokenizer.json"));
    }
    if (!Gguf.isGguf(path)) {
      return Tokenizer.open(path);
    }
    try (GgufFiles files = GgufFiles.open(path)) {
      return Tokenizer.of(files.metadata());
    }
  }

  private static boolean hasTemplate(Path folder) {
    Path config = folder.resolve("tokenizer_config.json");
    return Files.exists(folder.resolve("chat_template.jinja"))
        || (Files.exists(config) && Json.read(config).has("chat_template"));
  }
}
