package burhan.engine;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Reads which tokens end an answer from a model folder. Knows where that is written, no more. */
final class EndTokens {
  private EndTokens() {}

  /**
   * {@code eos_token_id} of {@code config.json} and {@code generation_config.json} together: either
   * may be missing, a number, or a list, and files in the wild name some in one and some in the
   * other.
   *
   * @throws BadInputException if an id is not one of the model's
   */
  static Set<Integer> read(Path folder, int vocabSize) {
    Set<Integer> ids = new TreeSet<>();
    for (String name : new String[] {"config.json", "generation_config.json"}) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        JsonNode value = Json.read(file).node().path("eos_token_id");
        if (value.isArray()) {
          for (JsonNode id : value) {
            add(ids, id, vocabSize, file);
          }
        } else if (!value.isMissingNode() && !value.isNull()) {
          add(ids, value, vocabSize, file);
        }
      }
    }
    return Set.copyOf(ids);
  }

  private static void add(Set<Integer> ids, JsonNode value, int vocabSize, Path file) {
    // -1 stands for none in configs that have no way to leave the field out.
    boolean isId = value.isIntegralNumber() && value.canConvertToInt();
    if (!isId || value.intValue() < -1 || value.intValue() >= vocabSize) {
      throw new BadInputException(
          "%s: 'eos_token_id' holds %s, expected token ids from 0 to %d"
              .formatted(file, value, vocabSize - 1));
    }
    if (value.intValue() >= 0) {
      ids.add(value.intValue());
    }
  }
}
