package burhan.assembler;

/** How wide a vector register is. */
public enum Width {
  XMM(16, 0),
  YMM(32, 1),
  ZMM(64, 2);

  /** How EVEX writes it. */
  final int code;

  private final int bytes;

  Width(int bytes, int code) {
    this.code = code;
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  /** The width with half the bytes; of XMM the lower half is meant, so it stays XMM. */
  Width half() {
    return this == ZMM ? YMM : XMM;
  }
}
