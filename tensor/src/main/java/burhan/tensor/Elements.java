package burhan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The scalar meaning of every {@link DType}: bytes to floats and floats to bytes. This is the truth
 * that faster kernels are tested against, so it is written to be read. Knows the plain types itself
 * and sends block types to the class of their family.
 */
public final class Elements {
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Elements() {}

  /**
   * Reads {@code count} elements.
   *
   * @param first index of the first element in {@code data}; a block boundary for block types
   * @param out receives the floats from index {@code at} on
   * @throws IllegalArgumentException if the elements are no whole blocks, or no floats
   */
  public static void decode(
      DType type, MemorySegment data, long first, float[] out, int at, int count) {
    int n = blocks(type, first, count);
    long from = first / type.blockElements() * type.blockBytes();
    switch (type) {
      case F64 -> decodeF64(data, from, out, at, count);
      case F32 -> MemorySegment.copy(data, FLOAT, from, out, at, count);
      case F16 -> decodeF16(data, from, out, at, count);
      case BF16 -> decodeBf16(data, from, out, at, count);
      case F8_E4M3 -> Float8.decodeE4m3(data, from, out, at, count);
      case F8_E8M0 -> Float8.decodeE8m0(data, from, out, at, count);
      case Q4_0 -> LegacyBlocks.decodeQ40(data, from, out, at, n);
      case Q4_1 -> LegacyBlocks.decodeQ41(data, from, out, at, n);
      case Q5_0 -> LegacyBlocks.decodeQ50(data, from, out, at, n);
      case Q5_1 -> LegacyBlocks.decodeQ51(data, from, out, at, n);
      case Q8_0 -> LegacyBlocks.decodeQ80(data, from, out, at, n);
      case Q2_K -> KBlocks.decodeQ2K(data, from, out, at, n);
      case Q3_K -> KBlocks.decodeQ3K(data, from, out, at, n);
      case Q4_K -> KBlocks.decodeQ4K(data, from, out, at, n);
      case Q5_K -> KBlocks.decodeQ5K(data, from, out, at, n);
      case Q6_K -> KBlocks.decodeQ6K(data, from, out, at, n);
      case IQ2_XXS -> IqBlocks.decodeIq2Xxs(data, from, out, at, n);
      case IQ2_XS -> IqBlocks.decodeIq2Xs(data, from, out, at, n);
      case IQ2_S -> IqBlocks.decodeIq2S(data, from, out, at, n);
      case IQ3_XXS -> IqBlocks.decodeIq3Xxs(data, from, out, at, n);
      case IQ3_S -> IqBlocks.decodeIq3S(data, from, out, at, n);
      case IQ1_S -> IqBlocks.decodeIq1S(data, from, out, at, n);
      case IQ1_M -> IqBlocks.decodeIq1M(data, from, out, at, n);
      case IQ4_NL -> TableBlocks.decodeIq4Nl(data, from, out, at, n);
      case IQ4_XS -> TableBlocks.decodeIq4Xs(data, from, out, at, n);
      case TQ1_0 -> TernaryBlocks.decodeTq10(data, from, out, at, n);
      case TQ2_0 -> TernaryBlocks.decodeTq20(data, from, out, at, n);
      case MXFP4 -> TableBlocks.decodeMxfp4(data, from, out, at, n);
      case NVFP4 -> TableBlocks.decodeNvfp4(data, from, out, at, n);
      case I64, I32, I16, I8, U8, BOOL ->
          throw new IllegalArgumentException(type + " elements are not floats");
    }
  }

  /**
   * The six-bit scale of one of the 8 groups of a Q4_K or Q5_K block.
   *
   * @param groups where the block's 12 bytes of them begin
   */
  public static int kGroupScale(MemorySegment data, long groups, int group) {
    return KBlocks.groupScale(data, groups, group);
  }

  /** As {@link #kGroupScale}, the minimum. */
  public static int kGroupMinimum(MemorySegment data, long groups, int group) {
    return KBlocks.groupMinimum(data, groups, group);
  }

  // Methods of their own: C2 gives up on inlining in a method as large as the switch.

  private static void decodeF64(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = (float) data.get(DOUBLE, from + i * 8L);
    }
  }

  private static void decodeF16(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = Float.float16ToFloat(data.get(SHORT, from + i * 2L));
    }
  }

  private static void decodeBf16(MemorySegment data, long from, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = bfloat16ToFloat(data.get(SHORT, from + i * 2L));
    }
  }

  /**
   * Writes {@code count} finite floats; plain types round to nearest even, block types as ggml's
   * reference does, byte for byte.
   *
   * @param in floats from index {@code at} on
   * @param first index of the first element in {@code data}; a block boundary for block types
   * @throws IllegalArgumentException if the elements are no whole blocks, or {@code type} is not
   *     {@linkplain DType#isEncodable() encodable}
   */
  public static void encode(
      DType type, float[] in, int at, int count, MemorySegment data, long first) {
    int n = blocks(type, first, count);
    long to = first / type.blockElements() * type.blockBytes();
    switch (type) {
      case F64 -> encodeF64(in, at, count, data, to);
      case F32 -> MemorySegment.copy(in, at, data, FLOAT, to, count);
      case F16 -> encodeF16(in, at, count, data, to);
      case BF16 -> encodeBf16(in, at, count, data, to);
      case F8_E4M3 -> Float8.encodeE4m3(in, at, count, data, to);
      case Q4_0 -> LegacyBlockEncoder.encodeQ40(in, at, data, to, n);
      case Q4_1 -> LegacyBlockEncoder.encodeQ41(in, at, data, to, n);
      case Q5_0 -> LegacyBlockEncoder.encodeQ50(in, at, data, to, n);
      case Q5_1 -> LegacyBlockEncoder.encodeQ51(in, at, data, to, n);
      case Q8_0 -> LegacyBlockEncoder.encodeQ80(in, at, data, to, n);
      case Q2_K -> new KBlockEncoder().encodeQ2K(in, at, data, to, n);
      case Q3_K -> new KBlockEncoder().encodeQ3K(in, at, data, to, n);
      case Q4_K -> new KBlockEncoder().encodeQ4K(in, at, data, to, n);
      case Q5_K -> new KBlockEncoder().encodeQ5K(in, at, data, to, n);
      case Q6_K -> new KBlockEncoder().encodeQ6K(in, at, data, to, n);
      case IQ4_NL -> new TableBlockEncoder().encodeIq4Nl(in, at, data, to, n);
      case IQ4_XS -> new TableBlockEncoder().encodeIq4Xs(in, at, data, to, n);
      case MXFP4 -> new TableBlockEncoder().encodeMxfp4(in, at, data, to, n);
      case F8_E8M0, TQ1_0, TQ2_0, NVFP4, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M ->
          throw new IllegalArgumentException(type + " is read, not written");
      case I64, I32, I16, I8, U8, BOOL ->
          throw new IllegalArgumentException(type + " elements are not floats");
    }
  }

  private static void encodeF64(float[] in, int at, int count, MemorySegment data, long to) {
    for (int i = 0; i < count; i++) {
      data.set(DOUBLE, to + i * 8L, in[at + i]);
    }
  }

  private static void encodeF16(float[] in, int at, int count, MemorySegment data, long to) {
    for (int i = 0; i < count; i++) {
      data.set(SHORT, to + i * 2L, Float.floatToFloat16(in[at + i]));
    }
  }

  private static void encodeBf16(float[] in, int at, int count, MemorySegment data, long to) {
    for (int i = 0; i < count; i++) {
      data.set(SHORT, to + i * 2L, floatToBfloat16(in[at + i]));
    }
  }

  private static int blocks(DType type, long first, int count) {
    if (first % type.blockElements() != 0 || count % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          "elements %d to %d do not start and end on %s blocks"
              .formatted(first, first + count, type));
    }
    return count / type.blockElements();
  }

  /** The float whose upper half these 16 bits are. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16, ties to even; NaN stays NaN. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
