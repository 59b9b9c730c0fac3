package burhan.kernel;

/**
 * What a row of a product belongs to. It decides which kernels compute it, never how many rows
 * share a product: a row's result does not depend on its company.
 */
public enum Phase {
  /** A prompt: many rows, limited by arithmetic; matrix units may round to bf16 on the way. */
  PROMPT,
  /** A generated token: few rows, limited by memory; the most exact kernels. */
  GENERATE
}
