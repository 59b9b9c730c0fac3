package burhan.token;

import java.util.List;

/** A conversation made ready for a model. */
public final class RenderedPrompt {
  private final int[] ids;
  private final List<Segment> segments;
  private final boolean insideThinking;

  RenderedPrompt(int[] ids, List<Segment> segments, boolean insideThinking) {
    this.ids = ids;
    this.segments = List.copyOf(segments);
    this.insideThinking = insideThinking;
  }

  /** Token ids, with control tokens only where the template put them. */
  public int[] ids() {
    return ids.clone();
  }

  /** The text behind the ids. */
  public String text() {
    StringBuilder text = new StringBuilder();
    segments.forEach(segment -> text.append(segment.text()));
    return text.toString();
  }

  /** The text in stretches of the template's and of the conversation's. */
  public List<Segment> segments() {
    return segments;
  }

  /**
   * Whether the prompt ends inside an opened {@code <think>}: the model's answer then begins in the
   * middle of its reasoning and only the closing tag will be seen.
   */
  public boolean insideThinking() {
    return insideThinking;
  }
}
