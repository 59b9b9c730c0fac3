package burhan.cli;

import burhan.engine.Speculation;
import burhan.tensor.BadInputException;
import picocli.CommandLine.Option;

/** How tokens are guessed ahead. */
final class SpeculationOptions {
  @Option(
      names = "--speculate",
      paramLabel = "HOW",
      description =
          "Guess tokens ahead and confirm several in one step: off, auto (as long as it pays), mtp"
              + " (the model's own prediction, always), or ngram (from the text so far, always)."
              + " The answer is the same (${DEFAULT-VALUE}).",
      defaultValue = "auto")
  private Speculation.Source source = Speculation.Source.AUTO;

  @Option(
      names = "--draft-tokens",
      paramLabel = "N",
      description = "Most guesses in one step (${DEFAULT-VALUE}).",
      defaultValue = "4")
  private int draftTokens = Speculation.AUTO.draftTokens();

  /**
   * What was chosen.
   *
   * @throws UsageException if the number is out of range
   */
  Speculation speculation() {
    try {
      return new Speculation(source, draftTokens);
    } catch (BadInputException e) {
      throw new UsageException("--draft-tokens: " + e.getMessage());
    }
  }
}
