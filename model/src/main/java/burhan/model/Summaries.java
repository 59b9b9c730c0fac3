package burhan.model;

import burhan.checkpoint.TensorInfo;
import burhan.kernel.AttentionMemory;
import burhan.tensor.DType;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts what a model is made of from the headers of its files alone, whatever their naming. Knows
 * how every naming marks a layer, an expert and an embedding.
 */
final class Summaries {
  private static final Pattern LAYER = Pattern.compile("(?:layers|blk|blocks)\\.(\\d+)\\.");
  private static final Pattern EXPERT =
      Pattern.compile("\\.experts\\.|_exps\\.|(?:in|out)put_linear\\.|ffn_(?:gate|up|down)\\.\\d");
  private static final Pattern EMBEDDING = Pattern.compile("embed_tokens|token_embd|\\bwte\\b");
  private static final Pattern SCALE = Pattern.compile("_scale(?:_inv)?$|rope_freqs");

  private Summaries() {}

  /**
   * What the config knows.
   *
   * @param layers without multi-token prediction
   * @param experts routed experts per layer, 0 for none
   * @param expertsPerToken chosen among them
   * @param isTied whether the embedding is the head as well
   * @param memory what attention remembers in all layers
   */
  record Facts(
      String architecture,
      int layers,
      int width,
      int contextLength,
      int vocabSize,
      int experts,
      int expertsPerToken,
      boolean isTied,
      AttentionMemory.Shape memory) {}

  static LanguageModel.Summary of(Facts facts, Collection<TensorInfo> tensors) {
    long total = 0;
    double active = 0;
    long mtp = 0;
    long bytes = 0;
    Map<DType, Long> bytesByType = new EnumMap<>(DType.class);
    for (TensorInfo tensor : tensors) {
      bytes += tensor.byteSize();
      bytesByType.merge(tensor.type(), tensor.byteSize(), Long::sum);
      if (SCALE.matcher(tensor.name()).find()) {
        continue;
      }
      Matcher layer = LAYER.matcher(tensor.name());
      if (layer.find()
          && layer.group(1).length() < 6
          && Integer.parseInt(layer.group(1)) >= facts.layers()) {
        // The module's embedding and head repeat the main model's.
        mtp += tensor.shape()[0] == facts.vocabSize() ? 0 : tensor.elements();
        continue;
      }
      total += tensor.elements();
      active += tensor.elements() * share(facts, tensor.name());
    }
    return new LanguageModel.Summary(
        facts.architecture(),
        total,
        Math.round(active),
        mtp,
        bytes,
        Map.copyOf(bytesByType),
        facts.layers(),
        facts.width(),
        facts.contextLength(),
        facts.vocabSize(),
        facts.memory());
  }

  /** The part of a tensor that one token is multiplied with. */
  private static double share(Facts facts, String name) {
    if (EMBEDDING.matcher(name).find()) {
      return facts.isTied() ? 1 : 0;
    }
    return facts.experts() > 0 && EXPERT.matcher(name).find()
        ? (double) facts.expertsPerToken() / facts.experts()
        : 1;
  }

  /** The type that most bytes are stored in. */
  static DType mostUsed(Map<DType, Long> bytesByType) {
    return bytesByType.entrySet().stream()
        .max(Comparator.comparingLong(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElse(DType.F32);
  }
}
