package burhan.kernel;

import java.util.Locale;

/** What attention remembers a number as. */
public enum CacheType {
  /** Bfloat16 under emitted code, float32 elsewhere. */
  AUTO(0),
  /** Float32. */
  F32(4),
  /** Bfloat16, half of that. */
  BF16(2);

  private final int bytes;

  CacheType(int bytes) {
    this.bytes = bytes;
  }

  /** Of a number; 0 while it is not chosen. */
  public int bytes() {
    return bytes;
  }

  /** As the command line writes it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
