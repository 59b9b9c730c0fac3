package burhan.model;

import burhan.checkpoint.Weights;
import burhan.kernel.Matrix;
import burhan.nn.Block;
import burhan.tensor.Tensor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what a model is made of. */
final class Summaries {
  private Summaries() {}

  static LanguageModel.Summary of(
      DeepSeekConfig config,
      Weights weights,
      Block[] blocks,
      @Nullable MultiTokenPrediction mtp,
      Matrix head) {
    long total = 0;
    long active = 0;
    for (Block block : blocks) {
      total += block.parameters();
      active += block.activeParameters();
    }
    long headSize = (long) head.rows() * head.cols();
    long embeddingSize = config.tieWordEmbeddings() ? 0 : headSize;
    Map<String, Long> bytesByType = new HashMap<>();
    long bytes = 0;
    for (String name : weights.names()) {
      Tensor tensor = weights.get(name);
      bytes += tensor.byteSize();
      bytesByType.merge(tensor.type().name(), tensor.byteSize(), Long::sum);
    }
    String dtype =
        bytesByType.entrySet().stream()
            .max(Comparator.comparingLong(Map.Entry::getValue))
            .map(Map.Entry::getKey)
            .orElse("none");
    return new LanguageModel.Summary(
        config.modelType(),
        total + headSize + embeddingSize,
        active + headSize,
        mtp == null ? 0 : mtp.parameters(),
        bytes,
        dtype,
        config.numHiddenLayers(),
        config.hiddenSize(),
        config.maxPositionEmbeddings(),
        config.vocabSize(),
        4L * config.numHiddenLayers() * config.latentWidth());
  }
}
