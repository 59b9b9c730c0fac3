package burhan.cli;

import burhan.checkpoint.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a report says, once for both its forms: sections of named facts, and what would be better.
 * Knows no machine.
 */
final class Facts {
  private static final int NAME_WIDTH = 23;

  /** One fact: its key in JSON, its value there, and the words for people. */
  private record Fact(String key, Object value, String words) {}

  private final Map<String, List<Fact>> sections = new LinkedHashMap<>();
  private final List<String> advice = new ArrayList<>();

  /**
   * @param value a text, a truth, or a number
   */
  void add(String section, String key, Object value, String words) {
    sections.computeIfAbsent(section, name -> new ArrayList<>()).add(new Fact(key, value, words));
  }

  void add(String section, String key, String words) {
    add(section, key, words, words);
  }

  /** One sentence: what to do, and what it brings. */
  void advise(String sentence) {
    advice.add(sentence);
  }

  List<String> advice() {
    return List.copyOf(advice);
  }

  String json() {
    ObjectNode node = Json.mapper().createObjectNode();
    sections.forEach((section, facts) -> {
      ObjectNode object = node.putObject(section);
      for (Fact fact : facts) {
        object.set(fact.key, Json.mapper().valueToTree(fact.value));
      }
    });
    node.set("advice", Json.mapper().valueToTree(advice));
    return Json.mapper().writeValueAsString(node);
  }

  /** The page. */
  String page() {
    StringBuilder page = new StringBuilder();
    sections.forEach((section, facts) -> {
      page.append(section.replace('_', ' ')).append('\n');
      for (Fact fact : facts) {
        String name = fact.key.replace('_', ' ');
        page.append("  ")
            .append(name)
            .append(" ".repeat(Math.max(1, NAME_WIDTH - name.length())))
            .append(fact.words)
            .append('\n');
      }
    });
    page.append(advice.isEmpty() ? "nothing here would make it faster\n" : "what would help\n");
    for (String sentence : advice) {
      page.append("  - ").append(sentence).append('\n');
    }
    return page.toString();
  }
}
