package burhan.engine;

/**
 * Tells thinking from answer in text that arrives in pieces, as R1's own parser does: {@code
 * (<think>)? thinking </think> answer}. Knows no tokens: where the pieces are cut makes no
 * difference, and half a tag is held back. White space before either part is dropped; what stands
 * behind it is the receiver's to drop.
 */
public final class ThinkingSplitter {
  static final String OPEN = "<think>";
  static final String CLOSE = "</think>";

  /** Receives the two parts. */
  public interface Parts {
    void thinking(String text);

    void answer(String text);

    /**
     * A closing tag came that nobody opened: all that was given out as answer was thinking. A
     * stream cannot take it back, the finished answer can.
     */
    void answerWasThinking();
  }

  private enum State {
    UNDECIDED,
    THINKING,
    UNOPENED_ANSWER,
    ANSWER
  }

  private final Parts parts;
  private final boolean trims;
  private final StringBuilder held = new StringBuilder();
  private State state;
  private boolean atStart; // of a part, where white space is dropped

  /**
   * @param start where the prompt left off
   */
  public ThinkingSplitter(Prompt.Start start, Parts parts) {
    this.parts = parts;
    this.trims = start != Prompt.Start.RAW;
    this.atStart = trims;
    this.state =
        switch (start) {
          case UNDECIDED -> State.UNDECIDED;
          case THINKING -> State.THINKING;
          case ANSWER, RAW -> State.ANSWER;
        };
  }

  /** Whether the text so far ends inside the thinking. */
  public boolean isThinking() {
    return state == State.THINKING;
  }

  /** Hands out what is certain after this piece. */
  public void push(String text) {
    held.append(text);
    boolean more = true;
    while (more && !held.isEmpty()) {
      dropSpace();
      more =
          switch (state) {
            case UNDECIDED -> decide();
            case THINKING -> think();
            case UNOPENED_ANSWER -> watch();
            case ANSWER -> give(held.length());
          };
    }
  }

  /** Hands out what was held back: no tag, or one cut short. */
  public void flush() {
    if (state == State.UNDECIDED) {
      state = State.ANSWER;
    }
    give(held.length());
  }

  /** Each step returns whether the state changed, so that the rest wants another look. */
  private boolean decide() {
    if (startsWithOpen()) {
      open();
      return true;
    }
    if (OPEN.startsWith(held.toString())) {
      return false;
    }
    state = State.UNOPENED_ANSWER;
    return true;
  }

  private boolean think() {
    // A model that opens again what its template has opened.
    if (atStart) {
      if (startsWithOpen()) {
        open();
        return true;
      }
      if (OPEN.startsWith(held.toString())) {
        return false;
      }
    }
    int close = held.indexOf(CLOSE);
    if (close < 0) {
      return give(held.length() - StopStrings.overlap(held, CLOSE));
    }
    give(close);
    close();
    return true;
  }

  private boolean watch() {
    int close = held.indexOf(CLOSE);
    if (close < 0) {
      return give(held.length() - StopStrings.overlap(held, CLOSE));
    }
    give(close);
    parts.answerWasThinking();
    close();
    return true;
  }

  private boolean startsWithOpen() {
    return held.length() >= OPEN.length() && held.indexOf(OPEN) == 0;
  }

  private void open() {
    held.delete(0, OPEN.length());
    state = State.THINKING;
    atStart = true;
  }

  private void close() {
    held.delete(0, CLOSE.length());
    state = State.ANSWER;
    atStart = trims;
  }

  private boolean give(int count) {
    if (count > 0) {
      String text = held.substring(0, count);
      held.delete(0, count);
      atStart = false;
      if (state == State.THINKING) {
        parts.thinking(text);
      } else {
        parts.answer(text);
      }
    }
    return false;
  }

  private void dropSpace() {
    int n = 0;
    while (atStart && n < held.length() && Character.isWhitespace(held.charAt(n))) {
      n++;
    }
    held.delete(0, n);
  }
}
