package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a {@code tokenizer.json} and puts a tokenizer together: vocabulary and merges in {@link
 * ModelJson}, the processing steps in {@link StepsJson}, added tokens here. What is not understood
 * is refused rather than skipped. Not read: {@code post_processor}, {@code truncation}, {@code
 * padding}, which concern what is put around a text.
 */
final class TokenizerJson {
  private static final int LONGEST_ADDED = 256;

  // The largest vocabularies in use have some 3 million JSON tokens.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(8_000_000).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private final String name;
  private final ObjectNode rest = Json.mapper().createObjectNode();
  private @Nullable ModelJson model;

  TokenizerJson(String name) {
    this.name = name;
  }

  /**
   * What the file says, checked.
   *
   * @param file everything but vocabulary and merges
   * @param ofBytes whether tokens are written in the byte alphabet
   */
  record Parts(
      Json file,
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      boolean ofBytes,
      ModelJson model,
      List<AddedToken> added) {}

  Tokenizer read(byte[] json) {
    Parts parts = parts(json);
    Vocabulary vocabulary = parts.model.vocabulary();
    BpeModel bpe = parts.model.compile(parts.ofBytes);
    return new Tokenizer(
        parts.normalizer.compile(),
        parts.preTokenizer.compile(),
        bpe,
        new StepsJson().decoder(parts.file, parts.ofBytes),
        vocabulary,
        parts.added,
        new BitSet());
  }

  Parts parts(byte[] json) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      stream(parser);
    } catch (JacksonException e) {
      throw new BadInputException(
          name + ": not valid JSON (" + e.getOriginalMessage() + "); expected a tokenizer.json", e);
    } catch (StackOverflowError e) {
      throw new BadInputException(name + ": JSON nested too deeply for a tokenizer.json", e);
    }
    Json file = Json.of(name, rest);
    StepsJson steps = new StepsJson();
    PreTokenizer preTokenizer = steps.preTokenizer(file);
    if (model == null) {
      throw new BadInputException(file.object("model").where() + " is not an object");
    }
    Json settings = model.rest();
    String type = settings.text("type", "BPE");
    if (!type.equals("BPE")) {
      throw new BadInputException(
          name + ": model type is " + type + ", expected BPE, the only one supported");
    }
    refuseVariants(settings);
    Vocabulary vocabulary = model.vocabulary();
    return new Parts(
        file,
        steps.normalizer(file),
        preTokenizer,
        StepsJson.isByteLevel(preTokenizer),
        model,
        added(file, vocabulary));
  }

  private void stream(JsonParser parser) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      JsonNode node =
          parser.currentToken() == null ? MissingNode.getInstance() : parser.readValueAsTree();
      throw new BadInputException(
          "%s: expected a JSON object, got %s".formatted(name, node.getNodeType()));
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      once(!rest.has(field) && (model == null || !field.equals("model")), name, field);
      if (parser.nextToken() == JsonToken.START_OBJECT && field.equals("model")) {
        model = ModelJson.read(parser, name + ": 'model'");
      } else {
        rest.set(field, parser.readValueAsTree());
      }
    }
    if (parser.nextToken() != null) {
      throw new BadInputException(
          name + ": more text behind the JSON object; expected a tokenizer.json");
    }
  }

  static void once(boolean isNew, String where, String field) {
    if (!isNew) {
      throw new BadInputException(
          "%s: '%s' stands there twice, expected once".formatted(where, shown(field)));
    }
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

  private List<AddedToken> added(Json file, Vocabulary vocabulary) {
    if (!file.has("added_tokens")) {
      return List.of();
    }
    Map<Integer, String> byId = new HashMap<>();
    Map<String, Integer> byContent = new HashMap<>();
    List<AddedToken> added = new ArrayList<>();
    for (Json item : StepsJson.objects(file, "added_tokens")) {
      AddedToken token = added(item, vocabulary.size());
      String at = token.id() < vocabulary.size() ? vocabulary.token(token.id()) : "";
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
        item.integer(
            "id", 0, Math.min(ModelJson.HIGHEST_ID, ModelJson.MOST_HOLES + 4 * vocabularySize)),
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

  static String shown(String token) {
    return token.length() <= 40 ? token : token.substring(0, 40) + "...";
  }
}
