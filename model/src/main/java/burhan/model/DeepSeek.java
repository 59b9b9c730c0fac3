package burhan.model;

import burhan.checkpoint.Weights;
import burhan.kernel.Kernels;
import burhan.nn.Block;
import burhan.nn.Rope;
import burhan.nn.RopeScaling;
import burhan.nn.Scratch;
import burhan.tensor.Tensor;

/**
 * DeepSeek-V2, V2-Lite, V3 and R1: latent attention, dense leading layers, then routed experts, and
 * the multi-token prediction when the file holds it. Wiring only; the layers are in {@code
 * burhan.nn}.
 */
public final class DeepSeek {
  private DeepSeek() {}

  /**
   * Wires the weights up; nothing is copied.
   *
   * @param weights closed with the model
   * @throws burhan.tensor.BadInputException if a tensor is missing or of the wrong shape
   */
  public static LanguageModel load(Weights weights, DeepSeekConfig config, Kernels kernels) {
    Layers layers =
        new Layers(
            weights, kernels, new Scratch(), config.hiddenSize(), (float) config.rmsNormEps());
    DeepSeekLayers own =
        new DeepSeekLayers(
            layers,
            config,
            new Rope(
                config.qkRopeHeadDim(),
                config.ropeTheta(),
                Rope.Layout.INTERLEAVED,
                config.ropeScaling() == null ? new RopeScaling.None() : config.ropeScaling()));
    Tensor embedding =
        layers.shaped("model.embed_tokens.weight", config.vocabSize(), config.hiddenSize());
    Block[] blocks = new Block[config.numHiddenLayers()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = own.block(i, config.isExpertLayer(i));
    }
    Decoder.Parts parts =
        new Decoder.Parts(
            layers,
            embedding,
            1,
            blocks,
            layers.norm("model.norm.weight"),
            own.head(config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight"),
            1,
            config.maxPositionEmbeddings(),
            config.memory(config.numHiddenLayers()));
    return new Decoder(
        parts,
        Summaries.of(config.facts(), weights.infos()),
        own.hasMultiTokenPrediction() ? MultiTokenPrediction.load(own, config, embedding) : null);
  }
}
