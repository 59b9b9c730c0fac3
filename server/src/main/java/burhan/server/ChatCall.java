package burhan.server;

import burhan.api.ChatRequest;
import burhan.checkpoint.Json;
import burhan.engine.GenerationRequest;
import burhan.engine.Sampling;
import burhan.engine.Thinking;
import burhan.tensor.BadInputException;
import burhan.token.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The body of a chat completion, as OpenAI's and DeepSeek's clients send it.
 *
 * @param model as the client calls it; null where it does not say
 * @param includeUsage whether a stream ends with the counts of its tokens
 */
record ChatCall(@Nullable String model, ChatRequest request, boolean stream, boolean includeUsage) {
  private static final int MOST_MESSAGES = 4096;
  private static final int MOST_STOPS = 16;

  /**
   * Reads a body.
   *
   * @param recommended what the model itself wants to be sampled with
   * @param maxTokens where the body does not say
   * @throws ApiException that names the field which is wrong
   */
  static ChatCall read(byte[] body, Sampling recommended, int maxTokens) {
    try {
      Json json = Json.parse("body", new String(body, StandardCharsets.UTF_8));
      return new ChatCall(
          optional(json, "model"),
          request(json, recommended, maxTokens),
          json.flag("stream", false),
          json.has("stream_options") && json.object("stream_options").flag("include_usage", false));
    } catch (BadInputException e) {
      throw ApiException.invalid(null, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable String optional(Json json, String field) {
    return json.has(field) ? json.text(field) : null;
  }

  private static ChatRequest request(Json json, Sampling recommended, int maxTokens) {
    if (json.integer("n", 1, 1, 1) != 1) {
      throw json.bad("n", "is not 1");
    }
    return new ChatRequest(
        messages(json),
        thinking(json),
        mostTokens(json, maxTokens),
        stops(json),
        sampling(json, recommended));
  }

  private static int mostTokens(Json json, int maxTokens) {
    String field = json.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    return json.integer(field, 1, GenerationRequest.NO_LIMIT, maxTokens);
  }

  /** DeepSeek's switch, and OpenAI's effort; where both are given, the switch may turn it off. */
  private static Thinking thinking(Json json) {
    Thinking effort =
        json.has("reasoning_effort") ? Thinking.effort(json.text("reasoning_effort")) : Thinking.ON;
    if (!json.has("thinking")) {
      return effort;
    }
    String type = json.object("thinking").text("type");
    return switch (type) {
      case "enabled" -> effort;
      case "disabled" -> Thinking.OFF;
      default ->
          throw json.bad("thinking.type", "is %s, expected enabled or disabled".formatted(type));
    };
  }

  private static List<Message> messages(Json json) {
    JsonNode list = json.node().get("messages");
    if (list == null || !list.isArray() || list.isEmpty() || list.size() > MOST_MESSAGES) {
      throw json.bad("messages", "is not a list of 1 to " + MOST_MESSAGES + " messages");
    }
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      messages.add(message(Json.of("messages[" + i + "]", list.get(i))));
    }
    return messages;
  }

  private static Message message(Json json) {
    String role = json.text("role");
    role =
        switch (role) {
          case "system", "user", "assistant", "tool" -> role;
          case "developer" -> "system"; // OpenAI's newer name
          default ->
              throw json.bad(
                  "role", "is %s, expected system, user, assistant or tool".formatted(role));
        };
    Map<String, Object> more = new LinkedHashMap<>();
    for (String field : List.of("name", "tool_calls", "tool_call_id")) {
      if (json.has(field)) {
        more.put(field, json.node().get(field));
      }
    }
    return new Message(role, content(json), optional(json, "reasoning_content"), more);
  }

  /** A string, or the texts among several parts. */
  private static @Nullable String content(Json json) {
    JsonNode content = json.node().get("content");
    if (content == null || content.isNull()) {
      return null;
    }
    if (!content.isArray()) {
      return json.text("content");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.size(); i++) {
      Json part = Json.of(json.where() + ".content[" + i + "]", content.get(i));
      if (!part.text("type").equals("text")) {
        throw part.bad(
            "type", "is %s, but this model reads text only".formatted(part.text("type")));
      }
      text.append(part.text("text"));
    }
    return text.toString();
  }

  private static List<String> stops(Json json) {
    if (!json.has("stop")) {
      return List.of();
    }
    List<String> stops =
        json.node().get("stop").isString() ? List.of(json.text("stop")) : json.texts("stop");
    if (stops.size() > MOST_STOPS) {
      throw json.bad(
          "stop", "has %d strings, expected at most %d".formatted(stops.size(), MOST_STOPS));
    }
    return stops;
  }

  private static Sampling sampling(Json json, Sampling recommended) {
    Sampling sampling =
        recommended
            .withTemperature(json.number("temperature", recommended.temperature()))
            .withTopP(json.number("top_p", recommended.topP()))
            .withTopK(json.integer("top_k", 0, Integer.MAX_VALUE, recommended.topK()))
            .withMinP(json.number("min_p", recommended.minP()))
            .withRepetitionPenalty(
                json.number("repetition_penalty", recommended.repetitionPenalty()))
            .withPresencePenalty(json.number("presence_penalty", recommended.presencePenalty()))
            .withFrequencyPenalty(json.number("frequency_penalty", recommended.frequencyPenalty()));
    if (json.has("seed")) {
      JsonNode seed = json.node().get("seed");
      if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
        throw json.bad("seed", "is %s, expected a whole number".formatted(seed));
      }
      sampling = sampling.withSeed(seed.longValue());
    }
    return json.has("logit_bias") ? sampling.withLogitBias(biases(json)) : sampling;
  }

  private static Map<Integer, Double> biases(Json json) {
    Json biases = json.object("logit_bias");
    Map<Integer, Double> byId = new HashMap<>();
    for (String id : biases.names()) {
      try {
        byId.put(Integer.valueOf(id), biases.number(id));
      } catch (NumberFormatException e) {
        throw biases.bad(id, "is not the id of a token");
      }
    }
    return byId;
  }

  /** What the response calls the model. */
  String modelOr(String served) {
    return Optional.ofNullable(model).orElse(served);
  }
}
