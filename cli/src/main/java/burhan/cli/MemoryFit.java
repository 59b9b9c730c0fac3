package burhan.cli;

import burhan.model.LanguageModel;

/**
 * Whether a model and its cache fit a machine's memory, and with how many tokens of context.
 * Weights are counted whole: mapped ones that do not fit are read from the disk again for every
 * token.
 *
 * @param memoryBytes of the machine
 * @param neededBytes for the weights and the whole context
 * @param largestContext tokens that fit beside the weights; 0 if the weights alone do not fit
 * @param contextLength of the model
 */
record MemoryFit(long memoryBytes, long neededBytes, int largestContext, int contextLength) {
  /** For Java itself, the vocabulary and the buffers of a step. */
  private static final long OVERHEAD_BYTES = 512L << 20;

  static MemoryFit of(LanguageModel.Summary model, long cacheBytesPerToken, long memoryBytes) {
    long weights = model.weightBytes() + OVERHEAD_BYTES;
    long perToken = Math.max(1, cacheBytesPerToken);
    long tokens = Math.clamp((memoryBytes - weights) / perToken, 0, model.contextLength());
    return new MemoryFit(
        memoryBytes,
        weights + perToken * model.contextLength(),
        (int) tokens,
        model.contextLength());
  }

  /** Whether at least one token fits. */
  boolean fits() {
    return largestContext > 0;
  }

  /** For people. */
  String sentence() {
    String needed = ShowCommand.bytes(neededBytes) + " with the whole context";
    String has = "this machine has " + ShowCommand.bytes(memoryBytes);
    if (!fits()) {
      return needed + "; does not fit, " + has;
    }
    return largestContext == contextLength
        ? needed + "; fits, " + has
        : "%s; fits with %d tokens, %s".formatted(needed, largestContext, has);
  }
}
