package burhan.engine;

import burhan.tensor.BadInputException;
import java.util.List;

/**
 * What to generate. Immutable; a running generation is stopped through its {@link Cancellation}.
 *
 * @param maxTokens most tokens to generate, the end token included; the context may allow fewer
 * @param stop strings that end the answer and are no part of it; thinking is not searched
 */
public record GenerationRequest(
    Prompt prompt, int maxTokens, List<String> stop, Sampling sampling) {
  /** As many tokens as the context holds. */
  public static final int NO_LIMIT = Integer.MAX_VALUE;

  private static final int MOST_STOPS = 64;

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
    stop = List.copyOf(new StopStrings(stop).strings());
  }

  /** Until the model stops, with the sampling that R1 recommends. */
  public static GenerationRequest of(Prompt prompt) {
    return new GenerationRequest(prompt, NO_LIMIT, List.of(), Sampling.RECOMMENDED);
  }

  public GenerationRequest withMaxTokens(int value) {
    return new GenerationRequest(prompt, value, stop, sampling);
  }

  public GenerationRequest withStop(List<String> value) {
    return new GenerationRequest(prompt, maxTokens, value, sampling);
  }

  public GenerationRequest withSampling(Sampling value) {
    return new GenerationRequest(prompt, maxTokens, stop, value);
  }
}
