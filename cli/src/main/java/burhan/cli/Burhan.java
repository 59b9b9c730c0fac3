package burhan.cli;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/**
 * The {@code burhan} command: finds the subcommand, runs it, and turns what went wrong into one
 * sentence and an exit code. Knows no model.
 */
@Command(
    name = "burhan",
    description = "Runs and trains open reasoning models, and checks what they say.",
    mixinStandardHelpOptions = true,
    versionProvider = Burhan.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    scope = CommandLine.ScopeType.INHERIT,
    usageHelpAutoWidth = true)
public final class Burhan implements Callable<Integer> {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  @CommandLine.Option(
      names = "--debug",
      description = "Show where in the program an error arose.",
      scope = CommandLine.ScopeType.INHERIT)
  private boolean debug;

  private final Console console;

  private Burhan(Console console) {
    this.console = console;
  }

  public static void main(String[] args) {
    if (Arrays.stream(args).anyMatch(Commands.OPEN_A_MODEL::contains)) {
      // The JSON library needs as long to begin as the command line does: side by side they save a
      // tenth of a second.
      Thread.ofPlatform().daemon().start(() -> Json.parse("nothing", "{}"));
    }
    int code = run(Console.system(), args);
    if (code != DONE) {
      System.exit(code);
    }
  }

  /** The command without the process around it. */
  static int run(Console console, String... args) {
    Burhan burhan = new Burhan(console);
    CommandLine line = new CommandLine(burhan);
    Commands.add(line, console, args);
    line.setDefaultValueProvider(new Settings(console.environment()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUnmatchedOptionsArePositionalParams(true); // "-3 + 5" is a question
    line.setOut(ConsoleWriter.silent(console));
    line.setParameterExceptionHandler((e, given) -> {
      if (e.getCause() instanceof BadInputException input) { // config.toml, read while parsing
        return burhan.failed(input);
      }
      String name = e.getCommandLine().getCommandSpec().qualifiedName();
      return burhan.failed(e, WRONG_USAGE, sentence(e) + "; see '" + name + " --help'");
    });
    line.setExecutionExceptionHandler((e, where, parsed) -> burhan.failed(e));
    try {
      int code = line.execute(args);
      console.flush();
      return code;
    } catch (Console.ReaderGone e) {
      return DONE;
    } catch (OutOfMemoryError | LinkageError e) { // picocli hands on exceptions only
      return burhan.failed(e);
    }
  }

  private int failed(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof Console.ReaderGone) {
        return DONE; // whoever read the output has seen enough
      }
    }
    return switch (e) {
      case UsageException usage -> failed(usage, WRONG_USAGE, message(usage));
      case BadInputException input -> failed(input, FAILED, message(input));
      case OutOfMemoryError memory ->
          failed(memory, FAILED, "out of memory: " + message(memory) + "; shorten --ctx");
      case LinkageError missing ->
          failed(
              missing,
              FAILED,
              "a library is missing (%s); start through ./burhan, which fetches what a command needs"
                  .formatted(message(missing)));
      default ->
          failed(
              e,
              FAILED,
              "an error in the program itself: %s; --debug shows where, please report it"
                  .formatted(e));
    };
  }

  private int failed(Throwable e, int code, String sentence) {
    console.flush();
    console.error("burhan: " + sentence);
    if (debug) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      console.errorText(trace.toString());
    }
    return code;
  }

  private static String message(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  /** picocli's message on one line, without its full stop. */
  private static String sentence(ParameterException e) {
    String line = message(e).lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  @Override
  public Integer call() {
    throw new UsageException("no command is given; see 'burhan --help'");
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Burhan.class.getPackage().getImplementationVersion();
      return new String[] {
        "burhan %s (Java %s)"
            .formatted(version == null ? "from source" : version, Runtime.version())
      };
    }
  }
}
