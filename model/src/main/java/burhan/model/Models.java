package burhan.model;

import burhan.checkpoint.Gguf;
import burhan.checkpoint.GgufFiles;
import burhan.checkpoint.Json;
import burhan.checkpoint.ModelFolder;
import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
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
    return Gguf.isGguf(path) ? openFile(path, kernels) : openFolder(path, kernels);
  }

  private static LanguageModel openFile(Path path, Kernels kernels) {
    GgufFiles files = GgufFiles.open(path);
    try {
      Json config = GgufConfig.of(files.metadata(), files);
      String architecture = files.metadata().text("general.architecture");
      return load(new RenamedWeights(files, GgufNames.of(architecture)), config, kernels);
    } catch (BadInputException e) {
      files.close();
      throw e;
    }
  }

  private static LanguageModel openFolder(Path path, Kernels kernels) {
    ModelFolder files = ModelFolder.open(path);
    try {
      Json config = textConfig(files.config());
      return load(named(files, config), config, kernels);
    } catch (BadInputException e) {
      files.close();
      throw e;
    }
  }

  /** The part of a config that describes the language model, where the model also sees. */
  static Json textConfig(Json config) {
    return switch (config.text("model_type")) {
      case "mistral3" -> config.object("text_config");
      default -> config;
    };
  }

  /** The folder's tensors under the names that the layers ask for. */
  static Weights named(ModelFolder files, Json config) {
    return switch (config.text("model_type")) {
      case "mixtral" -> new RenamedWeights(files, FolderNames::mixtral);
      case "granitemoe", "granitemoeshared" -> new RenamedWeights(files, FolderNames::graniteMoe);
      case "dbrx" ->
          new RenamedWeights(
              files,
              FolderNames.dbrx(config.object("ffn_config").integer("moe_num_experts", 1, 1 << 16)));
      case "mistral", "ministral3" -> new RenamedWeights(files, FolderNames::insideVision);
      default -> files;
    };
  }

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
