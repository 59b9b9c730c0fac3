package burhan.model;

import burhan.checkpoint.ModelFolder;
import burhan.kernel.Kernels;
import burhan.tensor.BadInputException;
import java.nio.file.Path;

/** Opens a model folder with the architecture that its config names. */
public final class Models {
  private Models() {}

  /**
   * @param folder with config.json and safetensors
   * @throws BadInputException if the folder, a file or the architecture cannot be used
   */
  public static LanguageModel open(Path folder, Kernels kernels) {
    ModelFolder files = ModelFolder.open(folder);
    try {
      String type = files.config().text("model_type");
      return switch (type) {
        case "deepseek_v2", "deepseek_v3" ->
            DeepSeek.load(files, DeepSeekConfig.parse(files.config()), kernels);
        default ->
            throw new BadInputException(
                "%s: architecture '%s' is not supported; this version runs deepseek_v2 and deepseek_v3"
                    .formatted(files.config().where(), type));
      };
    } catch (BadInputException e) {
      files.close();
      throw e;
    }
  }
}
