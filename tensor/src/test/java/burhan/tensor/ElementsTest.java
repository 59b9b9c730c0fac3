package burhan.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElementsTest {
  @Test
  void bfloat16RoundsToNearestEven() {
    assertEquals(0x3f80, Elements.floatToBfloat16(1f));
    assertEquals(0x3f80, Elements.floatToBfloat16(Float.intBitsToFloat(0x3f808000)));
    assertEquals(0x3f82, Elements.floatToBfloat16(Float.intBitsToFloat(0x3f818000)));
    assertEquals(0x3f81, Elements.floatToBfloat16(Float.intBitsToFloat(0x3f808001)));
    assertTrue(Float.isNaN(Elements.bfloat16ToFloat(Elements.floatToBfloat16(Float.NaN))));
    assertEquals(
        Float.POSITIVE_INFINITY,
        Elements.bfloat16ToFloat(Elements.floatToBfloat16(Float.MAX_VALUE)));
  }

  @Test
  void everyFloatTypeReadsBackWithinItsPrecision() {
    Random random = new Random(1);
    float[] values = new float[768];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (DType type : DType.values()) {
      if (!type.isEncodable()) {
        continue;
      }
      double tolerance =
          switch (type) {
            case F64, F32 -> 0;
            case F16 -> 1e-3;
            case BF16 -> 8e-3;
            case Q8_0 -> 2e-2;
            case F8_E4M3, Q6_K -> 0.07;
            case Q5_0, Q5_1, Q5_K -> 0.15;
            case Q4_0, Q4_1, Q4_K, IQ4_NL, IQ4_XS -> 0.3;
            default -> 1.5;
          };
      MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.byteSize(values.length)]);
      Elements.encode(type, values, 0, values.length, bytes, 0);
      float[] back = new float[values.length];
      Elements.decode(type, bytes, 256, back, 256, 512);
      for (int i = 256; i < values.length; i++) {
        assertEquals(values[i], back[i], tolerance * Math.max(1, Math.abs(values[i])), type.name());
      }
    }
  }

  @Test
  void blockTypesAreReadInWholeBlocksOnly() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[68]);
    assertThrows(
        IllegalArgumentException.class,
        () -> Elements.decode(DType.Q8_0, bytes, 16, new float[32], 0, 32));
  }

  @Test
  void aTensorRefusesBytesThatDoNotFitItsShape() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tensor("w", DType.F32, new long[] {2, 3}, MemorySegment.ofArray(new float[5])));
    Tensor w = Tensor.of("w", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    assertEquals(5f, w.slice(2).toFloats()[0]);
    var refused = assertThrows(BadInputException.class, () -> w.requireShape(2, 3));
    assertEquals("tensor 'w': shape [3, 2] but the config needs [2, 3]", refused.getMessage());
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[1024]);
    for (DType type : DType.values()) {
      if (!type.isEncodable()) {
        assertThrows(
            IllegalArgumentException.class,
            () -> Elements.encode(type, new float[256], 0, 256, bytes, 0),
            type.name());
      }
    }
  }

  @Test
  void eightBitFloatsAreWhatTheirFormatsSay() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    float[] e4m3 = new float[256];
    Elements.decode(DType.F8_E4M3, MemorySegment.ofArray(all), 0, e4m3, 0, 256);
    assertEquals(1f, e4m3[0x38]);
    assertEquals(448f, e4m3[0x7e]);
    assertEquals(-0x1p-9f, e4m3[0x81]);
    assertEquals(0x1.cp-7f, e4m3[0x07]);
    assertEquals(0x1p-6f, e4m3[0x08]);
    assertTrue(Float.isNaN(e4m3[0x7f]) && Float.isNaN(e4m3[0xff]));
    byte[] back = new byte[256];
    Elements.encode(DType.F8_E4M3, e4m3, 0, 256, MemorySegment.ofArray(back), 0);
    for (int i = 0; i < 256; i++) {
      // The sign of a NaN says nothing.
      assertEquals(i == 0xff ? 0x7f : i, back[i] & (i == 0xff ? 0x7f : 0xff));
    }
    float[] between = {1.0625f, 1.1875f, -1.0626f, 1e9f, 0x1p-10f, 0x1.8p-10f, 0x1.ffp-7f};
    byte[] nearest = new byte[between.length];
    Elements.encode(DType.F8_E4M3, between, 0, 7, MemorySegment.ofArray(nearest), 0);
    assertArrayEquals(new byte[] {0x38, 0x3a, (byte) 0xb9, 0x7e, 0, 1, 8}, nearest);

    float[] e8m0 = new float[256];
    Elements.decode(DType.F8_E8M0, MemorySegment.ofArray(all), 0, e8m0, 0, 256);
    assertEquals(0x1p-127f, e8m0[0]);
    assertEquals(1f, e8m0[127]);
    assertEquals(0x1p127f, e8m0[254]);
    assertTrue(Float.isNaN(e8m0[255]));
  }

  /**
   * No reference bytes exist for IQ1_M. Where each pair of its sixteens has one scale and one
   * shift, IQ1_S can say the same, and IQ1_S is tested against a reference.
   */
  @Test
  void theTwoOneBitTypesAgreeWhereBothCanSayIt() {
    Random random = new Random(5);
    byte[] s = new byte[50];
    byte[] m = new byte[56];
    float scale = 0.0123f;
    int half = Float.floatToFloat16(scale) & 0xffff;
    BlockBytes.putHalf(MemorySegment.ofArray(s), 0, scale);
    MemorySegment words = MemorySegment.ofArray(m);
    for (int g = 0; g < 8; g++) {
      int three = random.nextInt(8);
      int minus = random.nextInt(2);
      int high = three << 12 | minus << 15;
      for (int k = 0; k < 4; k++) {
        int point = random.nextInt(2048);
        s[2 + g * 4 + k] = (byte) point;
        m[g * 4 + k] = (byte) point;
        high |= point >>> 8 << 3 * k;
        m[32 + g * 2 + k / 2] |= (byte) ((point >>> 8 | minus << 3) << 4 * (k % 2));
      }
      BlockBytes.putShort(MemorySegment.ofArray(s), 34 + g * 2L, high);
      int word = BlockBytes.shortAt(words, 48 + g / 2 * 2L);
      BlockBytes.putShort(words, 48 + g / 2 * 2L, word | (three | three << 3) << 6 * (g % 2));
    }
    for (int i = 0; i < 4; i++) {
      int word = BlockBytes.shortAt(words, 48 + i * 2L);
      BlockBytes.putShort(words, 48 + i * 2L, word | (half >>> 4 * i & 15) << 12);
    }
    float[] expected = new float[256];
    float[] actual = new float[256];
    Elements.decode(DType.IQ1_S, MemorySegment.ofArray(s), 0, expected, 0, 256);
    Elements.decode(DType.IQ1_M, words, 0, actual, 0, 256);
    assertArrayEquals(expected, actual);
  }
}
