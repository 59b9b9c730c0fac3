package burhan.engine;

import burhan.tensor.BadInputException;
import java.util.Locale;

/**
 * Whether a model thinks before it answers, and for how long. Where a limit is reached the thinking
 * is closed with a sentence of ours ({@link #CLOSING}), and the model answers with what it has.
 *
 * @param isOn false where the prompt is to end behind an empty thinking
 * @param mostTokens of the thinking, the closing sentence aside; 0 closes it at once
 */
public record Thinking(boolean isOn, int mostTokens) {
  /** As long as the answer may be. */
  public static final int NO_LIMIT = Integer.MAX_VALUE;

  /** As the model likes. */
  public static final Thinking ON = new Thinking(true, NO_LIMIT);

  /** None. */
  public static final Thinking OFF = new Thinking(false, NO_LIMIT);

  /** What ends a thinking that has used up its tokens, in the form that R1 ends its own. */
  static final String CLOSING =
      "\n\nI have used up the time for thinking, so I answer with what I have found.\n"
          + ThinkingSplitter.CLOSE
          + "\n\n";

  // Chosen for R1's distills, whose thinking on school maths takes about a thousand tokens.
  private static final int MINIMAL = 256;
  private static final int LOW = 1024;
  private static final int MEDIUM = 4096;

  /**
   * @throws BadInputException if the limit makes no sense
   */
  public Thinking {
    if (mostTokens < 0) {
      throw new BadInputException(
          "thinking tokens is %d, expected 0 or more".formatted(mostTokens));
    }
  }

  /** With a limit. */
  public static Thinking atMost(int tokens) {
    return new Thinking(true, tokens);
  }

  /**
   * What clients call the effort of reasoning: none, minimal (256 tokens), low (1024), medium
   * (4096), high and max (no limit).
   *
   * @throws BadInputException if it is none of these
   */
  public static Thinking effort(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "none" -> OFF;
      case "minimal" -> atMost(MINIMAL);
      case "low" -> atMost(LOW);
      case "medium" -> atMost(MEDIUM);
      case "high", "max", "xhigh" -> ON;
      default ->
          throw new BadInputException(
              "reasoning effort is '%s', expected none, minimal, low, medium, high or max"
                  .formatted(name));
    };
  }
}
