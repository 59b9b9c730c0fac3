package burhan.token;

import burhan.checkpoint.GgufMetadata;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a model wants its conversations written: its template and the tokens the template names.
 * Turns messages into a prompt; knows no model and keeps no conversation.
 */
public final class ChatFormat {
  private static final long LARGEST_TEMPLATE = 4L << 20;
  private static final List<String> NAMED_TOKENS =
      List.of("bos_token", "eos_token", "pad_token", "unk_token", "sep_token", "cls_token");

  static final String GGUF_TEMPLATE = "tokenizer.chat_template";

  // How DeepSeek-LLM writes turns. It needs no control tokens, and a model that has only read text
  // has seen the like.
  private static final String PLAIN =
      """
      {{ bos_token }}{% for message in messages %}\
      {% if message.role == 'system' %}{{ message.content + '\\n\\n' }}\
      {% elif message.role == 'assistant' %}{{ 'Assistant: ' + message.content + eos_token }}\
      {% else %}{{ 'User: ' + message.content + '\\n\\n' }}{% endif %}{% endfor %}\
      {% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}\
      """;

  private final ChatTemplate template;
  private final String source;
  private final Map<String, String> tokens;
  private final boolean isPlain;

  // Found out when the first call of a tool is to be written; threads that race find the same.
  private volatile @Nullable ToolArguments toolArguments;

  private ChatFormat(String source, Map<String, String> tokens, boolean isPlain) {
    this.template = ChatTemplate.of(source);
    this.source = source;
    this.tokens = Map.copyOf(tokens);
    this.isPlain = isPlain;
  }

  /**
   * A format from a template's source and the tokens it may name.
   *
   * @param tokens such as {@code bos_token} and {@code eos_token}
   */
  public static ChatFormat of(String source, Map<String, String> tokens) {
    return new ChatFormat(source, tokens, false);
  }

  /**
   * A format for models that come without one: turns as lines of plain text. It holds up a
   * conversation, but the model was not taught it and may write the user's next line as well;
   * whoever uses it should say so.
   *
   * @param tokens {@code bos_token} and {@code eos_token}, either may be missing
   */
  public static ChatFormat plain(Map<String, String> tokens) {
    return new ChatFormat(PLAIN, tokens, true);
  }

  /** Whether a GGUF file has a chat template. */
  public static boolean isIn(GgufMetadata metadata) {
    return metadata.has(GGUF_TEMPLATE);
  }

  /**
   * The format inside a GGUF file.
   *
   * @throws BadInputException if the file has no chat template or no vocabulary, or broken ones
   */
  public static ChatFormat of(GgufMetadata metadata) {
    if (!isIn(metadata)) {
      throw metadata.bad(
          GGUF_TEMPLATE,
          "is missing; this model completes text, give it a prompt instead of messages");
    }
    return of(metadata.text(GGUF_TEMPLATE), tokens(metadata));
  }

  /**
   * One of several formats inside a GGUF file.
   *
   * @param name such as {@code tool_use}
   * @throws BadInputException likewise
   */
  public static ChatFormat of(GgufMetadata metadata, String name) {
    return of(metadata.text(GGUF_TEMPLATE + "." + name), tokens(metadata));
  }

  /** The tokens that a template may name, as a GGUF file has them; none for one without. */
  public static Map<String, String> tokens(GgufMetadata metadata) {
    SpecialTokens special = SpecialTokens.of(metadata);
    String[] all = GgufVocabulary.texts(metadata, GgufVocabulary.TOKENS);
    Map<String, String> tokens = new HashMap<>();
    special.beginOfText().ifPresent(id -> tokens.put("bos_token", all[id]));
    special.endOfText().ifPresent(id -> tokens.put("eos_token", all[id]));
    special.unknown().ifPresent(id -> tokens.put("unk_token", all[id]));
    special.padding().ifPresent(id -> tokens.put("pad_token", all[id]));
    return tokens;
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
  static Optional<String> token(Json json, String name) {
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

  /** Whether this is the plain fallback rather than the model's own. */
  public boolean isPlain() {
    return isPlain;
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
  public RenderedPrompt prompt(
      Tokenizer tokenizer, List<Message> messages, Map<String, ?> options) {
    return prompt(tokenizer, messages, true, options);
  }

  /**
   * Writes a conversation.
   *
   * @param addGenerationPrompt whether the assistant speaks next; false for training texts
   */
  public RenderedPrompt prompt(
      Tokenizer tokenizer,
      List<Message> messages,
      boolean addGenerationPrompt,
      Map<String, ?> options) {
    Map<String, Object> context = context(messages, addGenerationPrompt, options);
    return prompt(tokenizer, template.renderSegments(context));
  }

  /**
   * Writes a conversation so that the author of the last message goes on with it, as {@code
   * continue_final_message} has it.
   *
   * @throws BadInputException if the template refuses the conversation or leaves the message out
   */
  public RenderedPrompt continuation(
      Tokenizer tokenizer, List<Message> messages, Map<String, ?> options) {
    if (messages.isEmpty()) {
      throw new BadInputException("messages: none, expected one to continue");
    }
    Map<String, Object> context = context(messages, false, options);
    return prompt(tokenizer, template.renderContinued(context, messages.getLast().text()));
  }

  private static RenderedPrompt prompt(Tokenizer tokenizer, List<Segment> segments) {
    return new RenderedPrompt(tokenizer.encode(segments), segments, endsInsideThinking(segments));
  }

  private Map<String, Object> context(
      List<Message> messages, boolean addGenerationPrompt, Map<String, ?> options) {
    Map<String, Object> context = new HashMap<>(tokens);
    List<Object> all = new ArrayList<>();
    for (Message message : messages) {
      Map<String, Object> fields = message.fields();
      fields.computeIfPresent("tool_calls", (name, calls) -> toolArguments().applied(calls));
      all.add(fields);
    }
    context.put("messages", all);
    context.put("add_generation_prompt", addGenerationPrompt);
    options.forEach((name, value) -> {
      if (name.endsWith("_token")) {
        throw new BadInputException(
            "template option '" + name + "' would set a control token; choose another name");
      }
      context.put(name, value);
    });
    // Present and empty, as Hugging Face's library passes them.
    context.putIfAbsent("tools", JinjaValue.NONE);
    context.putIfAbsent("documents", JinjaValue.NONE);
    return context;
  }

  private ToolArguments toolArguments() {
    ToolArguments known = toolArguments;
    if (known == null) {
      known = ToolArguments.of(template, tokens);
      toolArguments = known;
    }
    return known;
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
