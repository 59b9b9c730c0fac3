package burhan.train;

import burhan.checkpoint.Json;
import burhan.checkpoint.Safetensors;
import burhan.model.DeepSeekConfig;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One run from folder to folder: opens or makes the model, resumes where a checkpoint lies, trains,
 * and leaves {@code out/model}, {@code out/metrics.jsonl} and {@code out/loss.png}. SIGTERM ends it
 * at a step's boundary with a checkpoint.
 */
final class TrainingRun {
  private TrainingRun() {}

  /**
   * @return the finished model's folder
   * @throws BadInputException if the start folder or an earlier checkpoint cannot be used
   */
  static Path run(TrainConfig config, SampleSource samples, ProgressListener listener)
      throws IOException {
    torch.set_num_threads(config.threads());
    openblas_nolapack.blas_set_num_threads(config.threads());
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    // libtorch's memory is torn down while the JVM exits; a step still running then would crash.
    Thread hook =
        new Thread(
            () -> {
              stop.set(true);
              awaitQuietly(ended);
            },
            "stop-training");
    Runtime.getRuntime().addShutdownHook(hook);
    // Everything long-lived belongs to this scope and is freed with it.
    try (PointerScope _ = new PointerScope()) {
      return train(config, samples, listener, stop);
    } finally {
      ended.countDown();
      removeHook(hook);
    }
  }

  private static Path train(
      TrainConfig config, SampleSource samples, ProgressListener listener, AtomicBoolean stop)
      throws IOException {
    Parameters parameters = open(config);
    Optimizer optimizer =
        new Optimizer(
            parameters, config.optimizer(), config.beta1(), config.beta2(), config.weightDecay());
    Optional<Path> earlier = Checkpoint.newest(config.out());
    RunState state = RunState.start(config);
    if (earlier.isPresent()) {
      state = Checkpoint.read(earlier.get(), config, parameters, optimizer);
      listener.message(
          "resumed from %s at step %d".formatted(earlier.get().getFileName(), state.step()));
    }
    listener.message(
        "%,d parameters, %,d active per token"
            .formatted(
                parameters.layout().matrixElements() + parameters.layout().gainElements(),
                parameters.layout().activeParameters()));
    Files.createDirectories(config.out());
    Trainer trainer = new Trainer(config, parameters, optimizer, samples, state, listener);
    Path metrics = config.out().resolve("metrics.jsonl");
    try (MetricsLog log = new MetricsLog(metrics, state.step())) {
      trainer.run(log, stop::get);
    }
    Path model = config.out().resolve("model");
    ModelFiles.save(parameters, config.start(), model);
    LossCurve.draw(metrics, config.out().resolve("loss.png"));
    return model;
  }

  private static Parameters open(TrainConfig config) {
    Json json = Json.read(config.start().resolve("config.json"));
    DeepSeekConfig shape = DeepSeekConfig.parse(json);
    if (shape.tieWordEmbeddings()) {
      throw new BadInputException(
          "%s: 'tie_word_embeddings' is true, expected false; training keeps the head apart"
              .formatted(json.where()));
    }
    Parameters parameters =
        new Parameters(shape, ScalarType.Float, config.initStd(), config.seed());
    Path weights = config.start().resolve("model.safetensors");
    if (Files.exists(weights)) {
      try (Safetensors stored = Safetensors.open(weights)) {
        ModelFiles.load(parameters, stored);
      }
    }
    return parameters;
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // Already shutting down: the hook is what waits for us.
    }
  }
}
