package burhan.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
