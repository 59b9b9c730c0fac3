package burhan.api;

import burhan.engine.GenerationRequest;
import burhan.engine.Sampling;
import burhan.engine.Thinking;
import burhan.token.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that wants an answer, and how.
 *
 * @param messages the last one is the user's
 * @param thinking whether the model may think before it answers, and for how long
 * @param maxTokens most tokens of thinking and answer together
 * @param stop strings that end the answer and are no part of it
 * @param sampling null for what the model itself recommends
 */
public record ChatRequest(
    List<Message> messages,
    Thinking thinking,
    int maxTokens,
    List<String> stop,
    @Nullable Sampling sampling) {

  public ChatRequest {
    messages = List.copyOf(messages);
    stop = List.copyOf(stop);
  }

  /** A conversation, with thinking, until the model stops, sampled as the model recommends. */
  public static ChatRequest of(List<Message> messages) {
    return new ChatRequest(messages, Thinking.ON, GenerationRequest.NO_LIMIT, List.of(), null);
  }

  /** A single question. */
  public static ChatRequest of(String question) {
    return of(List.of(Message.user(question)));
  }

  public ChatRequest withThinking(boolean value) {
    return withThinking(value ? Thinking.ON : Thinking.OFF);
  }

  public ChatRequest withThinking(Thinking value) {
    return new ChatRequest(messages, value, maxTokens, stop, sampling);
  }

  public ChatRequest withMaxTokens(int value) {
    return new ChatRequest(messages, thinking, value, stop, sampling);
  }

  public ChatRequest withStop(List<String> value) {
    return new ChatRequest(messages, thinking, maxTokens, value, sampling);
  }

  public ChatRequest withSampling(Sampling value) {
    return new ChatRequest(messages, thinking, maxTokens, stop, value);
  }
}
