package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Learns a byte-level BPE vocabulary from texts and writes it as a {@code tokenizer.json} that any
 * Hugging Face library reads. The 256 bytes come first, then tokens that the recipe forces, then
 * learned ones, then added ones. An ASCII digit never merges, so that a model sees numbers digit by
 * digit. The same texts give the same file, in whatever order they come.
 */
public final class BpeTrainer {
  private static final int BYTES = 256;

  private final Recipe recipe;
  private final List<byte[]> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>(); // bytes as Latin-1 -> id
  private final List<long[]> merges = new ArrayList<>(); // {pair, joined id}

  /**
   * What to learn.
   *
   * @param vocabularySize bytes, forced and learned tokens together; fewer if the texts give fewer
   * @param forced texts that become one token each, such as every letter of an alphabet
   * @param normalizers applied in order
   * @param splits applied in order to the normalised text; merges never cross a split
   * @param added recognised before splitting; their ids are assigned anew, after the vocabulary
   * @param leastCount how often a pair must occur to be learned, at least 1
   */
  public record Recipe(
      int vocabularySize,
      List<String> forced,
      List<Normalizer> normalizers,
      List<PreTokenizer> splits,
      List<AddedToken> added,
      long leastCount) {
    public Recipe {
      forced = List.copyOf(forced);
      normalizers = List.copyOf(normalizers);
      splits = List.copyOf(splits);
      added = List.copyOf(added);
      if (vocabularySize < BYTES) {
        throw new BadInputException(
            "vocabulary size is " + vocabularySize + ", expected at least the 256 bytes");
      }
      if (leastCount < 1) {
        throw new BadInputException(
            "least count of a pair is " + leastCount + ", expected 1 or more");
      }
    }
  }

  private BpeTrainer(Recipe recipe) {
    this.recipe = recipe;
  }

  /**
   * Learns from texts and returns the {@code tokenizer.json}.
   *
   * @throws BadInputException if the vocabulary has no room for the forced tokens, or normalisation
   *     or a split takes one of them apart
   */
  public static String train(Recipe recipe, Iterable<String> texts) {
    return new BpeTrainer(recipe).train(texts);
  }

  private String train(Iterable<String> texts) {
    for (int b = 0; b < BYTES; b++) {
      token(new byte[] {(byte) b});
    }
    MergeLearner learner = new MergeLearner(this::mayJoin);
    words(texts)
        .forEach((word, count) ->
            learner.add(symbols(word.getBytes(StandardCharsets.ISO_8859_1)), count));
    force(learner);
    while (tokens.size() < recipe.vocabularySize()) {
      long pair = learner.best(recipe.leastCount());
      if (pair < 0) {
        break;
      }
      learner.join(pair, merge(pair));
    }
    String json = write();
    check(Tokenizer.parse(json, "the trained tokenizer"));
    return json;
  }

  // Distinct pieces and how often each occurs, in an order that does not depend on the texts'.
  private Map<String, Long> words(Iterable<String> texts) {
    UnaryOperator<String> normalizer = new Normalizer.Sequence(recipe.normalizers()).compile();
    PreTokenizer.Step split = new PreTokenizer.Sequence(recipe.splits()).compile();
    TreeMap<String, Long> words = new TreeMap<>();
    for (String text : texts) {
      String normal = normalizer.apply(Utf8.valid(text));
      for (String piece : split.apply(Pieces.whole(normal, true)).strings()) {
        words.merge(latin(piece.getBytes(StandardCharsets.UTF_8)), 1L, Long::sum);
      }
    }
    return words;
  }

  private void force(MergeLearner learner) {
    for (String text : recipe.forced()) {
      int[] symbols = symbols(text.getBytes(StandardCharsets.UTF_8));
      for (long[] known : merges) {
        symbols = MergeLearner.join(symbols, known[0], (int) known[1]);
      }
      while (symbols.length > 1) {
        if (tokens.size() >= recipe.vocabularySize()) {
          throw new BadInputException(
              "vocabulary of %d tokens has no room for the forced '%s'; raise its size"
                  .formatted(recipe.vocabularySize(), text));
        }
        long pair = MergeLearner.pair(symbols[0], symbols[1]);
        if (!mayJoin(pair)) {
          throw new BadInputException("forced token '" + text + "' would merge a digit");
        }
        int joined = merge(pair);
        learner.join(pair, joined);
        symbols = MergeLearner.join(symbols, pair, joined);
      }
    }
  }

  private static int[] symbols(byte[] bytes) {
    int[] symbols = new int[bytes.length];
    Arrays.setAll(symbols, i -> bytes[i] & 0xFF);
    return symbols;
  }

  private boolean mayJoin(long pair) {
    return !hasDigit(tokens.get((int) (pair >>> 32))) && !hasDigit(tokens.get((int) pair));
  }

  private static boolean hasDigit(byte[] token) {
    for (byte b : token) {
      if (b >= '0' && b <= '9') {
        return true;
      }
    }
    return false;
  }

  private int merge(long pair) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(tokens.get((int) (pair >>> 32)));
    bytes.writeBytes(tokens.get((int) pair));
    // Two pairs may join to the same bytes; they are one token with two merges.
    Integer known = ids.get(latin(bytes.toByteArray()));
    int joined = known == null ? token(bytes.toByteArray()) : known;
    merges.add(new long[] {pair, joined});
    return joined;
  }

  private int token(byte[] bytes) {
    ids.put(latin(bytes), tokens.size());
    tokens.add(bytes);
    return tokens.size() - 1;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void check(Tokenizer tokenizer) {
    for (String text : recipe.forced()) {
      int[] ids = tokenizer.encode(text);
      if (ids.length != 1 || !tokenizer.decode(ids).equals(text)) {
        throw new BadInputException(
            "forced token '%s' reads as %s; a normalizer or a split takes it apart"
                .formatted(text, tokenizer.pieces(text)));
      }
    }
  }

  private String write() {
    ObjectNode root = Json.mapper().createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (AddedToken token : recipe.added()) {
      added
          .addObject()
          .put("id", tokens.size() + added.size() - 1)
          .put("content", token.content())
          .put("single_word", token.singleWord())
          .put("lstrip", token.lstrip())
          .put("rstrip", token.rstrip())
          .put("normalized", token.normalized())
          .put("special", token.special());
    }
    root.set("normalizer", normalizer());
    List<PreTokenizer> splits = new ArrayList<>(recipe.splits());
    splits.add(new PreTokenizer.ByteLevel(false, false));
    root.set("pre_tokenizer", StepsWriter.of(new PreTokenizer.Sequence(splits)));
    root.putNull("post_processor");
    root.set("decoder", StepsWriter.byteLevel(false, false));
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(ByteAlphabet.write(tokens.get(id)), id);
    }
    ArrayNode written = model.putArray("merges");
    for (long[] merge : merges) {
      String left = ByteAlphabet.write(tokens.get((int) (merge[0] >>> 32)));
      written.add(left + " " + ByteAlphabet.write(tokens.get((int) merge[0])));
    }
    return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private JsonNode normalizer() {
    return recipe.normalizers().isEmpty()
        ? Json.mapper().nullNode()
        : StepsWriter.of(new Normalizer.Sequence(recipe.normalizers()));
  }
}
