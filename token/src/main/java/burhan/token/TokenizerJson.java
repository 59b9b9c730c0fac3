package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a {@code tokenizer.json} and puts a tokenizer together: vocabulary, merges and added tokens
 * here, the processing steps in {@link StepsJson}. Everything is checked before it is used; what is
 * not understood is refused rather than skipped. Not read: {@code post_processor}, {@code
 * truncation}, {@code padding}, which concern what is put around a text.
 */
final class TokenizerJson {
  /** Far above any vocabulary in use. */
  private static final int HIGHEST_ID = (1 << 22) - 1;

  /** Ids may have holes, but what a file makes us allocate is to be in proportion to it. */
  private static final int MOST_HOLES = 200_000;

  private static final int LONGEST_ADDED = 256;
  private static final int LONGEST_TOKEN = 65_536;

  // The largest vocabularies in use have some 3 million JSON tokens.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(8_000_000).build())
                  .build())
          .build();

  private final String name;

  TokenizerJson(String name) {
    this.name = name;
  }

  Tokenizer read(byte[] json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new BadInputException(
          name + ": not valid JSON (" + e.getOriginalMessage() + "); expected a tokenizer.json", e);
    } catch (StackOverflowError e) {
      throw new BadInputException(name + ": JSON nested too deeply for a tokenizer.json", e);
    }
    Json file = Json.of(name, root);
    StepsJson steps = new StepsJson();
    PreTokenizer preTokenizer = steps.preTokenizer(file);
    boolean ofBytes = StepsJson.isByteLevel(preTokenizer);
    Json model = file.object("model");
    String type = model.text("type", "BPE");
    if (!type.equals("BPE")) {
      throw new BadInputException(
          name + ": model type is " + type + ", expected BPE, the only one supported");
    }
    refuseVariants(model);
    List<String> vocabulary = vocabulary(model);
    BpeModel bpe = model(model, vocabulary, ofBytes);
    UnaryOperator<String> normalizer = steps.normalizer(file).compile();
    return new Tokenizer(
        normalizer,
        preTokenizer.compile(),
        bpe,
        steps.decoder(file, ofBytes),
        vocabulary,
        added(file, vocabulary));
  }

  private static void refuseVariants(Json model) {
    for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (!model.text(affix, "").isEmpty()) {
        throw bad(model, affix, "none: word affixes are not supported");
      }
    }
    JsonNode dropout = model.node().path("dropout");
    if (dropout.isNumber() && dropout.doubleValue() != 0) {
      throw bad(model, "dropout", "none: tokens must not depend on chance");
    }
  }

  private List<String> vocabulary(Json model) {
    Json vocab = model.object("vocab");
    int highest = -1;
    for (Map.Entry<String, JsonNode> entry : vocab.node().properties()) {
      JsonNode id = entry.getValue();
      if (!id.isInt() || id.intValue() < 0 || id.intValue() > HIGHEST_ID) {
        throw bad(vocab, entry.getKey(), "an id from 0 to " + HIGHEST_ID);
      }
      if (entry.getKey().length() > LONGEST_TOKEN) {
        throw new BadInputException(
            vocab.where() + ": token " + id + " has more than " + LONGEST_TOKEN + " characters");
      }
      highest = Math.max(highest, id.intValue());
    }
    if (highest > MOST_HOLES + 4L * vocab.node().size()) {
      throw new BadInputException(
          "%s: the highest id is %d but there are only %d tokens; expected ids without large gaps"
              .formatted(vocab.where(), highest, vocab.node().size()));
    }
    List<String> tokens = new ArrayList<>(Collections.nCopies(highest + 1, ""));
    for (Map.Entry<String, JsonNode> entry : vocab.node().properties()) {
      String before = tokens.set(entry.getValue().intValue(), Utf8.valid(entry.getKey()));
      if (!before.isEmpty()) {
        throw new BadInputException(
            String.format(
                "%s: tokens '%s' and '%s' both have id %d, expected one token for each id",
                vocab.where(), shown(before), shown(entry.getKey()), entry.getValue().intValue()));
      }
    }
    return tokens;
  }

  private BpeModel model(Json model, List<String> vocabulary, boolean ofBytes) {
    Map<String, Integer> ids = HashMap.newHashMap(vocabulary.size());
    byte[][] bytes = new byte[vocabulary.size()][];
    int[] byteIds = new int[256];
    Arrays.fill(byteIds, -1);
    boolean fallback = model.flag("byte_fallback", false);
    for (int id = 0; id < bytes.length; id++) {
      String token = vocabulary.get(id);
      ids.put(token, id);
      boolean reachable = !ofBytes || ByteAlphabet.isWritten(token);
      bytes[id] =
          ofBytes && reachable
              ? ByteAlphabet.read(token)
              : reachable ? token.getBytes(StandardCharsets.UTF_8) : new byte[0];
      if (ofBytes && bytes[id].length == 1) {
        byteIds[bytes[id][0] & 0xFF] = id;
      } else if (!ofBytes && fallback && Decoder.fallbackByte(token) >= 0) {
        byteIds[Decoder.fallbackByte(token)] = id;
      }
    }
    JsonNode merges = StepsJson.array(model, "merges");
    int[] pairs = new int[Math.multiplyExact(2, merges.size())];
    int[] merged = new int[merges.size()];
    for (int rank = 0; rank < merged.length; rank++) {
      String[] pair = pair(model, merges.path(rank), rank);
      pairs[2 * rank] = id(model, ids, pair[0], rank);
      pairs[2 * rank + 1] = id(model, ids, pair[1], rank);
      merged[rank] = id(model, ids, pair[0] + pair[1], rank);
    }
    String unknown = model.text("unk_token", "");
    return new BpeModel(
        bytes,
        pairs,
        merged,
        byteIds,
        ofBytes,
        unknown.isEmpty() ? -1 : ids.getOrDefault(unknown, -1),
        model.flag("fuse_unk", false),
        model.flag("ignore_merges", false));
  }

  private static String[] pair(Json model, JsonNode merge, int rank) {
    if (merge.isArray() && merge.size() == 2) {
      if (merge.path(0).isString() && merge.path(1).isString()) {
        return new String[] {merge.path(0).stringValue(), merge.path(1).stringValue()};
      }
    } else if (merge.isString()) {
      String[] pair = merge.stringValue().split(" ", -1);
      if (pair.length == 2) {
        return pair;
      }
    }
    throw new BadInputException(
        model.where()
            + ": merges["
            + rank
            + "] is "
            + shown(merge.toString())
            + ", expected two tokens, as \"a b\" or [\"a\", \"b\"]");
  }

  private static int id(Json model, Map<String, Integer> ids, String token, int rank) {
    Integer id = token.isEmpty() ? null : ids.get(token);
    if (id == null) {
      throw new BadInputException(
          String.format(
              "%s: merges[%d] names the token '%s', which is not in the vocabulary of %d tokens",
              model.where(), rank, shown(token), ids.size()));
    }
    return id;
  }

  private List<AddedToken> added(Json file, List<String> vocabulary) {
    if (!file.has("added_tokens")) {
      return List.of();
    }
    Map<Integer, String> byId = new HashMap<>();
    Map<String, Integer> byContent = new HashMap<>();
    List<AddedToken> added = new ArrayList<>();
    for (Json item : StepsJson.objects(file, "added_tokens")) {
      AddedToken token = added(item, vocabulary.size());
      String at = token.id() < vocabulary.size() ? vocabulary.get(token.id()) : "";
      String taken = byId.putIfAbsent(token.id(), token.content());
      if (taken != null || (!at.isEmpty() && !at.equals(token.content()))) {
        throw new BadInputException(
            String.format(
                "%s: '%s' has id %d, which '%s' has already; expected one token for each id",
                item.where(),
                shown(token.content()),
                token.id(),
                shown(taken == null ? at : taken)));
      }
      if (byContent.putIfAbsent(token.content(), token.id()) != null) {
        throw new BadInputException(
            item.where() + ": '" + shown(token.content()) + "' is added twice; expected once");
      }
      added.add(token);
    }
    return added;
  }

  private static AddedToken added(Json item, int vocabularySize) {
    String content = Utf8.valid(item.text("content"));
    if (content.isEmpty() || content.length() > LONGEST_ADDED) {
      throw bad(item, "content", "1 to " + LONGEST_ADDED + " characters");
    }
    return new AddedToken(
        item.integer("id", 0, Math.min(HIGHEST_ID, MOST_HOLES + 4 * vocabularySize)),
        content,
        item.flag("special", false),
        item.flag("normalized", false),
        item.flag("lstrip", false),
        item.flag("rstrip", false),
        item.flag("single_word", false));
  }

  static BadInputException bad(Json object, String field, String expected) {
    JsonNode value = object.node().path(field);
    String got = value.isMissingNode() ? "missing" : shown(value.toString());
    return new BadInputException(
        "%s: '%s' is %s, expected %s".formatted(object.where(), shown(field), got, expected));
  }

  private static String shown(String token) {
    return token.length() <= 40 ? token : token.substring(0, 40) + "...";
  }
}
