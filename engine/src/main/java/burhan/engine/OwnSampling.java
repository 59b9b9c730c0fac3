package burhan.engine;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads how a model itself wants to be sampled. Knows the field names of Hugging Face, no more. */
final class OwnSampling {
  private OwnSampling() {}

  /**
   * What {@code generation_config.json} says: greedy where it says {@code do_sample: false}, else
   * its temperature, top-k, top-p, min-p and repetition penalty, with {@link Sampling#RECOMMENDED}
   * where it is silent.
   *
   * @throws BadInputException if a value is out of range
   */
  static Sampling read(Path folder) {
    Path file = folder.resolve("generation_config.json");
    if (!Files.isRegularFile(file)) {
      return Sampling.RECOMMENDED;
    }
    Json json = Json.read(file);
    boolean samples = json.flag("do_sample", true);
    double temperature = json.number("temperature", Sampling.RECOMMENDED.temperature());
    double topP = json.number("top_p", Sampling.RECOMMENDED.topP());
    double minP = json.number("min_p", 0);
    int topK = json.integer("top_k", 0, Integer.MAX_VALUE, 0);
    double repetitionPenalty = json.number("repetition_penalty", 1);
    try {
      Sampling sampling = Sampling.GREEDY.withRepetitionPenalty(repetitionPenalty);
      return samples
          ? sampling.withTemperature(temperature).withTopK(topK).withTopP(topP).withMinP(minP)
          : sampling;
    } catch (BadInputException e) {
      throw new BadInputException(file + ": " + e.getMessage(), e);
    }
  }
}
