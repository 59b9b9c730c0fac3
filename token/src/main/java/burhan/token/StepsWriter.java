package burhan.token;

import burhan.checkpoint.Json;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes processing steps as {@code tokenizer.json} spells them; {@link StepsJson} backwards. */
final class StepsWriter {
  private StepsWriter() {}

  static JsonNode of(Normalizer step) {
    return switch (step) {
      case Normalizer.Unicode(var form) -> typed(form.name());
      case Normalizer.Lowercase() -> typed("Lowercase");
      case Normalizer.StripAccents() -> typed("StripAccents");
      case Normalizer.Strip(boolean left, boolean right) ->
          typed("Strip").put("strip_left", left).put("strip_right", right);
      case Normalizer.Prepend(String prefix) -> typed("Prepend").put("prepend", prefix);
      case Normalizer.Replace(TextPattern pattern, String content) ->
          patterned("Replace", pattern).put("content", content);
      case Normalizer.Sequence(List<Normalizer> steps) ->
          sequence("normalizers", steps, StepsWriter::of);
    };
  }

  static JsonNode of(PreTokenizer step) {
    return switch (step) {
      case PreTokenizer.Split(
              TextPattern pattern,
              PreTokenizer.Behavior behavior,
              boolean invert) ->
          patterned("Split", pattern).put("behavior", name(behavior)).put("invert", invert);
      case PreTokenizer.Digits(boolean individual) ->
          typed("Digits").put("individual_digits", individual);
      case PreTokenizer.ByteLevel(boolean addPrefixSpace, boolean useRegex) ->
          byteLevel(addPrefixSpace, useRegex);
      case PreTokenizer.Metaspace(char replacement, var prefix, boolean split) ->
          typed("Metaspace")
              .put("replacement", String.valueOf(replacement))
              .put(
                  "prepend_scheme",
                  switch (prefix) {
                    case ALWAYS -> "always";
                    case FIRST -> "first";
                    case NEVER -> "never";
                  })
              .put("split", split);
      case PreTokenizer.Sequence(List<PreTokenizer> steps) ->
          sequence("pretokenizers", steps, StepsWriter::of);
    };
  }

  static ObjectNode byteLevel(boolean addPrefixSpace, boolean useRegex) {
    return typed("ByteLevel")
        .put("add_prefix_space", addPrefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", useRegex);
  }

  private static ObjectNode typed(String type) {
    return Json.mapper().createObjectNode().put("type", type);
  }

  private static ObjectNode patterned(String type, TextPattern pattern) {
    ObjectNode node = typed(type);
    node.putObject("pattern").put(pattern.isRegex() ? "Regex" : "String", pattern.source());
    return node;
  }

  private static <T> ObjectNode sequence(String name, List<T> steps, Function<T, JsonNode> write) {
    ObjectNode node = typed("Sequence");
    ArrayNode items = node.putArray(name);
    steps.forEach(step -> items.add(write.apply(step)));
    return node;
  }

  private static String name(PreTokenizer.Behavior behavior) {
    return switch (behavior) {
      case REMOVED -> "Removed";
      case ISOLATED -> "Isolated";
      case MERGED_WITH_PREVIOUS -> "MergedWithPrevious";
      case MERGED_WITH_NEXT -> "MergedWithNext";
      case CONTIGUOUS -> "Contiguous";
    };
  }
}
