package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code model} of a {@code tokenizer.json} as it streams by: vocabulary and merges, which are
 * nearly all of the file, go straight into arrays; the rest is kept as a small tree. Everything is
 * checked before it is used. Knows no processing steps and no added tokens.
 */
final class ModelJson {
  /** Far above any vocabulary in use. */
  static final int HIGHEST_ID = (1 << 22) - 1;

  /** Ids may have holes, but what a file makes us allocate is to be in proportion to it. */
  static final int MOST_HOLES = 200_000;

  private static final int LONGEST_TOKEN = 65_536;

  private final String where;
  private final ObjectNode rest = Json.mapper().createObjectNode();
  private final List<String> names = new ArrayList<>();
  private final Ids ids = new Ids(1 << 16);
  private final List<String> pairs = new ArrayList<>(); // left at 2r, right at 2r + 1
  private Vocabulary vocabulary = new Vocabulary(new String[0]);
  private boolean hasVocabulary;
  private boolean hasMerges;

  private ModelJson(String where) {
    this.where = where;
  }

  /** Reads the object that the parser has just entered, to its end. */
  static ModelJson read(JsonParser parser, String where) {
    ModelJson model = new ModelJson(where);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      JsonToken first = parser.nextToken();
      if (field.equals("vocab") && first == JsonToken.START_OBJECT) {
        TokenizerJson.once(!model.hasVocabulary, where, field);
        model.hasVocabulary = true;
        model.tokens(parser);
      } else if (field.equals("merges") && first == JsonToken.START_ARRAY) {
        TokenizerJson.once(!model.hasMerges, where, field);
        model.hasMerges = true;
        model.merges(parser);
      } else {
        TokenizerJson.once(!model.rest.has(field), where, field);
        model.rest.set(field, parser.readValueAsTree());
      }
    }
    return model;
  }

  private void tokens(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String token = parser.currentName();
      boolean isInt =
          parser.nextToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getNumberType() == JsonParser.NumberType.INT;
      if (!isInt || parser.getIntValue() < 0 || parser.getIntValue() > HIGHEST_ID) {
        throw new BadInputException(
            "%s: 'vocab': '%s' is %s, expected an id from 0 to %d"
                .formatted(
                    where,
                    TokenizerJson.shown(token),
                    TokenizerJson.shown(String.valueOf(parser.getString())),
                    HIGHEST_ID));
      }
      if (token.length() > LONGEST_TOKEN) {
        throw new BadInputException(
            "%s: 'vocab': token %d has more than %d characters"
                .formatted(where, parser.getIntValue(), LONGEST_TOKEN));
      }
      names.add(Utf8.valid(token));
      ids.add(parser.getIntValue());
    }
  }

  private void merges(JsonParser parser) {
    for (JsonToken at = parser.nextToken(); at != JsonToken.END_ARRAY; at = parser.nextToken()) {
      int rank = pairs.size() / 2;
      if (at == JsonToken.VALUE_STRING) {
        String both = parser.getString();
        int space = both.indexOf(' ');
        if (space < 0 || both.indexOf(' ', space + 1) >= 0) {
          throw badMerge(rank, parser.readValueAsTree());
        }
        pairs.add(both.substring(0, space));
        pairs.add(both.substring(space + 1));
      } else {
        JsonNode pair = parser.readValueAsTree();
        if (!pair.isArray()
            || pair.size() != 2
            || !pair.path(0).isString()
            || !pair.path(1).isString()) {
          throw badMerge(rank, pair);
        }
        pairs.add(pair.path(0).stringValue());
        pairs.add(pair.path(1).stringValue());
      }
    }
  }

  private BadInputException badMerge(int rank, JsonNode merge) {
    return new BadInputException(
        "%s: merges[%d] is %s, expected two tokens, as \"a b\" or [\"a\", \"b\"]"
            .formatted(where, rank, TokenizerJson.shown(merge.toString())));
  }

  /** The fields that are neither vocabulary nor merges. */
  Json rest() {
    return Json.of(where, rest);
  }

  /** The tokens by id; to be asked for once everything is read. */
  Vocabulary vocabulary() {
    if (!hasVocabulary) {
      rest().object("vocab"); // says what is there instead
    }
    if (vocabulary.size() > 0 || names.isEmpty()) {
      return vocabulary;
    }
    int highest = -1;
    for (int i = 0; i < ids.size(); i++) {
      highest = Math.max(highest, ids.at(i));
    }
    if (highest > MOST_HOLES + 4L * names.size()) {
      throw new BadInputException(
          "%s: 'vocab': the highest id is %d but there are only %d tokens; expected ids without large gaps"
              .formatted(where, highest, names.size()));
    }
    String[] tokens = new String[highest + 1];
    Arrays.fill(tokens, "");
    for (int i = 0; i < names.size(); i++) {
      String before = tokens[ids.at(i)];
      if (!before.isEmpty()) {
        throw new BadInputException(
            "%s: 'vocab': tokens '%s' and '%s' both have id %d, expected one token for each id"
                .formatted(
                    where,
                    TokenizerJson.shown(before),
                    TokenizerJson.shown(names.get(i)),
                    ids.at(i)));
      }
      tokens[ids.at(i)] = names.get(i);
    }
    vocabulary = new Vocabulary(tokens);
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isEmpty() && vocabulary.id(names.get(i)) != ids.at(i)) {
        throw new BadInputException(
            "%s: 'vocab': token '%s' stands there twice, expected once"
                .formatted(where, TokenizerJson.shown(names.get(i))));
      }
    }
    return vocabulary;
  }

  /** The merges as GGUF files write them: two tokens with a space between. */
  List<String> mergeTexts() {
    List<String> texts = new ArrayList<>(pairs.size() / 2);
    for (int rank = 0; rank < pairs.size() / 2; rank++) {
      texts.add(pairs.get(2 * rank) + " " + pairs.get(2 * rank + 1));
    }
    return texts;
  }

  /** By rank: the id that a merge gives. */
  int[] joined() {
    return merges(vocabulary()).joined();
  }

  /** The merges and bytes put together. */
  BpeModel compile(boolean ofBytes) {
    Vocabulary all = vocabulary();
    if (!hasMerges) {
      StepsJson.array(rest(), "merges");
    }
    Json settings = rest();
    boolean fallback = settings.flag("byte_fallback", false);
    byte[][] bytes = new byte[all.size()][];
    int[] byteIds = new int[256];
    Arrays.fill(byteIds, -1);
    for (int id = 0; id < bytes.length; id++) {
      String token = all.token(id);
      byte[] own =
          ofBytes ? ByteAlphabet.readOrNull(token) : token.getBytes(StandardCharsets.UTF_8);
      bytes[id] = own == null ? new byte[0] : own;
      if (ofBytes && bytes[id].length == 1) {
        byteIds[bytes[id][0] & 0xFF] = id;
      } else if (!ofBytes && fallback && Decoder.fallbackByte(token) >= 0) {
        byteIds[Decoder.fallbackByte(token)] = id;
      }
    }
    String unknown = settings.text("unk_token", "");
    return new BpeModel(
        bytes,
        bytes.length,
        merges(all),
        byteIds,
        ofBytes,
        all.id(unknown),
        settings.flag("fuse_unk", false),
        settings.flag("ignore_merges", false));
  }

  private Merges merges(Vocabulary all) {
    int[] lefts = new int[pairs.size() / 2];
    int[] rights = new int[lefts.length];
    int[] joined = new int[lefts.length];
    for (int rank = 0; rank < lefts.length; rank++) {
      String left = pairs.get(2 * rank);
      String right = pairs.get(2 * rank + 1);
      lefts[rank] = id(all.id(left), left, rank);
      rights[rank] = id(all.id(right), right, rank);
      joined[rank] = all.id(left, right);
      if (joined[rank] < 0) {
        id(-1, left + right, rank);
      }
    }
    return Merges.ranked(lefts, rights, joined);
  }

  private int id(int found, String token, int rank) {
    if (found < 0) {
      throw new BadInputException(
          "%s: merges[%d] names the token '%s', which is not in the vocabulary of %d tokens"
              .formatted(where, rank, TokenizerJson.shown(token), names.size()));
    }
    return found;
  }
}
