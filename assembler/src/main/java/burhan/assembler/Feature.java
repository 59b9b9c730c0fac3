package burhan.assembler;

/**
 * What kernels ask of a processor; each counts only if the operating system keeps its registers.
 */
public enum Feature {
  AVX2,
  FMA,
  F16C,
  AVX_VNNI,
  /** Foundation with the byte and word, doubleword and quadword, and vector length extensions. */
  AVX512,
  AVX512_VNNI,
  AVX512_BF16,
  AMX_TILE,
  AMX_INT8,
  AMX_BF16
}
