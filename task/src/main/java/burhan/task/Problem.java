package burhan.task;

/**
 * One question with its worked solution.
 *
 * @param prompt what a person types
 * @param thinking the trace between {@code <think>} and {@code </think>}, without the tags
 * @param answer what follows the thinking
 * @param key the canonical problem without its wording; problems of equal key are the same problem
 *     and fall into the same split
 */
public record Problem(
    Skill skill, Language language, String prompt, String thinking, String answer, String key) {}
