package burhan.cli;

import burhan.api.Model;
import burhan.engine.Speculation;
import burhan.server.BurhanServer;
import burhan.server.ServerOptions;
import burhan.tensor.BadInputException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model behind HTTP, until the process is told to end. */
@Command(
    name = "serve",
    description =
        "Serves a model to clients of OpenAI's and DeepSeek's APIs, on this machine only unless"
            + " asked otherwise. Ctrl-C ends it when the running answers have ended.")
final class ServeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final SpeculationOptions speculation = new SpeculationOptions();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where to listen (${DEFAULT-VALUE}); any but this machine's own demands a key.",
      defaultValue = "127.0.0.1")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on, 0 for any that is free (${DEFAULT-VALUE}).",
      defaultValue = "8080")
  private int port;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description =
          "A key that clients must send; better in the environment as BURHAN_API_KEY, which no"
              + " list of processes shows.")
  private @Nullable String apiKey;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    ServerOptions options = options();
    Speculation guessing = speculation.speculation();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (Model opened = model.open(console, guessing);
        BurhanServer server = BurhanServer.start(opened, model.model(), options)) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(asked, ended)));
      console.println(
          "%1$s listens on %2$s (API below %2$s/v1, kernels %3$s)"
              .formatted(model.model(), server.uri(), opened.kernelNames()));
      asked.await();
    } finally {
      ended.countDown();
    }
    return Burhan.DONE;
  }

  /** The process ends when this returns: not before the answers have. */
  private static void end(CountDownLatch asked, CountDownLatch ended) {
    asked.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerOptions options() {
    try {
      return ServerOptions.DEFAULT
          .withApiKeys(apiKey == null ? List.of() : List.of(apiKey))
          .withHost(host)
          .withPort(port);
    } catch (BadInputException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
