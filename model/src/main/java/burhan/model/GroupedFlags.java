package burhan.model;

import burhan.nn.GroupedAttention;

/**
 * What differs between the families with grouped attention; each begins as Llama and sets its own.
 */
final class GroupedFlags {
  /** Of the query, key and value projections. */
  boolean hasBias;

  /** Of the projection behind the heads. */
  boolean hasOutputBias;

  /** Queries and keys are normalised per head. */
  boolean hasHeadNorm;

  /** Layer norm in place of RMSNorm. */
  boolean hasLayerNorm;

  /** Queries, keys and values are one tensor. */
  boolean isFused;

  /** Queries, keys and values are cut to this size; 0 for no cut. */
  double clip;

  /** What scores are multiplied with. */
  double attentionScale;

  /** What each half's output is multiplied with. */
  double residualScale = 1;

  double embeddingScale = 1;
  double logitScale = 1;

  /** How queries grow with their position. */
  GroupedAttention.Temperature temperature = GroupedAttention.Temperature.NONE;

  GroupedFlags(DecoderConfig config) {
    this.attentionScale = 1 / Math.sqrt(config.headDim());
  }
}
