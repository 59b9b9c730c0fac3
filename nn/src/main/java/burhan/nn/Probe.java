package burhan.nn;

/**
 * Looks at a model's intermediate values without changing them: for conformance tests and for
 * showing which experts fired. Costs nothing while nobody looks.
 */
@FunctionalInterface
public interface Probe {
  /** What a value is. */
  enum Value {
    /** After o_proj, before the residual addition. */
    ATTENTION_OUTPUT,
    /** After post_attention_layernorm. */
    FFN_INPUT,
    /** Router scores before the bias. */
    GATE_SCORES,
    /** Chosen experts, best first. */
    EXPERT_INDICES,
    /** Their weights, normalised and scaled. */
    EXPERT_WEIGHTS,
    /** Feed-forward output, shared experts included, before the residual addition. */
    FFN_OUTPUT,
    /** The hidden state behind the block. */
    BLOCK_OUTPUT
  }

  /**
   * @param values [rows, width]; valid during the call only
   */
  void saw(int layer, Value value, float[] values, int rows, int width);
}
