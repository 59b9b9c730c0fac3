package burhan.token;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content what was said; null for an assistant that only calls tools
 * @param reasoning what an assistant thought before it, without tags; null if unknown
 * @param more further fields as the API names them, such as {@code tool_calls}
 */
public record Message(
    String role, @Nullable String content, @Nullable String reasoning, Map<String, ?> more) {

  public static Message system(String content) {
    return new Message("system", content, null, Map.of());
  }

  public static Message user(String content) {
    return new Message("user", content, null, Map.of());
  }

  public static Message assistant(String content) {
    return new Message("assistant", content, null, Map.of());
  }

  /**
   * A turn that may spell control tokens, such as {@code <think>} in a trace to train on. Only for
   * text of one's own: a user could end the conversation's turn with it.
   */
  public static Message trusted(String role, String content) {
    return new Message(role, content, null, Map.of("content", new Segment(content, true)));
  }

  /** What it says so far: its content, or the last text among several parts of it. */
  String text() {
    return switch (more.get("content")) {
      case Segment(String text, _) -> text;
      case Collection<?> parts -> lastText(parts);
      case JsonNode parts when parts.isArray() -> lastText(parts.valueStream().toList());
      case null, default -> content == null ? "" : content;
    };
  }

  private static String lastText(Collection<?> parts) {
    String last = "";
    for (Object part : parts) {
      Object text =
          part instanceof JsonNode node
              ? node.path("text").stringValue(null)
              : part instanceof Map<?, ?> fields ? fields.get("text") : null;
      last = text == null ? last : String.valueOf(text);
    }
    return last;
  }

  /** The message as a template sees it. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", role);
    // A template may tell a missing content from a null one; the API sends null.
    fields.put("content", content);
    if (reasoning != null) {
      fields.put("reasoning_content", reasoning);
    }
    fields.putAll(more);
    return fields;
  }
}
