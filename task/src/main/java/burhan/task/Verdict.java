package burhan.task;

/**
 * What an independent check of an answer found.
 *
 * @param holds whether the answer is right
 * @param statement the proof, e.g. {@code 3 x (12 + 5) = 51}, or what is wrong with the answer
 */
public record Verdict(boolean holds, String statement) {}
