package burhan.token;

/**
 * A stretch of a rendered prompt.
 *
 * @param fromTemplate the template's own text, in which control tokens count; otherwise it came in
 *     with the conversation and is plain text, whatever it spells
 */
public record Segment(String text, boolean fromTemplate) {}
