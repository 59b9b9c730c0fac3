package burhan.kernel;

import burhan.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * How the weights of sixteen rows lie side by side, so that a vector's lanes are rows, every matrix
 * is one sequential stream and no sum crosses lanes. A group of rows is a sequence of units along
 * k; a unit is a sequence of lines of 64 bytes in which row {@code r} has the 32-bit lane {@code
 * r}. {@link Packer} writes them; the kernels of {@link IntegerKernel} and {@link FloatKernel} read
 * them.
 *
 * <p>Integers lie so that cutting a line into 16-bit lanes, by the same shift in every lane, yields
 * pairs of consecutive k. Of four bytes, those at k and k + 1 are bytes 0 and 2, those at k + 2 and
 * k + 3 are bytes 1 and 3; of eight nibbles, number {@code 2n} is nibble {@code n} of the lower
 * half and {@code 2n + 1} nibble {@code n} of the upper half. Bits above a nibble lie so that those
 * of nibbles {@code n} and {@code n + 2} are eight bits apart: one shift puts them beside a nibble
 * cut into 16-bit lanes, and beside two cut into bytes.
 *
 * <pre>
 * Q8_0   64 k: 2 x 8 lines of bytes, a line with 2 x 16 float16 scales
 * Q4_0   64 k: 2 x 4 lines of nibbles, a line with 2 x 16 float16 scales
 * Q4_K  256 k: line of 16 float16 scales and 16 minima, 8 x 16 group scales, 8 x 16 group minima,
 *              8 x 4 lines of nibbles
 * Q5_K  256 k: as Q4_K, each 4 lines of nibbles followed by a line of fifth bits
 * Q6_K  256 k: line of 16 float16 scales, 16 x 16 group scales, 8 x (4 lines of nibbles, 2 lines of
 *              upper bit pairs)
 * BF16    8 k: 4 lines of pairs        F16  8 k: 8 half lines     F32  8 k: 8 lines
 * FP8   128 k: 128 quarter lines, a line that begins with the float32 scale of the block
 * </pre>
 */
enum PackedFormat {
  Q8_0(64, 1088, true),
  Q4_0(64, 576, true),
  Q4_K(256, 2368, true),
  Q5_K(256, 2880, true),
  Q6_K(256, 3392, true),
  BF16(8, 256, false),
  F16(8, 256, false),
  F32(8, 512, false),
  FP8(128, 2112, false);

  /** Rows side by side. */
  static final int ROWS = 16;

  /** Bytes of a line: sixteen 32-bit lanes. */
  static final int LINE = 64;

  private final int unitCols;
  private final int unitBytes;
  private final boolean isInteger;

  PackedFormat(int unitCols, int unitBytes, boolean isInteger) {
    this.unitCols = unitCols;
    this.unitBytes = unitBytes;
    this.isInteger = isInteger;
  }

  /** Numbers of a row in a unit. */
  int unitCols() {
    return unitCols;
  }

  /** Bytes of a unit, all sixteen rows. */
  int unitBytes() {
    return unitBytes;
  }

  /** Whether kernels multiply it as integers, with quantised activations. */
  boolean isInteger() {
    return isInteger;
  }

  /** Whether packing keeps a type's numbers as they are. */
  static boolean holds(DType type) {
    return switch (type) {
      case F32, F16, BF16, F8_E4M3, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K, Q5_0, IQ4_NL -> true;
      case F64, Q4_1, Q5_1, Q2_K, Q3_K, IQ4_XS -> false;
      case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M -> false;
      case TQ1_0, TQ2_0, MXFP4, NVFP4 -> false;
      case F8_E8M0, I64, I32, I16, I8, U8, BOOL -> false;
    };
  }

  /**
   * The format a stored type is packed in, or null if it is not a weight. Types without a format of
   * their own become Q8_0, which holds Q5_0 and IQ4_NL exactly and the rest within its rounding.
   */
  static @Nullable PackedFormat of(DType type) {
    return switch (type) {
      case F64, F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
      case F8_E4M3 -> FP8;
      case Q4_0 -> Q4_0;
      case Q4_K -> Q4_K;
      case Q5_K -> Q5_K;
      case Q6_K -> Q6_K;
      case Q8_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K -> Q8_0;
      case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M, IQ4_NL, IQ4_XS -> Q8_0;
      case TQ1_0, TQ2_0, MXFP4, NVFP4 -> Q8_0;
      case F8_E8M0, I64, I32, I16, I8, U8, BOOL -> null;
    };
  }
}
