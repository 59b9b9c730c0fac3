package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import burhan.token.JinjaPrinter.JsonStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * How a template wants the arguments of a tool call. The API sends them as text, and DeepSeek's
 * templates join them to other text; Llama's, Qwen's and Granite's print an object as JSON. Which
 * of both a template needs is found by giving it each and looking at what it writes. Knows no
 * particular template.
 */
enum ToolArguments {
  /** Either form is written well, or the template writes no calls at all. */
  AS_GIVEN,
  /** Only text is written well. */
  TEXT,
  /** Only an object is written well. */
  OBJECT;

  private static final String NAME = "burhan_probe";
  private static final String PROBE = "{\"" + NAME + "\": \"x\"}";

  static ToolArguments of(ChatTemplate template, Map<String, String> tokens) {
    boolean text = rendered(template, tokens, PROBE).stream().anyMatch(out -> out.contains(PROBE));
    // Text that is printed as JSON once more has its quotes escaped; an object that is joined to
    // text, where that is no error, is printed as Python prints it, in single quotes.
    boolean object =
        rendered(template, tokens, Map.of(NAME, "x")).stream()
            .anyMatch(out -> out.contains(NAME) && !out.contains("'" + NAME + "'"));
    return text == object ? AS_GIVEN : text ? TEXT : OBJECT;
  }

  // Templates differ in what else a call must have beside it: some look for a content that is
  // none, others for one that is text.
  private static List<String> rendered(
      ChatTemplate template, Map<String, String> tokens, Object arguments) {
    List<String> texts = new ArrayList<>();
    for (boolean isNone : new boolean[] {true, false}) {
      Map<String, Object> call = new LinkedHashMap<>();
      call.put("id", "probe0001"); // Mistral's templates want nine letters and digits
      call.put("type", "function");
      call.put("function", Map.of("name", "probe", "arguments", arguments));
      Map<String, Object> assistant = new LinkedHashMap<>();
      assistant.put("role", "assistant");
      assistant.put("content", isNone ? null : "");
      assistant.put("tool_calls", List.of(call));
      Map<String, Object> result =
          Map.of("role", "tool", "content", "y", "tool_call_id", "probe0001", "name", "probe");
      Map<String, Object> context = new LinkedHashMap<>(tokens);
      context.put("messages", List.of(Map.of("role", "user", "content", "z"), assistant, result));
      context.put("add_generation_prompt", true);
      context.put("tools", JinjaValue.NONE);
      context.put("documents", JinjaValue.NONE);
      try {
        texts.add(template.render(context));
      } catch (BadInputException e) {
        texts.add(""); // it takes no arguments of this form
      }
    }
    return texts;
  }

  /** The calls of a message with their arguments in this form; what is no call stays as it is. */
  @Nullable Object applied(@Nullable Object calls) {
    return switch (calls) {
      case Collection<?> all -> {
        List<Object> changed = new ArrayList<>();
        for (Object call : all) {
          changed.add(call(call));
        }
        yield changed;
      }
      case JsonNode node when node.isArray() -> {
        List<Object> changed = new ArrayList<>();
        node.forEach(call -> changed.add(call(call)));
        yield changed;
      }
      case null, default -> calls;
    };
  }

  private @Nullable Object call(@Nullable Object call) {
    Map<String, Object> fields = fields(call);
    if (fields == null) {
      return call;
    }
    if (fields.containsKey("function")) {
      fields.put("function", call(fields.get("function")));
    } else if (fields.containsKey("arguments")) {
      fields.put("arguments", converted(fields.get("arguments")));
    }
    return fields;
  }

  private static @Nullable Map<String, Object> fields(@Nullable Object object) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (object instanceof Map<?, ?> map) {
      map.forEach((key, value) -> fields.put(String.valueOf(key), value));
      return fields;
    }
    if (object instanceof JsonNode node && node.isObject()) {
      node.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
      return fields;
    }
    return null;
  }

  private @Nullable Object converted(@Nullable Object arguments) {
    boolean isText =
        arguments instanceof CharSequence || (arguments instanceof JsonNode n && n.isString());
    if (this == TEXT && !isText && arguments != null) {
      return JinjaPrinter.json(
              JinjaContext.value(arguments, 0),
              new JsonStyle(null, ", ", ": ", false, false),
              new JinjaBudget())
          .value();
    }
    if (this == OBJECT && isText) {
      String text = arguments instanceof JsonNode n ? n.stringValue() : String.valueOf(arguments);
      return parsed(text, arguments);
    }
    return arguments;
  }

  // A model may have written arguments that are no JSON; then the template gets them as they are.
  private static @Nullable Object parsed(String text, @Nullable Object otherwise) {
    try {
      JsonNode node = Json.mapper().readTree(text);
      return node.isObject() ? node : otherwise;
    } catch (JacksonException e) {
      return otherwise;
    }
  }
}
