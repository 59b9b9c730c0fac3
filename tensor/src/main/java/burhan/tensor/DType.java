package burhan.tensor;

import org.jspecify.annotations.Nullable;

/**
 * How numbers are stored: plain elements, or blocks of elements that share a scale. Knows sizes and
 * the numbers that GGUF files give the types; {@link Elements} turns the bytes into floats and
 * back.
 */
public enum DType {
  F64(1, 8, 28),
  F32(1, 4, 0),
  F16(1, 2, 1),
  BF16(1, 2, 30),
  /** Sign, 4 exponent and 3 mantissa bits; no infinity, NaN is 0x7f and 0xff. */
  F8_E4M3(1, 1),
  /** A power of two, 2^(byte - 127); 0xff is NaN. Scales are stored so. */
  F8_E8M0(1, 1),
  /** One float16 scale and 32 numbers of 4 bits, -8 to 7. */
  Q4_0(32, 18, 2),
  /** As Q4_0 with numbers 0 to 15 and a float16 minimum that is added. */
  Q4_1(32, 20, 3),
  /** One float16 scale and 32 numbers of 5 bits, -16 to 15. */
  Q5_0(32, 22, 6),
  /** As Q5_0 with numbers 0 to 31 and a float16 minimum that is added. */
  Q5_1(32, 24, 7),
  /** One float16 scale and 32 signed bytes; value = scale * byte. */
  Q8_0(32, 34, 8),
  Q2_K(256, 84, 10),
  Q3_K(256, 110, 11),
  Q4_K(256, 144, 12),
  Q5_K(256, 176, 13),
  Q6_K(256, 210, 14),
  IQ2_XXS(256, 66, 16),
  IQ2_XS(256, 74, 17),
  IQ2_S(256, 82, 22),
  IQ3_XXS(256, 98, 18),
  IQ3_S(256, 110, 21),
  IQ1_S(256, 50, 19),
  IQ1_M(256, 56, 29),
  IQ4_NL(32, 18, 20),
  IQ4_XS(256, 136, 23),
  /** Ternary, five numbers to a byte. */
  TQ1_0(256, 54, 34),
  /** Ternary, four numbers to a byte. */
  TQ2_0(256, 66, 35),
  /** Four-bit floats (E2M1) in blocks of 32 under one E8M0 scale. */
  MXFP4(32, 17, 39),
  /** Four-bit floats (E2M1), 64 to a block, each 16 under an unsigned E4M3 scale. */
  NVFP4(64, 36, 40),
  I64(1, 8, 27),
  I32(1, 4, 26),
  I16(1, 2, 25),
  I8(1, 1, 24),
  U8(1, 1),
  BOOL(1, 1);

  private static final int NOT_IN_GGUF = -1;

  private final int blockElements;
  private final int blockBytes;
  private final int ggmlId;

  DType(int blockElements, int blockBytes) {
    this(blockElements, blockBytes, NOT_IN_GGUF);
  }

  DType(int blockElements, int blockBytes, int ggmlId) {
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.ggmlId = ggmlId;
  }

  /** Elements that are stored together; 1 for plain element types. */
  public int blockElements() {
    return blockElements;
  }

  /** Bytes of one block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** The number that GGUF files give this type, or -1 for none. */
  public int ggmlId() {
    return ggmlId;
  }

  /** The type that GGUF files give this number, or null if this version does not know it. */
  public static @Nullable DType ofGgml(int id) {
    for (DType type : values()) {
      if (type.ggmlId == id && id != NOT_IN_GGUF) {
        return type;
      }
    }
    return null;
  }

  /** Whether {@link Elements} can read it as floats. */
  public boolean isFloat() {
    return switch (this) {
      case I64, I32, I16, I8, U8, BOOL -> false;
      case F64, F32, F16, BF16, F8_E4M3, F8_E8M0 -> true;
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> true;
      case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M, IQ4_NL, IQ4_XS -> true;
      case TQ1_0, TQ2_0, MXFP4, NVFP4 -> true;
    };
  }

  /** Whether {@link Elements} can write floats in it; the rest of the float types is read only. */
  public boolean isEncodable() {
    return switch (this) {
      case I64, I32, I16, I8, U8, BOOL -> false;
      case F64, F32, F16, BF16, F8_E4M3 -> true;
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> true;
      case IQ4_NL, IQ4_XS, MXFP4 -> true;
      case F8_E8M0, TQ1_0, TQ2_0, NVFP4 -> false;
      case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M -> false;
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
