package burhan.eval;

import burhan.task.Skill;
import burhan.task.Split;

/**
 * What a model scored on one skill.
 *
 * @param right greedy answers that the verifier confirms
 * @param refused problems that were answered with a sentence instead of a number
 * @param meanThinkingTokens per problem
 */
public record TaskScore(
    Skill skill, Split split, Proportion right, Proportion refused, double meanThinkingTokens) {}
