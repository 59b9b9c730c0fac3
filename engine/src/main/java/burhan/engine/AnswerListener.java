package burhan.engine;

/**
 * Receives an answer as it comes, in the generating thread: whoever is slow here slows generation,
 * and an exception ends it. No piece is empty, half a character or half a tag.
 */
public interface AnswerListener {
  /** Hears nothing. */
  AnswerListener NONE = new AnswerListener() {};

  /** The next piece of the thinking. */
  default void thinking(String piece) {}

  /** The next piece of the answer. */
  default void text(String piece) {}

  /** The whole answer, when all pieces have come. */
  default void finish(Answer answer) {}
}
