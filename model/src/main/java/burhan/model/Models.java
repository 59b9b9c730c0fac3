package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.kernel.ScalarKernels;
import burhan.tensor.BadInputException;
import java.nio.file.Path;

/** Opens a model with the architecture that its file names. The one list of architectures. */
public final class Models {
  private static final String KNOWN =
      "DeepSeek (LLM, Coder, MoE, V2, V3, R1), Llama, Mistral, Ministral, Mixtral, Qwen2, Qwen3, Granite and DBRX";

  private Models() {}

  /**
   * @param path a folder with config.json and safetensors, or a GGUF file, any part of it if split
   * @throws BadInputException if the path, a file or the architecture cannot be used
   */
  public static LanguageModel open(Path path, Kernels kernels) {
    return open(path, kernels, LoadListener.NONE);
  }

  /** The same with somebody who wants to know how far it is. */
  public static LanguageModel open(Path path, Kernels kernels, LoadListener listener) {
    ModelFiles files = ModelFiles.open(path);
    Kernels own = kernels.forModel();
    try {
      WatchedWeights weights = new WatchedWeights(files.weights(), listener);
      LanguageModel model = load(weights, files.config(), own);
      weights.finish();
      return model;
    } catch (BadInputException e) {
      own.close();
      files.weights().close();
      throw e;
    }
  }

  /**
   * What a model is, by its headers; also of a copy of the headers alone, which cannot be run.
   *
   * @throws BadInputException as {@link #open} does
   */
  public static Description describe(Path path) {
    ModelFiles files = ModelFiles.open(path);
    try (Weights weights = files.weights()) {
      if (weights.hasData()) {
        load(weights, files.config(), new ScalarKernels());
      }
      return new Description(files.summary(), files.format(), files.license(), weights.hasData());
    }
  }

  /**
   * A model and the form it is in.
   *
   * @param format {@code GGUF} or {@code safetensors}
   * @param license as the files name it, or empty
   * @param hasData false for a copy of the headers alone
   */
  public record Description(
      LanguageModel.Summary summary, String format, String license, boolean hasData) {}

  private static LanguageModel load(Weights weights, Json config, Kernels kernels) {
    String type = config.text("model_type");
    return switch (type) {
      case "deepseek_v2", "deepseek_v3" ->
          DeepSeek.load(weights, DeepSeekConfig.parse(config), kernels);
      case "deepseek" -> DeepSeekMoe.load(weights, config, kernels);
      case "llama", "mistral", "ministral3" -> Llama.load(weights, config, kernels);
      case "mixtral" -> Mixtral.load(weights, config, kernels);
      case "qwen2", "qwen3", "qwen3_moe" -> Qwen.load(weights, config, kernels);
      case "granite", "granitemoe", "granitemoeshared" -> Granite.load(weights, config, kernels);
      case "dbrx" -> Dbrx.load(weights, config, kernels);
      default -> throw unknown(config.where(), type);
    };
  }

  /** A refusal that names the family where it has a name. */
  static BadInputException unknown(String where, String type) {
    String family =
        switch (type) {
          case "deepseek_v32", "deepseek32" ->
              "DeepSeek-V3.2, whose sparse attention is not here yet";
          case "deepseek_v4", "deepseek4" -> "DeepSeek-V4, which is not here yet";
          default -> "architecture '" + type + "'";
        };
    return new BadInputException(
        "%s: this is %s; this version runs %s".formatted(where, family, KNOWN));
  }
}
