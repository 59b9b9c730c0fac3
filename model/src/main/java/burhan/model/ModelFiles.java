package burhan.model;

import burhan.checkpoint.GgufFiles;
import burhan.checkpoint.Json;
import burhan.checkpoint.ModelFolder;
import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.Weights;
import burhan.tensor.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * What lies at a path, a folder or a GGUF file, as the config and the names that all architectures
 * understand. Knows how the two forms differ, and builds no layer.
 *
 * @param config as on the hub, whatever the form
 * @param weights under the layers' names
 * @param format for people
 * @param license as the files name it, or empty
 */
record ModelFiles(Json config, Weights weights, String format, String license) {
  /**
   * @throws BadInputException if the path or a file cannot be used
   */
  static ModelFiles open(Path path) {
    return Files.isRegularFile(path) ? ofGguf(path) : ofFolder(path);
  }

  private static ModelFiles ofGguf(Path path) {
    GgufFiles files = GgufFiles.open(path);
    try {
      String architecture = files.metadata().text("general.architecture");
      return new ModelFiles(
          GgufConfig.of(files.metadata(), files),
          new RenamedWeights(files, new GgufNames(architecture)),
          "GGUF",
          files.metadata().text("general.license", ""));
    } catch (BadInputException e) {
      files.close();
      throw e;
    }
  }

  private static ModelFiles ofFolder(Path path) {
    ModelFolder files = ModelFolder.open(path);
    try {
      Json config = textConfig(files.config());
      return new ModelFiles(config, named(files, config), "safetensors", ModelCard.license(path));
    } catch (BadInputException e) {
      files.close();
      throw e;
    }
  }

  /** The part of a config that describes the language model, where the model also sees. */
  static Json textConfig(Json config) {
    return config.text("model_type").equals("mistral3") ? config.object("text_config") : config;
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

  /** What the headers say, without a layer being built. */
  LanguageModel.Summary summary() {
    Summaries.Facts facts =
        switch (config.text("model_type")) {
          case "deepseek_v2", "deepseek_v3" -> DeepSeekConfig.parse(config).facts();
          case "dbrx" -> Dbrx.config(config).facts();
          default -> DecoderConfig.parse(config).facts();
        };
    return Summaries.of(facts, infos());
  }

  /** Of the files; of the config where only the index of the files is there. */
  private Collection<TensorInfo> infos() {
    Collection<TensorInfo> infos = weights.infos();
    if (!infos.isEmpty() || weights.hasData()) {
      return infos;
    }
    String type = config.text("model_type");
    if (!type.equals("deepseek_v2") && !type.equals("deepseek_v3")) {
      throw new BadInputException(
          "%s: the weight files are missing beside their index; download at least their headers"
              .formatted(weights.where()));
    }
    return ExpectedTensors.asPublished(DeepSeekConfig.parse(config), weights.names());
  }
}
