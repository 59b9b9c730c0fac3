package burhan.token;

import burhan.tensor.BadInputException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A chat template: Jinja as Hugging Face's library renders it (trim_blocks, lstrip_blocks, loop
 * controls, {@code tojson} without escapes, {@code raise_exception}, {@code strftime_now}). It
 * arrives inside a model file and is hostile until shown otherwise: rendering is bounded in steps,
 * text and depth, reads no files, and reaches no Java object. Knows no tokens.
 *
 * <p>Not supported, and refused rather than skipped: template inheritance and imports, {@code do},
 * autoescape, user-defined filters. {@code safe} does not make other text escape itself.
 */
public final class ChatTemplate {
  private final List<JinjaNode.Statement> statements;
  private final Clock clock;

  private ChatTemplate(List<JinjaNode.Statement> statements, Clock clock) {
    this.statements = statements;
    this.clock = clock;
  }

  /**
   * Parses a template.
   *
   * @throws BadInputException if it is not a template, with the line at fault
   */
  public static ChatTemplate of(String source) {
    return of(source, Clock.system(ZoneId.systemDefault()));
  }

  /** Parses a template whose {@code strftime_now} asks this clock. */
  public static ChatTemplate of(String source, Clock clock) {
    try {
      return new ChatTemplate(JinjaParser.parse(Utf8.valid(source)), clock);
    } catch (StackOverflowError e) {
      throw new BadInputException("chat template: nested too deeply to read", e);
    }
  }

  /**
   * The rendered text.
   *
   * @param context variables: {@code messages}, {@code add_generation_prompt}, {@code bos_token}
   *     and so on; null, booleans, numbers, strings, collections, maps and JSON nodes
   * @throws BadInputException if the template refuses the conversation, fails, or exceeds a bound
   */
  public String render(Map<String, ?> context) {
    return marked(context).value();
  }

  /**
   * The rendered text in stretches that alternate between the template's own and the
   * conversation's. A variable whose name ends in {@code _token} counts as the template's.
   */
  public List<Segment> renderSegments(Map<String, ?> context) {
    return segments(marked(context));
  }

  /**
   * Likewise, but cut behind the last message, whose author is to go on writing it. White space at
   * the message's end is kept where the template keeps it.
   *
   * @param last what the last message says so far
   * @throws BadInputException also if the template leaves the message out or it says nothing
   */
  public List<Segment> renderContinued(Map<String, ?> context, String last) {
    String said = Utf8.valid(last);
    String core = JinjaStrings.trimmed(said);
    if (core.isEmpty()) {
      throw new BadInputException(
          "the last message is empty, so there is nothing to continue; leave it out");
    }
    MarkedText text = marked(context);
    int at = text.value().lastIndexOf(core);
    if (at < 0) {
      throw new BadInputException(
          "the chat template does not write the last message as it is, so it cannot be continued;"
              + " ask for a new answer");
    }
    int end = text.value().startsWith(said, at) ? at + said.length() : at + core.length();
    return segments(text.part(0, end));
  }

  private static List<Segment> segments(MarkedText text) {
    List<Segment> segments = new ArrayList<>();
    int[] input = text.inputRanges();
    int from = 0;
    for (int i = 0; i < input.length; i += 2) {
      add(segments, text, from, input[i], true);
      add(segments, text, input[i], input[i + 1], false);
      from = input[i + 1];
    }
    add(segments, text, from, text.length(), true);
    return segments;
  }

  private static void add(
      List<Segment> segments, MarkedText text, int from, int to, boolean fromTemplate) {
    if (from < to) {
      segments.add(new Segment(text.value().substring(from, to), fromTemplate));
    }
  }

  private MarkedText marked(Map<String, ?> context) {
    JinjaBudget budget = new JinjaBudget();
    JinjaEvaluator evaluator = new JinjaEvaluator(budget);
    try {
      return evaluator.render(statements, new JinjaContext(budget, clock).scope(context));
    } catch (BadInputException e) {
      String message = String.valueOf(e.getMessage()).replaceFirst("^chat template: ", "");
      throw new BadInputException("chat template: line " + evaluator.line() + ": " + message, e);
    } catch (StackOverflowError e) {
      throw new BadInputException(
          "chat template: line " + evaluator.line() + ": nests too deeply to render", e);
    }
  }
}
