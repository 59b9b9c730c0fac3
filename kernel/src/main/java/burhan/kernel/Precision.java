package burhan.kernel;

/** How exactly a set of kernels computes, where it has a choice. */
public enum Precision {
  /**
   * As near to float32 as the set can: activations of integer products rounded to 16 bits a block,
   * attention's memory in float32. For references and comparisons.
   */
  EXACT,

  /**
   * Rounded where the weights are rounded more, as inference usually is: 8-bit activations beside
   * weights of six bits and fewer, bf16 in attention's memory and in prompts where the processor
   * multiplies bf16 tiles.
   */
  FAST
}
