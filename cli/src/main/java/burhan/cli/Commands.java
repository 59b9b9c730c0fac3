package burhan.cli;

import burhan.train.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/**
 * The subcommands by name. Reading one from its annotations costs more than starting Java, so a
 * call that names one gets that one alone; help and misspellings get them all.
 */
final class Commands {
  private static final List<String> NAMES =
      List.of(
          "ask",
          "chat",
          "serve",
          "pull",
          "show",
          "tokenize",
          "logits",
          "quantize",
          "bench",
          "doctor",
          "train",
          "eval");

  /** Those that need a model at once. */
  static final Set<String> OPEN_A_MODEL =
      Set.of("ask", "chat", "serve", "show", "tokenize", "logits");

  private Commands() {}

  /** Adds to {@code root} what these arguments need. */
  static void add(CommandLine root, Console console, String... args) {
    List<String> named =
        Arrays.stream(args)
            .filter(arg -> !arg.startsWith("-"))
            .limit(1)
            .filter(NAMES::contains)
            .toList();
    for (String name : named.isEmpty() ? NAMES : named) {
      root.addSubcommand(name, command(name, console));
    }
  }

  private static Object command(String name, Console console) {
    return switch (name) {
      case "ask" -> new AskCommand(console);
      case "chat" -> new ChatCommand(console);
      case "serve" -> new ServeCommand(console);
      case "pull" -> new PullCommand(console);
      case "show" -> new ShowCommand(console);
      case "tokenize" -> new TokenizeCommand(console);
      case "logits" -> new LogitsCommand(console);
      case "quantize" -> new QuantizeCommand(console);
      case "bench" -> new BenchCommand(console);
      case "doctor" -> new DoctorCommand(console);
      case "train" ->
          new CommandLine(new TrainCommand())
              .addSubcommand("pretrain", new TrainCommand.StageCommand(console, Stage.PRETRAIN))
              .addSubcommand("sft", new TrainCommand.StageCommand(console, Stage.SFT));
      case "eval" ->
          new CommandLine(new EvalCommand())
              .addSubcommand("tasks", new EvalCommand.TasksCommand(console));
      default -> throw new IllegalArgumentException(name);
    };
  }
}
