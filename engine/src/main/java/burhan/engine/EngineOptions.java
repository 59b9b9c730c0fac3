package burhan.engine;

import burhan.tensor.BadInputException;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How an engine runs. No answer depends on it, except through what there is no room for.
 *
 * @param contextLength most tokens of prompt and answer together; the model's own by default
 * @param speculation how tokens are guessed ahead
 * @param mostRunning sequences that step together; more wait
 * @param mostWaiting requests that may wait before {@link Engine#submit} refuses
 * @param cacheBytes memory for the keys and values of all sequences; by default what {@link
 *     CacheBudget} finds reasonable on this machine
 * @param prefixBytes how much of it may hold what was computed for earlier requests, for those that
 *     begin alike; by default all that nobody needs, 0 for nothing
 * @param thinkingTokens most tokens of anybody's thinking
 */
public record EngineOptions(
    OptionalInt contextLength,
    Speculation speculation,
    int mostRunning,
    int mostWaiting,
    OptionalLong cacheBytes,
    OptionalLong prefixBytes,
    int thinkingTokens) {
  /** Rows of one decoding step: logits take four bytes a row and vocabulary entry. */
  private static final int MOST_TOGETHER = 1024;

  /** The model's own context, guesses as they pay, up to 256 sequences and as many waiting. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          OptionalInt.empty(),
          Speculation.AUTO,
          256,
          256,
          OptionalLong.empty(),
          OptionalLong.empty(),
          Thinking.NO_LIMIT);

  /**
   * @throws BadInputException naming the value that is out of range
   */
  public EngineOptions {
    if (mostRunning < 1 || mostRunning > MOST_TOGETHER) {
      throw new BadInputException(
          "running sequences: at most %d, expected 1 to %d".formatted(mostRunning, MOST_TOGETHER));
    }
    if (mostWaiting < 0) {
      throw new BadInputException(
          "waiting requests: at most %d, expected 0 or more".formatted(mostWaiting));
    }
    if (cacheBytes.isPresent() && cacheBytes.getAsLong() < 1) {
      throw new BadInputException(
          "cache memory is %d bytes, expected 1 or more".formatted(cacheBytes.getAsLong()));
    }
    if (thinkingTokens < 0) {
      throw new BadInputException(
          "thinking tokens is %d, expected 0 or more".formatted(thinkingTokens));
    }
    if (prefixBytes.isPresent() && prefixBytes.getAsLong() < 0) {
      throw new BadInputException(
          "prefix cache is %d bytes, expected 0 or more".formatted(prefixBytes.getAsLong()));
    }
  }

  public EngineOptions withContextLength(OptionalInt value) {
    return new EngineOptions(
        value, speculation, mostRunning, mostWaiting, cacheBytes, prefixBytes, thinkingTokens);
  }

  public EngineOptions withSpeculation(Speculation value) {
    return new EngineOptions(
        contextLength, value, mostRunning, mostWaiting, cacheBytes, prefixBytes, thinkingTokens);
  }

  public EngineOptions withMostRunning(int value) {
    return new EngineOptions(
        contextLength, speculation, value, mostWaiting, cacheBytes, prefixBytes, thinkingTokens);
  }

  public EngineOptions withMostWaiting(int value) {
    return new EngineOptions(
        contextLength, speculation, mostRunning, value, cacheBytes, prefixBytes, thinkingTokens);
  }

  public EngineOptions withCacheBytes(long value) {
    return new EngineOptions(
        contextLength,
        speculation,
        mostRunning,
        mostWaiting,
        OptionalLong.of(value),
        prefixBytes,
        thinkingTokens);
  }

  public EngineOptions withPrefixBytes(long value) {
    return new EngineOptions(
        contextLength,
        speculation,
        mostRunning,
        mostWaiting,
        cacheBytes,
        OptionalLong.of(value),
        thinkingTokens);
  }

  public EngineOptions withThinkingTokens(int value) {
    return new EngineOptions(
        contextLength, speculation, mostRunning, mostWaiting, cacheBytes, prefixBytes, value);
  }
}
