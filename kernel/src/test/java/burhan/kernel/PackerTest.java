package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@link PackedFormat} says that a number lies, for widths that end within a word. */
class PackerTest {
  private static final int ROWS = 19;
  private static final Workers ALONE = new Workers(1);
  private static final Slabs SLABS = new Slabs();

  @AfterAll
  static void close() {
    SLABS.close();
    ALONE.close();
  }

  private static Tensor random(DType type, int cols) {
    byte[] bytes = new byte[(int) type.byteSize((long) ROWS * cols)];
    new Random(cols).nextBytes(bytes);
    for (int i = 0; type == DType.F8_E4M3 && i < bytes.length; i++) {
      bytes[i] = (bytes[i] & 0x7F) == 0x7F ? 0x7E : bytes[i];
    }
    return new Tensor("w", type, new long[] {ROWS, cols}, MemorySegment.ofArray(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 13, 40})
  void halvesLieInPairs(int cols) {
    for (DType type : new DType[] {DType.BF16, DType.F16}) {
      Tensor weight = random(type, cols);
      PackedWeight packed = Packer.pack(weight, SLABS, ALONE);
      assertNotNull(packed);
      for (int r = 0; r < ROWS; r++) {
        for (int k = 0; k < cols; k++) {
          int lane = r % PackedFormat.ROWS;
          long at = type == DType.F16 ? k * 32 + lane * 2 : k / 2 * 64 + lane * 4 + k % 2 * 2;
          assertEquals(
              weight.data().get(JAVA_SHORT_UNALIGNED, 2L * (r * cols + k)),
              packed
                  .data()
                  .get(JAVA_SHORT_UNALIGNED, r / PackedFormat.ROWS * packed.groupBytes() + at));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 13, 128, 131})
  void bytesLieSideBySide(int cols) {
    Tensor weight = random(DType.F8_E4M3, cols);
    PackedWeight packed = Packer.pack(weight, SLABS, ALONE);
    assertNotNull(packed);
    for (int r = 0; r < ROWS; r++) {
      for (int k = 0; k < cols; k++) {
        long at = k / 128 * 2112L + k % 128 * 16 + r % PackedFormat.ROWS;
        assertEquals(
            weight.data().get(JAVA_BYTE, (long) r * cols + k),
            packed.data().get(JAVA_BYTE, r / PackedFormat.ROWS * packed.groupBytes() + at));
      }
    }
  }

  @Test
  void noNotANumberIsOverlooked() {
    int cols = 13;
    for (int k = 0; k < cols; k++) {
      for (int nan : new int[] {0x7F, 0xFF}) {
        Tensor weight = random(DType.F8_E4M3, cols);
        weight.data().set(JAVA_BYTE, 17L * cols + k, (byte) nan);
        assertNull(Packer.pack(weight, SLABS, ALONE), "at " + k);
      }
    }
  }
}
