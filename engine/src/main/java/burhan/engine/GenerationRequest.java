package burhan.engine;

import burhan.tensor.BadInputException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to generate, and for whom. Immutable; a running generation is stopped through its {@link
 * Cancellation}.
 *
 * @param maxTokens most tokens to generate, the end token included; the context, or the memory of
 *     all sequences together, may allow fewer
 * @param stop strings that end the answer and are no part of it; thinking is not searched
 * @param thinkingTokens most tokens of thinking, which is then closed with a sentence; the engine's
 *     options may allow fewer
 * @param alternatives how many of the likeliest tokens {@link AnswerListener#token} hears of with
 *     each token; {@link #UNOBSERVED} for not being told any token, which costs nothing
 * @param tenant whose request it is, such as the name of an API key: tenants take turns in the
 *     waiting line and share no cached prompts; empty for one's own
 * @param timeLimit from the submission on, waiting included; then the answer ends with {@link
 *     Answer.FinishReason#TIMEOUT}
 */
public record GenerationRequest(
    Prompt prompt,
    int maxTokens,
    List<String> stop,
    Sampling sampling,
    int thinkingTokens,
    int alternatives,
    String tenant,
    Optional<Duration> timeLimit) {
  /** As many tokens as the context holds. */
  public static final int NO_LIMIT = Integer.MAX_VALUE;

  /** Nobody looks at the tokens. */
  public static final int UNOBSERVED = -1;

  private static final int MOST_STOPS = 64;
  private static final int MOST_ALTERNATIVES = 64;

  /**
   * @throws BadInputException if a value is out of range
   */
  public GenerationRequest {
    if (maxTokens < 1) {
      throw new BadInputException("max tokens is %d, expected 1 or more".formatted(maxTokens));
    }
    if (stop.size() > MOST_STOPS) {
      throw new BadInputException(
          "%d stop strings, expected at most %d".formatted(stop.size(), MOST_STOPS));
    }
    if (alternatives < UNOBSERVED || alternatives > MOST_ALTERNATIVES) {
      throw new BadInputException(
          "alternatives is %d, expected 0 to %d".formatted(alternatives, MOST_ALTERNATIVES));
    }
    if (thinkingTokens < 0) {
      throw new BadInputException(
          "thinking tokens is %d, expected 0 or more".formatted(thinkingTokens));
    }
    if (timeLimit.isPresent() && !timeLimit.get().isPositive()) {
      throw new BadInputException(
          "time limit is %d ms, expected 1 or more".formatted(timeLimit.get().toMillis()));
    }
    stop = List.copyOf(new StopStrings(stop).strings());
  }

  /** One's own request, without a limit of time. */
  public GenerationRequest(Prompt prompt, int maxTokens, List<String> stop, Sampling sampling) {
    this(prompt, maxTokens, stop, sampling, Thinking.NO_LIMIT, UNOBSERVED, "", Optional.empty());
  }

  /** Until the model stops, with the sampling that R1 recommends. */
  public static GenerationRequest of(Prompt prompt) {
    return new GenerationRequest(prompt, NO_LIMIT, List.of(), Sampling.RECOMMENDED);
  }

  int promptTokens() {
    return prompt.ids().length;
  }

  public GenerationRequest withMaxTokens(int value) {
    return new GenerationRequest(
        prompt, value, stop, sampling, thinkingTokens, alternatives, tenant, timeLimit);
  }

  public GenerationRequest withStop(List<String> value) {
    return new GenerationRequest(
        prompt, maxTokens, value, sampling, thinkingTokens, alternatives, tenant, timeLimit);
  }

  public GenerationRequest withSampling(Sampling value) {
    return new GenerationRequest(
        prompt, maxTokens, stop, value, thinkingTokens, alternatives, tenant, timeLimit);
  }

  public GenerationRequest withThinkingTokens(int value) {
    return new GenerationRequest(
        prompt, maxTokens, stop, sampling, value, alternatives, tenant, timeLimit);
  }

  public GenerationRequest withAlternatives(int value) {
    return new GenerationRequest(
        prompt, maxTokens, stop, sampling, thinkingTokens, value, tenant, timeLimit);
  }

  public GenerationRequest withTenant(String value) {
    return new GenerationRequest(
        prompt, maxTokens, stop, sampling, thinkingTokens, alternatives, value, timeLimit);
  }

  public GenerationRequest withTimeLimit(Duration value) {
    return new GenerationRequest(
        prompt,
        maxTokens,
        stop,
        sampling,
        thinkingTokens,
        alternatives,
        tenant,
        Optional.of(value));
  }
}
