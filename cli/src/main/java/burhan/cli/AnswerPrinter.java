package burhan.cli;

import burhan.engine.Answer;
import burhan.engine.Answer.FinishReason;
import burhan.engine.AnswerListener;
import burhan.task.Verdict;
import burhan.task.Verifier;
import java.util.regex.Pattern;

/**
 * Shows an answer as it comes: on a terminal the thinking faint, then the answer, then the stamp of
 * the verifier; elsewhere the answer alone.
 */
final class AnswerPrinter implements AnswerListener {
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\n\t]]");

  private final Console console;
  private final boolean showsThinking;
  private volatile boolean isDim;
  private boolean hasThinking;
  private boolean hasText;

  AnswerPrinter(Console console, boolean showsThinking) {
    this.console = console;
    this.showsThinking = showsThinking && console.outIsTerminal();
  }

  @Override
  public void thinking(String piece) {
    if (!showsThinking) {
      return;
    }
    if (!hasThinking) {
      hasThinking = true;
      style(DIM);
      isDim = true;
    }
    print(piece);
  }

  @Override
  public void text(String piece) {
    endThinking();
    hasText = true;
    print(piece);
  }

  private void print(String piece) {
    console.print(console.outIsTerminal() ? harmless(piece) : piece);
    console.flush();
  }

  /** The text without control characters: a model must not be able to program the terminal. */
  static String harmless(String text) {
    return CONTROL.matcher(text).replaceAll("\ufffd");
  }

  /** Leaves the terminal as it was, wherever the thinking was cut off. */
  void endThinking() {
    if (isDim) {
      isDim = false;
      style(PLAIN);
      console.print("\n\n");
      console.flush();
    }
  }

  @Override
  public void finish(Answer answer) {
    endThinking();
    if (hasText || console.outIsTerminal()) {
      console.print("\n");
    }
    console.flush();
    if (answer.finishReason() == FinishReason.LENGTH) {
      console.error(
          "burhan: the answer ends here after %d tokens, the most that --max-tokens and the context allow"
              .formatted(answer.usage().completionTokens()));
    }
  }

  /** What an independent reading of the question says about the answer, where it can. */
  void stamp(String question, Answer answer) {
    if (console.outIsTerminal() && answer.finishReason() == FinishReason.STOP) {
      Verifier.check(question, answer.text()).ifPresent(this::stamp);
    }
  }

  private void stamp(Verdict verdict) {
    style(verdict.holds() ? GREEN : RED);
    console.print((verdict.holds() ? "✓ checked: " : "✗ refuted: ") + verdict.statement());
    style(PLAIN);
    console.println("");
  }

  private void style(String code) {
    if (console.isStyled()) {
      console.print(code);
    }
  }
}
