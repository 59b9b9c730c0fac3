package burhan.server;

import burhan.api.ChatRequest;
import burhan.api.Model;
import burhan.checkpoint.Json;
import burhan.engine.Answer;
import burhan.engine.AnswerListener;
import burhan.engine.BusyException;
import burhan.engine.Cancellation;
import burhan.engine.Generation;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/chat/completions} with OpenAI's and DeepSeek's fields: an answer whole or as a
 * stream, its thinking apart in {@code reasoning_content}.
 */
final class ChatCompletions implements Endpoint {
  private final Model model;
  private final String name;
  private final ServerOptions options;

  ChatCompletions(Model model, String name, ServerOptions options) {
    this.model = model;
    this.name = name;
    this.options = options;
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    ChatCall call = ChatCall.read(exchange.body(), model.engine().sampling(), options.maxTokens());
    Completion completion = new Completion(call.modelOr(name));
    Generation generation = submit(call.request());
    try {
      if (call.stream()) {
        stream(exchange, call, completion, generation);
      } else {
        Answer answer = generation.await(AnswerListener.NONE);
        respond(exchange, completion.whole(answer));
      }
    } finally {
      generation.cancel(); // whoever is gone needs no answer
    }
  }

  private Generation submit(ChatRequest request) {
    try {
      return model.submit(request, new Cancellation());
    } catch (BadInputException | BusyException e) {
      throw Errors.of(e);
    }
  }

  private static void respond(Exchange exchange, ObjectNode body) throws IOException {
    exchange.respond(200, "application/json", Json.mapper().writeValueAsBytes(body));
  }

  private void stream(
      Exchange exchange, ChatCall call, Completion completion, Generation generation)
      throws IOException {
    EventStream events = EventStream.begin(exchange);
    events.data(completion.begin());
    try {
      Answer answer = generation.await(new Pieces(events, completion), options.keepAlive());
      events.data(completion.end(answer));
      if (call.includeUsage()) {
        events.data(completion.usage(answer));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException e) {
      // The status is sent already; clients look for an error among the events.
      events.data(Errors.body(Errors.of(e)));
    }
    events.done();
  }

  /** Writes pieces as they come; a client that is gone cancels the generation. */
  private record Pieces(EventStream events, Completion completion) implements AnswerListener {
    @Override
    public void thinking(String piece) {
      write(completion.piece("reasoning_content", piece));
    }

    @Override
    public void text(String piece) {
      write(completion.piece("content", piece));
    }

    @Override
    public void waiting() {
      write(null);
    }

    private void write(@Nullable ObjectNode event) {
      try {
        if (event == null) {
          events.keepAlive();
        } else {
          events.data(event);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The objects of one response, all with the same id and time. */
  private record Completion(String id, long created, String model) {
    Completion(String model) {
      this(
          "chatcmpl-" + UUID.randomUUID().toString().replace("-", ""),
          Instant.now().getEpochSecond(),
          model);
    }

    private ObjectNode object(String kind) {
      return Json.mapper()
          .createObjectNode()
          .put("id", id)
          .put("object", kind)
          .put("created", created)
          .put("model", model);
    }

    ObjectNode whole(Answer answer) {
      ObjectNode body = object("chat.completion");
      ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
      ObjectNode message = choice.putObject("message").put("role", "assistant");
      message.put("content", answer.text());
      if (!answer.thinking().isEmpty()) {
        message.put("reasoning_content", answer.thinking());
      }
      choice.putNull("logprobs").put("finish_reason", reason(answer));
      body.set("usage", counts(answer));
      return body;
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable String reason) {
      ObjectNode body = object("chat.completion.chunk");
      ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
      choice.set("delta", delta);
      choice.putNull("logprobs").put("finish_reason", reason);
      return body;
    }

    ObjectNode begin() {
      return chunk(
          Json.mapper().createObjectNode().put("role", "assistant").put("content", ""), null);
    }

    ObjectNode piece(String field, String text) {
      return chunk(Json.mapper().createObjectNode().put(field, text), null);
    }

    ObjectNode end(Answer answer) {
      return chunk(Json.mapper().createObjectNode(), reason(answer));
    }

    ObjectNode usage(Answer answer) {
      ObjectNode body = object("chat.completion.chunk");
      body.putArray("choices");
      body.set("usage", counts(answer));
      return body;
    }

    private static String reason(Answer answer) {
      return switch (answer.finishReason()) {
        case STOP -> "stop";
        case LENGTH, CANCELLED, TIMEOUT -> "length";
      };
    }

    private static ObjectNode counts(Answer answer) {
      Answer.Usage usage = answer.usage();
      ObjectNode counts =
          Json.mapper()
              .createObjectNode()
              .put("prompt_tokens", usage.promptTokens())
              .put("completion_tokens", usage.completionTokens())
              .put("total_tokens", usage.promptTokens() + usage.completionTokens())
              .put("prompt_cache_hit_tokens", usage.cachedTokens())
              .put("prompt_cache_miss_tokens", usage.promptTokens() - usage.cachedTokens());
      counts.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
      counts
          .putObject("completion_tokens_details")
          .put("reasoning_tokens", usage.reasoningTokens());
      return counts;
    }
  }
}
