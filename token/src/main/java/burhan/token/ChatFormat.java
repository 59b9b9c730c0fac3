package burhan.token;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a model wants its conversations written: its template and the tokens the template names.
 * Turns messages into a prompt; knows no model and keeps no conversation.
 */
public final class ChatFormat {
  private static final long LARGEST_TEMPLATE = 4L << 20;
  private static final List<String> NAMED_TOKENS =
      List.of("bos_token", "eos_token", "pad_token", "unk_token", "sep_token", "cls_token");

  private final ChatTemplate template;
  private final String source;
  private final Map<String, String> tokens;

  private ChatFormat(ChatTemplate template, String source, Map<String, String> tokens) {
    this.template = template;
    this.source = source;
    this.tokens = Map.copyOf(tokens);
  }

  /**
   * A format from a template's source and the tokens it may name.
   *
   * @param tokens such as {@code bos_token} and {@code eos_token}
   */
  public static ChatFormat of(String source, Map<String, String> tokens) {
    return new ChatFormat(ChatTemplate.of(source), source, tokens);
  }

  /**
   * Reads {@code tokenizer_config.json} of a model's folder and, where there is one, {@code
   * chat_template.jinja}, which then counts.
   *
   * @throws BadInputException if the folder has no chat template, or a broken one
   */
  public static ChatFormat open(Path folder) {
    Path config = folder.resolve("tokenizer_config.json");
    Path separate = folder.resolve("chat_template.jinja");
    Map<String, String> tokens = new HashMap<>();
    Optional<String> source = Optional.empty();
    if (Files.exists(config)) {
      Json json = Json.read(config);
      for (String name : NAMED_TOKENS) {
        token(json, name).ifPresent(token -> tokens.put(name, token));
      }
      source = template(json);
    }
    if (Files.exists(separate)) {
      source = Optional.of(read(separate));
    }
    if (source.isEmpty()) {
      throw new BadInputException(
          folder
              + ": no chat_template in tokenizer_config.json and no chat_template.jinja; this model"
              + " completes text, give it a prompt instead of messages");
    }
    return of(source.get(), tokens);
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > LARGEST_TEMPLATE) {
        throw new BadInputException(
            file + ": " + Files.size(file) + " bytes, expected at most " + LARGEST_TEMPLATE);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read as UTF-8 (" + e.getMessage() + ")", e);
    }
  }

  // A token is written as a string or as an object with its content.
  private static Optional<String> token(Json json, String name) {
    if (!json.has(name)) {
      return Optional.empty();
    }
    boolean isObject = json.node().path(name).isObject();
    return Optional.of(isObject ? json.object(name).text("content") : json.text(name));
  }

  // One template, or several with names, of which "default" is meant.
  private static Optional<String> template(Json json) {
    if (!json.has("chat_template")) {
      return Optional.empty();
    }
    JsonNode value = json.node().path("chat_template");
    if (!value.isArray()) {
      return Optional.of(json.text("chat_template"));
    }
    List<Json> named = StepsJson.objects(json, "chat_template");
    return named.stream()
        .filter(one -> one.text("name").equals("default"))
        .findFirst()
        .or(() -> named.stream().findFirst())
        .map(one -> one.text("template"));
  }

  /** The template as it stands in the model's files. */
  public String source() {
    return source;
  }

  /** The token that the files call so, such as {@code eos_token}. */
  public Optional<String> token(String name) {
    return Optional.ofNullable(tokens.get(name));
  }

  /**
   * Writes a conversation so that the assistant speaks next.
   *
   * @param options further variables for the template, such as {@code tools} or {@code
   *     enable_thinking}
   * @throws BadInputException if the template refuses the conversation
   */
  public Prompt prompt(Tokenizer tokenizer, List<Message> messages, Map<String, ?> options) {
    return prompt(tokenizer, messages, true, options);
  }

  /**
   * Writes a conversation.
   *
   * @param addGenerationPrompt whether the assistant speaks next; false for training texts
   */
  public Prompt prompt(
      Tokenizer tokenizer,
      List<Message> messages,
      boolean addGenerationPrompt,
      Map<String, ?> options) {
    Map<String, Object> context = new HashMap<>(tokens);
    // Present and empty, as Hugging Face's library passes them.
    List<Object> all = new ArrayList<>();
    messages.forEach(message -> all.add(message.fields()));
    context.put("messages", all);
    context.put("add_generation_prompt", addGenerationPrompt);
    options.forEach((name, value) -> {
      if (name.endsWith("_token")) {
        throw new BadInputException(
            "template option '" + name + "' would set a control token; choose another name");
      }
      context.put(name, value);
    });
    context.putIfAbsent("tools", JinjaValue.NONE);
    context.putIfAbsent("documents", JinjaValue.NONE);
    List<Segment> segments = template.renderSegments(context);
    return new Prompt(tokenizer.encode(segments), segments, endsInsideThinking(segments));
  }

  // Only tags of the template itself count: a user can write <think> as often as he likes.
  private static boolean endsInsideThinking(List<Segment> segments) {
    boolean inside = false;
    for (Segment segment : segments) {
      if (segment.fromTemplate()) {
        String text = segment.text();
        int open = Math.max(text.lastIndexOf("<think>"), text.lastIndexOf("[THINK]"));
        int close = Math.max(text.lastIndexOf("</think>"), text.lastIndexOf("[/THINK]"));
        inside = open == close ? inside : open > close; // equal: neither is there
      }
    }
    return inside;
  }
}
