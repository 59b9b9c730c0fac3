package burhan.kernel;

/** How the numbers that attention remembers are kept. */
public enum CacheType {
  /** Exactly as they were computed. */
  F32,
  /** Half of that: eight bits of mantissa. */
  BF16
}
