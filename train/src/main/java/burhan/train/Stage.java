package burhan.train;

import burhan.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/** What a training run teaches. */
public enum Stage {
  /** Loss on thinking, answer and (promptShare) question; problems grow with the run. */
  PRETRAIN,
  /** Loss on thinking and answer only; the full mixture, some of it in two turns. */
  SFT;

  /**
   * Runs the stage to its end, going on from the newest checkpoint in {@code config.out()}.
   *
   * @return the finished model's folder
   * @throws burhan.tensor.BadInputException if the start folder or a checkpoint cannot be used
   */
  public static Path run(TrainConfig config, ProgressListener listener) throws IOException {
    Tokenizer tokenizer = Tokenizer.open(config.start().resolve("tokenizer.json"));
    SampleSource samples = new TaskSamples(tokenizer, config);
    return TrainingRun.run(config, samples, listener);
  }
}
