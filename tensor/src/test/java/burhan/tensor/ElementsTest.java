package burhan.tensor;

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
    float[] values = new float[96];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (DType type : DType.values()) {
      if (!type.isFloat()) {
        continue;
      }
      double tolerance =
          switch (type) {
            case F64, F32 -> 0;
            case F16 -> 1e-3;
            case BF16 -> 8e-3;
            default -> 2e-2;
          };
      MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.byteSize(values.length)]);
      Elements.encode(type, values, 0, values.length, bytes, 0);
      float[] back = new float[values.length];
      Elements.decode(type, bytes, 32, back, 32, 64);
      for (int i = 32; i < values.length; i++) {
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
}
