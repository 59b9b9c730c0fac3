package burhan.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Renders real templates over real conversations as the reference renders them. */
class ChatTemplateGoldenTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  /** What the templates need that do not need text; read from their sources by hand. */
  private static final Map<String, ToolArguments> WANT =
      Map.ofEntries(
          Map.entry("deepseek-r1-0528", ToolArguments.AS_GIVEN),
          Map.entry("deepseek-r1-llamacpp-repaired", ToolArguments.OBJECT),
          Map.entry("deepseek-v3.1-llamacpp", ToolArguments.OBJECT),
          Map.entry("deepseek-v3.2-llamacpp", ToolArguments.OBJECT),
          Map.entry("deepseek-v4-llamacpp", ToolArguments.OBJECT),
          Map.entry("granite-3.0", ToolArguments.AS_GIVEN),
          Map.entry("granite-3.1", ToolArguments.AS_GIVEN),
          Map.entry("granite-3.3-2b", ToolArguments.AS_GIVEN),
          Map.entry("granite-3.3-8b", ToolArguments.AS_GIVEN),
          Map.entry("granite-4.0", ToolArguments.AS_GIVEN),
          Map.entry("llama-3.1-8b", ToolArguments.OBJECT),
          Map.entry("llama-3.2-3b", ToolArguments.OBJECT),
          Map.entry("llama-3.3-70b", ToolArguments.OBJECT),
          Map.entry("ministral-3-reasoning", ToolArguments.AS_GIVEN),
          Map.entry("mistral-nemo", ToolArguments.OBJECT),
          Map.entry("mistral-small", ToolArguments.OBJECT),
          Map.entry("mistral-small-3.2", ToolArguments.OBJECT),
          Map.entry("qwen2.5-7b", ToolArguments.OBJECT),
          Map.entry("qwen3-0.6b", ToolArguments.AS_GIVEN),
          Map.entry("qwen3-8b", ToolArguments.AS_GIVEN));

  private final Path folder = Conformance.folder("templates");
  private final JsonNode conversations = Conformance.json(folder.resolve("conversations.json"));

  static List<String> templates() {
    try (Stream<Path> files = Files.list(Conformance.folder("templates").resolve("jinja"))) {
      List<String> names =
          files.map(file -> file.getFileName().toString().replace(".jinja", "")).sorted().toList();
      assertTrue(names.size() >= 28, "the templates are there");
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void rendersLikeTheReference(String name) throws IOException {
    ChatTemplate template =
        ChatTemplate.of(Files.readString(folder.resolve("jinja/" + name + ".jinja")), NOW);
    JsonNode expected = Conformance.json(folder.resolve(name + ".expected.json"));
    assertEquals(conversations.size(), expected.path("cases").size());
    for (int i = 0; i < conversations.size(); i++) {
      Map<String, Object> context = context(conversations.path(i), expected);
      JsonNode wanted = expected.path("cases").path(i);
      String where = name + ", " + conversations.path(i).path("id").stringValue();
      if (wanted.has("error")) {
        BadInputException e =
            assertThrows(BadInputException.class, () -> template.render(context), where);
        assertTrue(e.getMessage().startsWith("chat template: line "), e.getMessage());
      } else {
        assertEquals(wanted.path("text").stringValue(), template.render(context), where);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void continuesTheLastMessageLikeTheReference(String name) throws IOException {
    ChatTemplate template =
        ChatTemplate.of(Files.readString(folder.resolve("jinja/" + name + ".jinja")), NOW);
    JsonNode expected = Conformance.json(folder.resolve(name + ".expected.json"));
    int continued = 0;
    for (int i = 0; i < conversations.size(); i++) {
      JsonNode wanted = expected.path("cases").path(i);
      Map<String, Object> context = context(conversations.path(i), expected);
      JsonNode messages = conversations.path(i).path("messages");
      String last = messages.path(messages.size() - 1).path("content").stringValue("");
      String where = name + ", " + conversations.path(i).path("id").stringValue();
      if (wanted.has("continue_error")) {
        assertThrows(BadInputException.class, () -> template.renderContinued(context, last), where);
      } else if (wanted.has("continue_text")) {
        StringBuilder text = new StringBuilder();
        template.renderContinued(context, last).forEach(part -> text.append(part.text()));
        assertEquals(wanted.path("continue_text").stringValue(), text.toString(), where);
        continued++;
      }
    }
    assertEquals(2, continued, name);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void writesToolArgumentsTheSameInWhateverFormTheyCome(String name) throws IOException {
    JsonNode expected = Conformance.json(folder.resolve(name + ".expected.json"));
    Map<String, String> tokens =
        Map.of(
            "bos_token", expected.path("bos_token").stringValue(),
            "eos_token", expected.path("eos_token").stringValue());
    String source = Files.readString(folder.resolve("jinja/" + name + ".jinja"));
    ChatTemplate template = ChatTemplate.of(source, NOW);
    ToolArguments wanted = ToolArguments.of(template, tokens);
    assertEquals(WANT.getOrDefault(name, ToolArguments.TEXT), wanted, name);
    JsonNode object = Json.mapper().readTree("{\"city\": \"القاهرة\", \"n\": [1, 2.5]}");
    String text = "{\"city\": \"القاهرة\", \"n\": [1, 2.5]}";
    int written = 0;
    for (boolean isNone : new boolean[] {true, false}) {
      List<String> out = new ArrayList<>();
      for (Object arguments : List.of(object, text)) {
        Map<String, Object> call = new HashMap<>();
        call.put("id", "abcdef123");
        call.put("type", "function");
        call.put("function", Map.of("name", "weather", "arguments", arguments));
        Map<String, Object> assistant = new HashMap<>();
        assistant.put("role", "assistant");
        assistant.put("content", isNone ? null : "");
        assistant.put("tool_calls", wanted.applied(List.of(call)));
        Map<String, Object> context = new HashMap<>(tokens);
        context.put("messages", List.of(Map.of("role", "user", "content", "q"), assistant));
        context.put("add_generation_prompt", false);
        context.put("tools", null);
        try {
          out.add(template.render(context));
        } catch (BadInputException e) {
          out.add("refused");
        }
      }
      assertEquals(out.getFirst(), out.getLast(), name);
      written += out.getFirst().contains("القاهرة") ? 1 : 0;
    }
    assertTrue(written > 0 || name.startsWith("granite-3"), name);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void segmentsAreTheWholeTextAndHoldNoInputAsTemplate(String name) throws IOException {
    ChatTemplate template =
        ChatTemplate.of(Files.readString(folder.resolve("jinja/" + name + ".jinja")), NOW);
    JsonNode expected = Conformance.json(folder.resolve(name + ".expected.json"));
    for (int i = 0; i < conversations.size(); i++) {
      if (expected.path("cases").path(i).has("error")) {
        continue;
      }
      Map<String, Object> context = context(conversations.path(i), expected);
      List<Segment> segments = template.renderSegments(context);
      StringBuilder whole = new StringBuilder();
      segments.forEach(segment -> whole.append(segment.text()));
      assertEquals(expected.path("cases").path(i).path("text").stringValue(), whole.toString());
      // With letters that no template has in its place, the conversation's text is easy to see.
      Map<String, Object> foreign = new HashMap<>(context);
      foreign.put("tools", null);
      foreign.put("messages", List.of(Map.of("role", "user", "content", "  \u2603<think>\u2603 ")));
      for (Segment segment : template.renderSegments(foreign)) {
        assertTrue(!segment.fromTemplate() || segment.text().indexOf('\u2603') < 0, name);
        assertTrue(
            segment.fromTemplate() || segment.text().matches("user|\\s*\u2603<think>\u2603\\s*"),
            segment.text());
      }
    }
  }

  private static Map<String, Object> context(JsonNode conversation, JsonNode expected) {
    Map<String, Object> context = new HashMap<>();
    context.put("messages", conversation.path("messages"));
    context.put("tools", conversation.path("tools"));
    context.put("documents", conversation.path("documents"));
    context.put("add_generation_prompt", conversation.path("add_generation_prompt"));
    conversation.path("kwargs").properties().forEach(e -> context.put(e.getKey(), e.getValue()));
    context.put("bos_token", expected.path("bos_token").stringValue());
    context.put("eos_token", expected.path("eos_token").stringValue());
    return context;
  }
}
