package burhan.tensor;

import org.jspecify.annotations.Nullable;

/**
 * How numbers are stored: plain elements, or blocks of elements that share a scale. Knows sizes
 * only; {@link Elements} turns the bytes into floats and back.
 */
public enum DType {
  F64(1, 8),
  F32(1, 4),
  F16(1, 2),
  BF16(1, 2),
  /** One float16 scale and 32 signed bytes; value = scale * byte. */
  Q8_0(32, 34),
  I64(1, 8),
  I32(1, 4),
  I16(1, 2),
  I8(1, 1),
  U8(1, 1),
  BOOL(1, 1);

  private final int blockElements;
  private final int blockBytes;

  DType(int blockElements, int blockBytes) {
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** Elements that are stored together; 1 for plain element types. */
  public int blockElements() {
    return blockElements;
  }

  /** Bytes of one block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Whether {@link Elements} can read it as floats. */
  public boolean isFloat() {
    return switch (this) {
      case F64, F32, F16, BF16, Q8_0 -> true;
      case I64, I32, I16, I8, U8, BOOL -> false;
    };
  }

  /** The number that GGUF files give this type, or -1 for none. */
  public int ggmlId() {
    return switch (this) {
      case F32 -> 0;
      case F16 -> 1;
      case Q8_0 -> 8;
      case I8 -> 24;
      case I16 -> 25;
      case I32 -> 26;
      case I64 -> 27;
      case F64 -> 28;
      case BF16 -> 30;
      case U8, BOOL -> -1;
    };
  }

  /** The type that GGUF files give this number, or null if this version does not know it. */
  public static @Nullable DType ofGgml(int id) {
    return switch (id) {
      case 0 -> F32;
      case 1 -> F16;
      case 8 -> Q8_0;
      case 24 -> I8;
      case 25 -> I16;
      case 26 -> I32;
      case 27 -> I64;
      case 28 -> F64;
      case 30 -> BF16;
      default -> null;
    };
  }

  /**
   * Bytes of {@code elements} consecutive elements.
   *
   * @throws ArithmeticException if it does not fit into a long
   * @throws IllegalArgumentException if {@code elements} is not a whole number of blocks
   */
  public long byteSize(long elements) {
    if (elements % blockElements != 0) {
      throw new IllegalArgumentException(
          elements + " elements are not a whole number of " + this + " blocks of " + blockElements);
    }
    return Math.multiplyExact(elements / blockElements, (long) blockBytes);
  }
}
