package burhan.engine;

import burhan.tensor.BadInputException;

/**
 * Whether tokens are guessed ahead, so that one step of the model confirms several. The guesses
 * never change an answer, only how many steps it takes.
 *
 * @param source where guesses come from
 * @param draftTokens most guesses in one step
 */
public record Speculation(Source source, int draftTokens) {
  /** Rows of one step that a sequence may fill: with its last token they stay below 17. */
  private static final int MOST = 15;

  /** Where guesses come from. */
  public enum Source {
    /** No guesses. */
    OFF,
    /** Whatever the model has, as long as it pays. */
    AUTO,
    /** The model's multi-token prediction, always. */
    MTP,
    /** Earlier text of the same sequence, wherever the last tokens stood before. */
    NGRAM
  }

  /** One token a step. */
  public static final Speculation OFF = new Speculation(Source.OFF, 1);

  /** As long as it pays. */
  public static final Speculation AUTO = new Speculation(Source.AUTO, 4);

  /**
   * @throws BadInputException if the number of guesses makes no sense
   */
  public Speculation {
    if (draftTokens < 1 || draftTokens > MOST) {
      throw new BadInputException(
          "draft tokens is %d, expected 1 to %d".formatted(draftTokens, MOST));
    }
  }

  public Speculation withSource(Source value) {
    return new Speculation(value, draftTokens);
  }

  public Speculation withDraftTokens(int value) {
    return new Speculation(source, value);
  }
}
