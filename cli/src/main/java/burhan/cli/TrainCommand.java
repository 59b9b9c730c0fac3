package burhan.cli;

import burhan.tensor.BadInputException;
import burhan.train.ConsoleProgress;
import burhan.train.NanoShape;
import burhan.train.Stage;
import burhan.train.TrainConfig;
import burhan.train.TrainKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains a model on the task generators. The launcher starts this command in a JVM of its own, with
 * libtorch on its class path.
 */
@Command(
    name = "train",
    description = "Trains a model; a run that was stopped or killed goes on where it was.")
final class TrainCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageException("no stage is named, expected burhan train pretrain or sft");
  }

  /** One stage of the recipe. */
  @Command(
      description =
          "One stage: pretrain learns from fresh weights and from every token, sft learns thinking"
              + " and answers from a pre-trained model.")
  static final class StageCommand implements Callable<Integer> {
    private final Console console;
    private final Stage stage;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Settings as lines of key = value; those given here win.")
    private @Nullable Path config;

    @Option(
        names = "--start",
        paramLabel = "FOLDER",
        description =
            "Model folder to go on from; without weights, the shape to begin with. pretrain begins"
                + " with nano's shape if there is none.")
    private @Nullable Path start;

    @Option(
        names = "--out",
        paramLabel = "FOLDER",
        description = "Folder of the run: checkpoints, metrics, curve, model.")
    private @Nullable Path out;

    @Option(
        names = "--minutes",
        paramLabel = "N",
        description = "Stop cleanly after so many minutes.")
    private @Nullable String minutes;

    @Option(names = "--yes", description = "Fetch libtorch without asking.")
    @SuppressWarnings("UnusedVariable") // the launcher asks; here it is only allowed
    private boolean yes;

    @Parameters(
        arity = "0..*",
        paramLabel = "KEY=VALUE",
        description = "Any setting of docs/training.md, such as tokens=20_000_000 seed=2.")
    private List<String> settings = List.of();

    StageCommand(Console console, Stage stage) {
      this.console = console;
      this.stage = stage;
    }

    @Override
    public Integer call() throws IOException {
      TrainConfig chosen = TrainConfig.of(collect());
      PrintStream lines = console.stream();
      Path model = Stage.run(chosen, new ConsoleProgress(lines, console.outIsTerminal()));
      console.println("the model is " + model);
      return Burhan.DONE;
    }

    private Map<String, String> collect() throws IOException {
      Map<String, String> all = new LinkedHashMap<>();
      if (config != null) {
        all.putAll(TrainKeys.read(config));
      }
      for (String setting : settings) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
          throw new UsageException(
              "'" + setting + "' is no setting, expected key=value such as seed=2");
        }
        String value = setting.substring(equals + 1);
        boolean isNumber = value.matches("\\d[\\d_]*");
        all.put(setting.substring(0, equals), isNumber ? value.replace("_", "") : value);
      }
      all.put("stage", stage.name().toLowerCase(Locale.ROOT));
      if (out != null) {
        all.put("out", out.toString());
      }
      if (minutes != null) {
        all.put("minutes", minutes);
      }
      if (start != null) {
        all.put("start", start.toString());
      }
      if (!all.containsKey("start") && stage == Stage.PRETRAIN) {
        all.put("start", nanoShape(all.get("out")).toString());
      }
      return all;
    }

    private static Path nanoShape(@Nullable String outFolder) throws IOException {
      if (outFolder == null) {
        throw new BadInputException(
            "--out is missing, expected the folder that the run shall write to");
      }
      Path shape = Path.of(outFolder).resolve("start");
      if (!Files.exists(shape.resolve("config.json"))) {
        Files.createDirectories(shape);
        NanoShape.write(shape);
      }
      return shape;
    }
  }
}
