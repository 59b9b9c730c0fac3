package burhan.engine;

/**
 * Receives an answer as it comes, in the thread that waits for it: whoever is slow here slows
 * nobody else and gets longer pieces, and an exception cancels the generation. No piece is empty,
 * half a character or half a tag.
 */
public interface AnswerListener {
  /** Hears nothing. */
  AnswerListener NONE = new AnswerListener() {};

  /** The next piece of the thinking. */
  default void thinking(String piece) {}

  /** The next piece of the answer. */
  default void text(String piece) {}

  /**
   * The next token, before its text; only if {@link GenerationRequest#alternatives} asks for it.
   */
  default void token(TokenChoice choice) {}

  /** Nothing has come for a while, and the answer still does. */
  default void waiting() {}

  /** The whole answer, when all pieces have come. */
  default void finish(Answer answer) {}
}
