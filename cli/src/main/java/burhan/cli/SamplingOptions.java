package burhan.cli;

import burhan.api.Model;
import burhan.engine.GenerationRequest;
import burhan.engine.Sampling;
import burhan.engine.Thinking;
import burhan.tensor.BadInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How the next token is chosen. What the caller leaves open is what the model's own {@code
 * generation_config.json} says, and behind that what DeepSeek recommends for R1.
 */
final class SamplingOptions {
  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "0 takes the likeliest token; the model's own setting, else 0.6.")
  private @Nullable Double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      description = "Choose among the likeliest tokens of this share; the model's own, else 0.95.")
  private @Nullable Double topP;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Choose among the N likeliest tokens; 0 for all.")
  private @Nullable Integer topK;

  @Option(
      names = "--min-p",
      paramLabel = "X",
      description = "Drop tokens less likely than this share of the likeliest; 0 for none.")
  private @Nullable Double minP;

  @Option(names = "--seed", paramLabel = "N", description = "The same seed gives the same answer.")
  private @Nullable Long seed;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most tokens of thinking and answer together; what the context holds.")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--thinking-tokens",
      paramLabel = "N",
      description = "Most tokens of thinking; then it is closed with a sentence.")
  private @Nullable Integer thinkingTokens;

  /** Checks what is given before a model is opened. */
  void check() {
    try {
      given(Sampling.GREEDY);
    } catch (BadInputException e) {
      throw new UsageException(message(e));
    }
    if (maxTokens != null && maxTokens < 1) {
      throw new UsageException("--max-tokens is " + maxTokens + ", expected 1 or more");
    }
    if (thinkingTokens != null && thinkingTokens < 0) {
      throw new UsageException("--thinking-tokens is " + thinkingTokens + ", expected 0 or more");
    }
  }

  private static String message(BadInputException e) {
    return "--" + e.getMessage();
  }

  /** The settings, on top of those that the model itself wants. */
  Sampling sampling(Model model) {
    return given(model.engine().sampling());
  }

  int maxTokens() {
    return maxTokens == null ? GenerationRequest.NO_LIMIT : maxTokens;
  }

  Thinking thinking() {
    return thinkingTokens == null ? Thinking.ON : Thinking.atMost(thinkingTokens);
  }

  private Sampling given(Sampling base) {
    Sampling sampling = base;
    if (temperature != null) {
      sampling = sampling.withTemperature(temperature);
    }
    if (topP != null) {
      sampling = sampling.withTopP(topP);
    }
    if (topK != null) {
      sampling = sampling.withTopK(topK);
    }
    if (minP != null) {
      sampling = sampling.withMinP(minP);
    }
    return seed == null ? sampling : sampling.withSeed(seed);
  }
}
