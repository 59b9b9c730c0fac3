package burhan.kernel;

/** What kernels may round to where that saves time or memory. */
public enum Precision {
  /** Attention remembers float32, and prompts never meet tiles of bfloat16. */
  F32,
  /** Attention remembers bfloat16, and prompts meet tiles of it where the processor has them. */
  BF16
}
