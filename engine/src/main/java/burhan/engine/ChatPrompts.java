package burhan.engine;

import burhan.tensor.BadInputException;
import burhan.token.ChatFormat;
import burhan.token.Message;
import burhan.token.RenderedPrompt;
import burhan.token.Segment;
import burhan.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Conversations to prompts, with thinking on or off. Knows the model's template only as a whole;
 * what a person wrote never becomes a control token.
 */
final class ChatPrompts {
  private final ChatFormat format;
  private final Tokenizer tokenizer;

  ChatPrompts(ChatFormat format, Tokenizer tokenizer) {
    this.format = format;
    this.tokenizer = tokenizer;
  }

  boolean isPlain() {
    return format.isPlain();
  }

  /**
   * A prompt after which the assistant speaks.
   *
   * <p>Without thinking the prompt ends behind a thinking that is already over: {@code <think>},
   * two line ends, {@code </think>}, two line ends. What of it the template wrote itself is not
   * written again, and a model whose vocabulary has no {@code <think>} gets nothing.
   */
  Prompt prompt(List<Message> messages, boolean thinking) {
    if (messages.isEmpty()) {
      throw new BadInputException("messages: none, expected at least one");
    }
    // Templates that can switch thinking ask one of these two: DeepSeek-V3.1's and Qwen3's names.
    RenderedPrompt rendered =
        format.prompt(
            tokenizer, messages, Map.of("thinking", thinking, "enable_thinking", thinking));
    List<Segment> segments = rendered.segments();
    boolean templateIsLast = !segments.isEmpty() && segments.getLast().fromTemplate();
    String end = templateIsLast ? segments.getLast().text() : "";
    boolean isOver = end.stripTrailing().endsWith(ThinkingSplitter.CLOSE);
    if (thinking) {
      Prompt.Start start = isOver ? Prompt.Start.ANSWER : Prompt.Start.UNDECIDED;
      return new Prompt(rendered.ids(), rendered.insideThinking() ? Prompt.Start.THINKING : start);
    }
    String rest = "";
    if (rendered.insideThinking()) {
      rest = (end.endsWith("\n") ? "\n" : "\n\n") + ThinkingSplitter.CLOSE + "\n\n";
    } else if (!isOver && tokenizer.id(ThinkingSplitter.OPEN).isPresent()) {
      rest = ThinkingSplitter.OPEN + "\n\n" + ThinkingSplitter.CLOSE + "\n\n";
    }
    List<Segment> all = new ArrayList<>(segments);
    all.add(new Segment(rest, true));
    return new Prompt(tokenizer.encode(all), Prompt.Start.ANSWER);
  }
}
