package burhan.cli;

import burhan.api.Model;
import burhan.checkpoint.Json;
import burhan.engine.GenerationRequest;
import burhan.eval.Proportion;
import burhan.eval.TaskEvaluation;
import burhan.eval.TaskScore;
import burhan.task.Problem;
import burhan.task.Skill;
import burhan.task.Split;
import burhan.token.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** Scores a model on problems that nobody has seen. */
@Command(name = "eval", description = "Scores with confidence intervals.")
final class EvalCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageException("no evaluation is named; burhan eval tasks scores the tasks");
  }

  /** The generated tasks, each answer judged by the verifier. */
  @Command(
      name = "tasks",
      description =
          "Greedy accuracy on generated problems, each answer judged by the verifier, with 95 %"
              + " confidence intervals.")
  static final class TasksCommand implements Callable<Integer> {
    private final Console console;

    @Mixin private final ModelOptions model = new ModelOptions();

    @Option(
        names = "--skill",
        paramLabel = "SKILL",
        split = ",",
        description = "Skills to score, such as add,word-ar; all.")
    private @Nullable List<String> skills;

    @Option(
        names = "--split",
        paramLabel = "SPLIT",
        description =
            "Which problems: test, ood (unseen operand ranges and wordings) or train"
                + " (${DEFAULT-VALUE}).",
        defaultValue = "test")
    private Split split = Split.TEST;

    @Option(
        names = "--count",
        paramLabel = "N",
        description = "Problems per skill (${DEFAULT-VALUE}).",
        defaultValue = "500")
    private int count;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Another seed draws other problems (${DEFAULT-VALUE}).",
        defaultValue = "1")
    private long seed;

    @Option(
        names = "--max-tokens",
        paramLabel = "N",
        description = "Most tokens of one answer; what the context holds.")
    private int maxTokens = GenerationRequest.NO_LIMIT;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    TasksCommand(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (count < 1 || maxTokens < 1) {
        throw new UsageException("--count and --max-tokens expect 1 or more");
      }
      List<Skill> chosen =
          skills == null ? Arrays.asList(Skill.values()) : skills.stream().map(Skill::of).toList();
      ArrayNode scores = Json.mapper().createArrayNode();
      try (Model opened = model.open(console)) {
        TaskEvaluation evaluation =
            new TaskEvaluation(
                opened.engine(),
                question -> opened.engine().prompt(List.of(Message.user(question)), true),
                maxTokens);
        if (!json) {
          console.println(
              "%-10s %-5s %9s %16s %9s %9s"
                  .formatted("skill", "split", "right", "95 %", "refused", "thinking"));
        }
        for (Skill skill : chosen) {
          List<Problem> problems = TaskEvaluation.problems(skill, split, count, seed);
          TaskScore score = evaluation.run(skill, split, problems, done -> progress(skill, done));
          endProgress();
          if (json) {
            add(scores, score);
          } else {
            print(score);
          }
        }
      }
      if (json) {
        console.println(Json.mapper().writeValueAsString(scores));
      }
      return Burhan.DONE;
    }

    private void progress(Skill skill, int done) {
      if (console.errIsTerminal()) {
        console.errorText("\r%s %d of %d".formatted(skill.label(), done, count));
      }
    }

    private void endProgress() {
      if (console.errIsTerminal()) {
        console.errorText("\r\u001b[K");
      }
    }

    private void print(TaskScore score) {
      Proportion right = score.right();
      console.println(
          String.format(
              Locale.ROOT,
              "%-10s %-5s %7.1f %% %6.1f to %5.1f %% %7.1f %% %9.0f",
              score.skill().label(),
              score.split().name().toLowerCase(Locale.ROOT),
              100 * right.share(),
              100 * right.low(),
              100 * right.high(),
              100 * score.refused().share(),
              score.meanThinkingTokens()));
    }

    private static void add(ArrayNode scores, TaskScore score) {
      scores
          .addObject()
          .put("skill", score.skill().label())
          .put("split", score.split().name().toLowerCase(Locale.ROOT))
          .put("problems", score.right().total())
          .put("right", score.right().hits())
          .put("accuracy", score.right().share())
          .put("low", score.right().low())
          .put("high", score.right().high())
          .put("refused", score.refused().hits())
          .put("mean_thinking_tokens", score.meanThinkingTokens());
    }
  }
}
