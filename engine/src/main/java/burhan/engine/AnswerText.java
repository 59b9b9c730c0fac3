package burhan.engine;

import burhan.token.StreamDecoder;
import burhan.token.Tokenizer;
import java.util.List;

/**
 * Tokens of one sequence to thinking and answer: characters, tags, stop strings, white space, in
 * this order. Knows no model and no sampling.
 */
final class AnswerText implements ThinkingSplitter.Parts {
  /** Receives what is certain, piece by piece. */
  @FunctionalInterface
  interface Sink {
    void put(boolean isThinking, String piece);
  }

  private final Tokenizer tokenizer;
  private final StreamDecoder decoder;
  private final ThinkingSplitter splitter;
  private final List<String> stopStrings;
  private final boolean trims;
  private final Sink sink;
  private StopStrings stops;
  private final StringBuilder thinking = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private int shownThinking; // characters the reader has; the rest is white space so far
  private int shownText;
  private int tokens;
  private int reasoningTokens;

  AnswerText(Tokenizer tokenizer, Prompt.Start start, List<String> stopStrings, Sink sink) {
    this.tokenizer = tokenizer;
    this.decoder = tokenizer.stream();
    this.splitter = new ThinkingSplitter(start, this);
    this.stopStrings = stopStrings;
    this.stops = new StopStrings(stopStrings);
    this.trims = start != Prompt.Start.RAW;
    this.sink = sink;
  }

  /** Takes a token that is not the end token. */
  void push(int token) {
    tokens++;
    boolean wasThinking = splitter.isThinking();
    if (!tokenizer.isSpecial(token) || isTag(token)) {
      splitter.push(decoder.push(token));
    }
    if (wasThinking || splitter.isThinking()) {
      reasoningTokens = tokens; // all up to here: what opened or closed the thinking counts with it
    }
  }

  /**
   * No more tokens come.
   *
   * @param isWhole whether the model ended here; if it was cut off, so may be its last character,
   *     which is then dropped
   */
  void end(boolean isWhole) {
    if (stops.isFound()) {
      return;
    }
    if (isWhole) {
      splitter.push(decoder.flush());
    }
    splitter.flush();
    takeAnswer(stops.flush());
  }

  /** Whether the text so far ends inside a thinking that was opened. */
  boolean isThinking() {
    return splitter.isThinking();
  }

  /** Whether the tokens so far end where a character ends. */
  boolean isWhole() {
    return decoder.isWhole();
  }

  boolean isStopped() {
    return stops.isFound();
  }

  String thinkingText() {
    return thinking.substring(0, shownThinking);
  }

  String answerText() {
    return text.substring(0, shownText);
  }

  int reasoningTokens() {
    return reasoningTokens;
  }

  @Override
  public void thinking(String piece) {
    thinking.append(piece);
    shownThinking = show(thinking, shownThinking, withoutSpace(thinking), true);
  }

  @Override
  public void answer(String piece) {
    takeAnswer(stops.push(piece));
  }

  @Override
  public void answerWasThinking() {
    if (stops.isFound()) {
      return;
    }
    takeAnswer(stops.flush());
    stops = new StopStrings(stopStrings);
    thinking.append(text, 0, shownText);
    shownThinking = thinking.length();
    text.setLength(0);
    shownText = 0;
    reasoningTokens = tokens;
  }

  private void takeAnswer(String piece) {
    text.append(piece);
    shownText = show(text, shownText, trims ? withoutSpace(text) : text.length(), false);
  }

  private int show(StringBuilder part, int shown, int to, boolean isThinking) {
    if (to <= shown) {
      return shown;
    }
    sink.put(isThinking, part.substring(shown, to));
    return to;
  }

  private boolean isTag(int token) {
    String name = tokenizer.token(token);
    return name.equals(ThinkingSplitter.OPEN) || name.equals(ThinkingSplitter.CLOSE);
  }

  private static int withoutSpace(CharSequence text) {
    int n = text.length();
    while (n > 0 && Character.isWhitespace(text.charAt(n - 1))) {
      n--;
    }
    return n;
  }
}
