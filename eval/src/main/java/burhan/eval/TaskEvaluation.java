package burhan.eval;

import burhan.engine.Answer;
import burhan.engine.Cancellation;
import burhan.engine.Engine;
import burhan.engine.GenerationRequest;
import burhan.engine.Prompt;
import burhan.engine.Sampling;
import burhan.task.Chat;
import burhan.task.Problem;
import burhan.task.Skill;
import burhan.task.Split;
import burhan.task.Tasks;
import burhan.task.Verdict;
import burhan.task.Verifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Greedy accuracy on generated problems, through the engine. An answer counts when the verifier,
 * which parses the question on its own, confirms it; off the subject it counts when it declines in
 * the language of the question.
 */
public final class TaskEvaluation {
  private static final int BATCH = 32;

  private final Engine engine;
  private final Function<String, Prompt> prompts;
  private final int maxTokens;

  /**
   * @param prompts a question as the model's template renders it
   * @param maxTokens most tokens of an answer, thinking included
   */
  public TaskEvaluation(Engine engine, Function<String, Prompt> prompts, int maxTokens) {
    this.engine = engine;
    this.prompts = prompts;
    this.maxTokens = maxTokens;
  }

  /** Different problems of a split: the same ones for the same seed. */
  public static List<Problem> problems(Skill skill, Split split, int count, long seed) {
    List<Problem> problems = new ArrayList<>();
    Set<String> questions = new HashSet<>();
    // A small split may not hold that many different questions; then there are fewer.
    for (long i = 0; problems.size() < count && i < 20L * count; i++) {
      Problem problem = Tasks.problem(skill, seed * 1_000_003 + i, split);
      if (questions.add(problem.prompt())) {
        problems.add(problem);
      }
    }
    return problems;
  }

  /**
   * Asks every problem.
   *
   * @param progress told how many are answered
   */
  public TaskScore run(Skill skill, Split split, List<Problem> problems, IntConsumer progress) {
    List<GenerationRequest> requests =
        problems.stream()
            .map(problem ->
                GenerationRequest.of(prompts.apply(problem.prompt()))
                    .withMaxTokens(maxTokens)
                    .withSampling(Sampling.GREEDY))
            .toList();
    int[] answered = {0};
    List<Answer> answers =
        engine.generateAll(
            requests, BATCH, (answer, index) -> progress.accept(++answered[0]), new Cancellation());
    int right = 0;
    int refused = 0;
    long thinking = 0;
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      right += isRight(problems.get(i), answer.text()) ? 1 : 0;
      refused += isRefusal(problems.get(i), answer.text()) ? 1 : 0;
      thinking += answer.usage().reasoningTokens();
    }
    int total = answers.size();
    return new TaskScore(
        skill,
        split,
        new Proportion(right, total),
        new Proportion(refused, total),
        (double) thinking / total);
  }

  /** Whether an answer is right. */
  public static boolean isRight(Problem problem, String answer) {
    if (problem.skill() == Skill.CHAT) {
      return Chat.isReply(problem.language(), answer);
    }
    return Verifier.check(problem.prompt(), answer)
        .map(Verdict::holds)
        .orElseGet(() -> answer.equals(problem.answer()));
  }

  private static boolean isRefusal(Problem problem, String answer) {
    return problem.skill() != Skill.CHAT && Chat.isReply(answer);
  }
}
