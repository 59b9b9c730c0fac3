package burhan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every block type against bytes and floats that ggml made. */
class BlocksGoldenTest {
  private static float[] floats(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    float[] floats = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
        "Q6_K", "IQ4_NL", "IQ4_XS", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S",
        "TQ1_0", "TQ2_0", "MXFP4", "NVFP4"
      })
  void decodesToTheSameBits(DType type) throws IOException {
    Path quants = Conformance.folder("quants");
    byte[] blocks = Files.readAllBytes(quants.resolve(type + ".blocks.bin"));
    float[] expected = floats(quants.resolve(type + ".f32.bin"));
    assertEquals(blocks.length, type.byteSize(expected.length));
    float[] actual = new float[expected.length + 5];
    Elements.decode(type, MemorySegment.ofArray(blocks), 0, actual, 5, expected.length);
    for (int i = 0; i < expected.length; i++) {
      // Not the raw bits: a NaN is a NaN, whatever its payload.
      int at = i;
      assertEquals(
          Float.floatToIntBits(expected[i]),
          Float.floatToIntBits(actual[i + 5]),
          () -> type + "[" + at + "]: " + expected[at] + " but got " + actual[at + 5]);
    }
    int whole = type.blockElements();
    float[] one = new float[whole];
    Elements.decode(type, MemorySegment.ofArray(blocks), expected.length - whole, one, 0, whole);
    for (int i = 0; i < whole; i++) {
      assertEquals(expected[expected.length - whole + i], one[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
        "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"
      })
  void encodesToTheSameBytes(DType type) throws IOException {
    Path quants = Conformance.folder("quants");
    float[] in = floats(quants.resolve(type + ".in.f32.bin"));
    byte[] expected = Files.readAllBytes(quants.resolve(type + ".quant.bin"));
    byte[] actual = new byte[expected.length];
    Elements.encode(type, in, 0, in.length, MemorySegment.ofArray(actual), 0);
    int size = type.blockBytes();
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      assertEquals(
          expected[i], actual[i], () -> type + " block " + at / size + " byte " + at % size);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F32,0",
    "F16,1",
    "Q4_0,2",
    "Q8_0,8",
    "Q6_K,14",
    "IQ1_M,29",
    "BF16,30",
    "MXFP4,39",
    "NVFP4,40"
  })
  void typesHaveTheNumbersOfTheFileFormat(DType type, int id) {
    assertEquals(id, type.ggmlId());
    assertEquals(type, DType.ofGgml(id));
  }

  @Test
  void numbersThatAreNoTypeAreNone() {
    for (int id : new int[] {-1, 4, 5, 9, 15, 31, 1000}) {
      assertTrue(DType.ofGgml(id) == null, "type " + id);
    }
    assertEquals(-1, DType.F8_E4M3.ggmlId());
  }
}
