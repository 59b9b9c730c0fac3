package burhan.engine;

import java.util.Locale;

/**
 * What a model generated.
 *
 * @param thinking without tags, trimmed; empty for none
 * @param text the answer, without tags and stop strings, trimmed
 * @param tokens all generated ids, the end token included
 */
public record Answer(
    String thinking,
    String text,
    int[] tokens,
    FinishReason finishReason,
    Usage usage,
    Timings timings) {

  /** Why generation ended. */
  public enum FinishReason {
    /** The model's end token, or a stop string. */
    STOP,
    /** The requested number of tokens, or the end of the context. */
    LENGTH,
    /** Somebody's wish. */
    CANCELLED,
    /** The request's own limit of time. */
    TIMEOUT;

    /** As the APIs write it: {@code stop}, {@code length}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Tokens of the request.
   *
   * @param completionTokens thinking and answer together
   * @param reasoningTokens thinking alone, tags included
   * @param draftTokens guessed ahead and looked at by the model
   * @param acceptedTokens of the guesses, those that became part of the answer
   * @param cachedTokens of the prompt, those that were known from earlier requests
   */
  public record Usage(
      int promptTokens,
      int completionTokens,
      int reasoningTokens,
      int draftTokens,
      int acceptedTokens,
      int cachedTokens) {
    /** Of a prompt that nothing was known of. */
    public Usage(
        int promptTokens,
        int completionTokens,
        int reasoningTokens,
        int draftTokens,
        int acceptedTokens) {
      this(promptTokens, completionTokens, reasoningTokens, draftTokens, acceptedTokens, 0);
    }

    /** Without guesses. */
    public Usage(int promptTokens, int completionTokens, int reasoningTokens) {
      this(promptTokens, completionTokens, reasoningTokens, 0, 0);
    }

    /** The share of the guesses that were right; 0 where there were none. */
    public double acceptanceRate() {
      return draftTokens == 0 ? 0 : (double) acceptedTokens / draftTokens;
    }
  }

  /**
   * Speed of the request; 0 for what did not happen.
   *
   * @param decodeTokensPerSecond from the first generated token on
   * @param firstTokenMillis from the request's turn to its first token
   * @param waitMillis before its turn
   */
  public record Timings(
      double prefillTokensPerSecond,
      double decodeTokensPerSecond,
      double firstTokenMillis,
      double waitMillis) {
    /** Of a request that did not wait. */
    public Timings(
        double prefillTokensPerSecond, double decodeTokensPerSecond, double firstTokenMillis) {
      this(prefillTokensPerSecond, decodeTokensPerSecond, firstTokenMillis, 0);
    }
  }

  /** Of a request that never had its turn. */
  static Answer none(FinishReason reason, int promptTokens) {
    return new Answer(
        "", "", new int[0], reason, new Usage(promptTokens, 0, 0), new Timings(0, 0, 0));
  }
}
