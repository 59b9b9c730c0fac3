package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import burhan.token.PreTokenizer.Behavior;
import burhan.token.PreTokenizer.Metaspace.Prefix;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Reads the processing steps of a {@code tokenizer.json}: normalizer, pre-tokenizer, decoder. */
final class StepsJson {
  private static final int DEEPEST = 16;
  private static final int LONGEST_INSERT = 1_000;
  private static final PreTokenizer NO_SPLIT = new PreTokenizer.Sequence(List.of());

  Normalizer normalizer(Json file) {
    return file.has("normalizer")
        ? normalizer(file.object("normalizer"), 0)
        : new Normalizer.Sequence(List.of());
  }

  private Normalizer normalizer(Json step, int depth) {
    String type = type(step, depth);
    return switch (type) {
      case "NFC", "NFD", "NFKC", "NFKD" -> new Normalizer.Unicode(Form.valueOf(type));
      case "Lowercase" -> new Normalizer.Lowercase();
      case "StripAccents" -> new Normalizer.StripAccents();
      case "Strip" ->
          new Normalizer.Strip(step.flag("strip_left", true), step.flag("strip_right", true));
      case "Prepend" -> new Normalizer.Prepend(bounded(step, "prepend"));
      case "Replace" -> new Normalizer.Replace(pattern(step), bounded(step, "content"));
      case "Sequence" ->
          new Normalizer.Sequence(
              objects(step, "normalizers").stream().map(s -> normalizer(s, depth + 1)).toList());
      default ->
          throw unknown(
              step,
              type,
              "NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace or Sequence");
    };
  }

  PreTokenizer preTokenizer(Json file) {
    if (!file.has("pre_tokenizer")) {
      return NO_SPLIT;
    }
    PreTokenizer steps = preTokenizer(file.object("pre_tokenizer"), 0);
    // After a byte-level step the reference sees stand-ins instead of text. No known file splits
    // these once more, and we never build them.
    if (countByteLevel(steps) > (isByteLevel(steps) ? 1 : 0)) {
      throw new BadInputException(
          file.where() + ": pre_tokenizer: ByteLevel is not the last step, expected it there");
    }
    return steps;
  }

  private PreTokenizer preTokenizer(Json step, int depth) {
    String type = type(step, depth);
    return switch (type) {
      case "Split" ->
          new PreTokenizer.Split(pattern(step), behavior(step), step.flag("invert", false));
      case "Digits" -> new PreTokenizer.Digits(step.flag("individual_digits", false));
      case "ByteLevel" ->
          new PreTokenizer.ByteLevel(
              step.flag("add_prefix_space", true), step.flag("use_regex", true));
      case "Metaspace" -> metaspace(step);
      case "Sequence" ->
          new PreTokenizer.Sequence(
              objects(step, "pretokenizers").stream()
                  .map(s -> preTokenizer(s, depth + 1))
                  .toList());
      default -> throw unknown(step, type, "Split, Digits, ByteLevel, Metaspace or Sequence");
    };
  }

  private static PreTokenizer metaspace(Json step) {
    String replacement = step.text("replacement", "▁");
    if (replacement.length() != 1) {
      throw TokenizerJson.bad(step, "replacement", "one character");
    }
    String scheme =
        step.text("prepend_scheme", step.flag("add_prefix_space", true) ? "always" : "never");
    Prefix prefix =
        switch (scheme) {
          case "always" -> Prefix.ALWAYS;
          case "first" -> Prefix.FIRST;
          case "never" -> Prefix.NEVER;
          default -> throw TokenizerJson.bad(step, "prepend_scheme", "always, first or never");
        };
    return new PreTokenizer.Metaspace(replacement.charAt(0), prefix, step.flag("split", true));
  }

  private static Behavior behavior(Json step) {
    String name = step.text("behavior").toLowerCase(Locale.ROOT).replace("_", "");
    for (Behavior behavior : Behavior.values()) {
      if (behavior.name().toLowerCase(Locale.ROOT).replace("_", "").equals(name)) {
        return behavior;
      }
    }
    throw TokenizerJson.bad(step, "behavior", "Isolated or its like");
  }

  private static String bounded(Json step, String field) {
    String text = Utf8.valid(step.text(field));
    if (text.length() > LONGEST_INSERT) {
      throw TokenizerJson.bad(step, field, "at most " + LONGEST_INSERT + " characters");
    }
    return text;
  }

  private static TextPattern pattern(Json step) {
    Json pattern = step.object("pattern");
    return pattern.has("Regex")
        ? TextPattern.regex(pattern.text("Regex"))
        : TextPattern.literal(pattern.text("String"));
  }

  static boolean isByteLevel(PreTokenizer steps) {
    return switch (steps) {
      case PreTokenizer.ByteLevel _ -> true;
      case PreTokenizer.Sequence(List<PreTokenizer> all) ->
          !all.isEmpty() && isByteLevel(all.getLast());
      case PreTokenizer.Split _, PreTokenizer.Digits _, PreTokenizer.Metaspace _ -> false;
    };
  }

  private static int countByteLevel(PreTokenizer steps) {
    return switch (steps) {
      case PreTokenizer.ByteLevel _ -> 1;
      case PreTokenizer.Sequence(List<PreTokenizer> all) ->
          all.stream().mapToInt(StepsJson::countByteLevel).sum();
      case PreTokenizer.Split _, PreTokenizer.Digits _, PreTokenizer.Metaspace _ -> 0;
    };
  }

  Decoder decoder(Json file, boolean ofBytes) {
    if (!file.has("decoder")) {
      return ofBytes ? Decoder.BYTE_LEVEL : new Decoder(false, List.of(), false, "", 0);
    }
    Draft draft = new Draft();
    decode(file.object("decoder"), draft, 0);
    if (draft.ofBytes && (draft.byteFallback || !draft.replacements.isEmpty())) {
      throw new BadInputException(
          file.where() + ": decoder: ByteLevel together with other steps is not supported");
    }
    return new Decoder(
        draft.ofBytes, draft.replacements, draft.byteFallback, draft.strip, draft.stripCount);
  }

  private void decode(Json step, Draft draft, int depth) {
    String type = type(step, depth);
    switch (type) {
      case "ByteLevel" -> draft.ofBytes = true;
      case "Sequence" -> objects(step, "decoders").forEach(s -> decode(s, draft, depth + 1));
      case "Replace" -> {
        TextPattern pattern = pattern(step);
        if (pattern.isRegex() || pattern.source().isEmpty()) {
          throw new BadInputException(step.where() + ": expected a literal pattern in a decoder");
        }
        draft.replacements.add(pattern.source());
        draft.replacements.add(step.text("content"));
      }
      case "ByteFallback" -> draft.byteFallback = true;
      case "Fuse" -> draft.fused = true;
      case "Strip" -> {
        if (!draft.fused
            || step.integer("stop", 0, 1_000) != 0
            || !step.text("content").equals(" ")) {
          throw new BadInputException(
              step.where() + ": expected to strip spaces from the start, after Fuse");
        }
        draft.strip = " ";
        draft.stripCount = step.integer("start", 0, 1_000);
      }
      case "Metaspace" -> {
        draft.replacements.add(step.text("replacement", "▁"));
        draft.replacements.add(" ");
        draft.strip = " ";
        draft.stripCount = step.text("prepend_scheme", "always").equals("never") ? 0 : 1;
      }
      default ->
          throw unknown(
              step, type, "ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace or Sequence");
    }
  }

  static JsonNode array(Json object, String field) {
    JsonNode value = object.node().path(field);
    if (!value.isArray()) {
      throw TokenizerJson.bad(object, field, "a list");
    }
    return value;
  }

  /** The objects of a list. */
  static List<Json> objects(Json object, String field) {
    List<Json> items = new ArrayList<>();
    for (JsonNode item : array(object, field)) {
      items.add(Json.of(object.where() + ": " + field + "[" + items.size() + "]", item));
    }
    return items;
  }

  private static String type(Json step, int depth) {
    if (depth > DEEPEST) {
      throw new BadInputException(
          step.where() + ": sequences nested deeper than " + DEEPEST + ", expected a flat one");
    }
    return step.text("type");
  }

  private static BadInputException unknown(Json step, String type, String expected) {
    return new BadInputException(
        step.where() + ": unknown type '" + type + "', expected " + expected);
  }

  /** A decoder in the making. */
  private static final class Draft {
    private final List<String> replacements = new ArrayList<>();
    private boolean ofBytes;
    private boolean byteFallback;
    private boolean fused;
    private String strip = "";
    private int stripCount;
  }
}
