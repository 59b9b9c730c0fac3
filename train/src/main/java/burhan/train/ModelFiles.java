package burhan.train;

import burhan.checkpoint.AtomicFile;
import burhan.checkpoint.Json;
import burhan.checkpoint.SafetensorsWriter;
import burhan.checkpoint.Weights;
import burhan.model.DeepSeekConfig;
import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A model folder in Hugging Face layout: {@code config.json} and {@code model.safetensors}, which
 * the engine opens as it stands. Knows names and files, no optimiser.
 */
final class ModelFiles {
  /** What belongs to a model but is not trained; copied from the folder a run starts from. */
  private static final List<String> COMPANIONS =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "generation_config.json");

  private ModelFiles() {}

  /**
   * Fills the parameters from stored weights.
   *
   * @throws BadInputException naming the tensor that is missing, of another shape, or not shared
   *     between the MTP layer and the main model
   */
  static void load(Parameters parameters, Weights weights) {
    List<ParameterLayout.Slot> slots = new ArrayList<>(parameters.layout().matrices());
    slots.addAll(parameters.layout().gains());
    for (ParameterLayout.Slot slot : slots) {
      Tensor stored = weights.get(slot.name()).requireShape(slot.shape());
      parameters.write(slot, stored.toFloats());
    }
    DeepSeekConfig config = parameters.config();
    for (int layer = 0; layer < layers(config); layer++) {
      String name = biasName(layer);
      if (hasBias(config, layer)) {
        float[] stored = weights.get(name).requireShape(config.nRoutedExperts()).toFloats();
        System.arraycopy(stored, 0, parameters.selectionBias(layer), 0, stored.length);
      }
    }
    if (config.numNextnPredictLayers() > 0) {
      String p = ParameterLayout.prefix(config.numHiddenLayers());
      requireShared(weights, p + "embed_tokens.weight", "model.embed_tokens.weight");
      requireShared(weights, p + "shared_head.head.weight", "lm_head.weight");
    }
  }

  /** Released files repeat the embedding and head in the MTP layer; training shares them. */
  private static void requireShared(Weights weights, String copy, String original) {
    Tensor stored = weights.find(copy);
    if (stored != null && !Arrays.equals(stored.toFloats(), weights.get(original).toFloats())) {
      throw new BadInputException(
          "%s: tensor '%s' differs from '%s', but training shares them; train without the MTP layer"
              .formatted(weights.where(), copy, original));
    }
  }

  /** Writes config, weights and companions; each file is complete or absent. */
  static void save(Parameters parameters, Path companions, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : COMPANIONS) {
      Path from = companions.resolve(name);
      if (Files.exists(from)) {
        byte[] content = Files.readAllBytes(from);
        AtomicFile.write(
            folder.resolve(name),
            channel -> {
              ByteBuffer all = ByteBuffer.wrap(content);
              while (all.hasRemaining()) {
                channel.write(all);
              }
            });
      }
    }
    SafetensorsWriter.write(
        folder.resolve("model.safetensors"), tensors(parameters), Map.of("format", "pt"));
    byte[] config =
        Json.mapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(parameters.config().toJson("float32"));
    AtomicFile.write(
        folder.resolve("config.json"), channel -> channel.write(ByteBuffer.wrap(config)));
  }

  private static List<Tensor> tensors(Parameters parameters) {
    DeepSeekConfig config = parameters.config();
    ParameterLayout layout = parameters.layout();
    List<Tensor> out = new ArrayList<>();
    for (ParameterLayout.Slot slot : layout.matrices()) {
      out.add(Tensor.of(slot.name(), parameters.read(slot), slot.shape()));
    }
    for (ParameterLayout.Slot slot : layout.gains()) {
      out.add(Tensor.of(slot.name(), parameters.read(slot), slot.shape()));
    }
    for (int layer = 0; layer < layers(config); layer++) {
      if (hasBias(config, layer)) {
        float[] bias = parameters.selectionBias(layer);
        out.add(Tensor.of(biasName(layer), bias.clone(), bias.length));
      }
    }
    if (config.numNextnPredictLayers() > 0) {
      String p = ParameterLayout.prefix(config.numHiddenLayers());
      ParameterLayout.Slot embedding = layout.slot("model.embed_tokens.weight");
      ParameterLayout.Slot head = layout.slot("lm_head.weight");
      out.add(Tensor.of(p + "embed_tokens.weight", parameters.read(embedding), embedding.shape()));
      out.add(Tensor.of(p + "shared_head.head.weight", parameters.read(head), head.shape()));
    }
    return out;
  }

  private static int layers(DeepSeekConfig config) {
    return config.numHiddenLayers() + config.numNextnPredictLayers();
  }

  private static boolean hasBias(DeepSeekConfig config, int layer) {
    return config.isExpertLayer(layer) && config.topkMethod().equals("noaux_tc");
  }

  private static String biasName(int layer) {
    return ParameterLayout.prefix(layer) + "mlp.gate.e_score_correction_bias";
  }
}
