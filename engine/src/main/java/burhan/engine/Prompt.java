package burhan.engine;

/**
 * Token ids a model goes on from, and where they leave it.
 *
 * @param ids at least one, in the model's vocabulary
 */
public record Prompt(int[] ids, Start start) {
  /** What the first generated text belongs to. */
  public enum Start {
    /** Thinking: the prompt ends inside an opened {@code <think>}. */
    THINKING,
    /** Thinking if the model opens it itself, else the answer. */
    UNDECIDED,
    /** The answer: thinking was switched off. */
    ANSWER,
    /** A continuation of the text, white space and tags included. */
    RAW
  }

  /** A text to be continued, outside any conversation. */
  public static Prompt raw(int[] ids) {
    return new Prompt(ids, Start.RAW);
  }
}
