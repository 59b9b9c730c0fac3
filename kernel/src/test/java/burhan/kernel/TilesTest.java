package burhan.kernel;

import static burhan.kernel.RandomWeights.assertClose;
import static burhan.kernel.RandomWeights.gaussian;
import static burhan.kernel.RandomWeights.weight;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import burhan.assembler.ExecutableMemoryException;
import burhan.assembler.Processor;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Prompts in tiles: the way through blocks and chunks everywhere, with {@link EmulatedTiles}; the
 * emitted functions where the processor has AMX.
 */
class TilesTest {
  private static final Workers ALONE = new Workers(1);
  private static final Slabs SLABS = new Slabs();

  @AfterAll
  static void close() {
    SLABS.close();
    ALONE.close();
  }

  private static PackedWeight packed(Tensor weight) {
    PackedWeight packed = Packer.pack(weight, SLABS, ALONE);
    assertTrue(packed != null, "is packed");
    return packed;
  }

  private static float[] multiply(
      Tensor weight, PackedWeight packed, float[] x, int xAt, int tokens) {
    X86Buffers own = new X86Buffers();
    own.begin();
    TileProduct product = new TileProduct(packed, new EmulatedTiles(weight, packed));
    float[] y = new float[tokens * packed.rows()];
    long prepared = product.prepared(own, x, xAt, tokens);
    int half = packed.groups() / 2; // as two workers cut it
    product.groups(own, 0, half, prepared, tokens, y, 0);
    product.groups(own, half, packed.groups(), prepared, tokens, y, 0);
    return y;
  }

  private static float[] rounded(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Float.intBitsToFloat(EmulatedTiles.bf16(x[i]) << 16);
    }
    return y;
  }

  /** The product of the rounded numbers, so that any other difference shows. */
  private static float[] expected(Tensor weight, float[] x, int xAt, int tokens) {
    int rows = (int) weight.dim(0);
    int cols = (int) weight.dim(1);
    float[] w = new float[cols];
    float[] a = rounded(x);
    float[] y = new float[tokens * rows];
    for (int r = 0; r < rows; r++) {
      weight.row(r, w, 0);
      float[] b = rounded(w);
      for (int t = 0; t < tokens; t++) {
        double sum = 0;
        for (int k = 0; k < cols; k++) {
          sum += (double) a[xAt + t * cols + k] * b[k];
        }
        y[t * rows + r] = (float) sum;
      }
    }
    return y;
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16", "F8_E4M3", "Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
  void oddSizesFillUpWithZeros(DType type) {
    int block = type.blockElements();
    for (int width : new int[] {1, 33, 1030}) {
      int cols = Math.ceilDiv(width, block) * block;
      for (int rows : new int[] {1, 16, 37}) {
        Tensor weight = weight(type, rows, cols);
        PackedWeight packed = packed(weight);
        for (int tokens : new int[] {1, 16, 19, 33}) {
          float[] x = gaussian(3 + tokens * cols, 3);
          assertClose(
              expected(weight, x, 3, tokens),
              multiply(weight, packed, x, 3, tokens),
              1e-5,
              type + " " + rows + "x" + cols + " T" + tokens);
        }
      }
    }
  }

  @Test
  void manyTokensAndRowsAreCutIntoBlocks() {
    Tensor weight = weight(DType.Q8_0, 16 * 35 + 3, 64);
    float[] x = gaussian(1040 * 64, 5);
    float[] y = multiply(weight, packed(weight), x, 0, 1040);
    assertClose(expected(weight, x, 0, 1040), y, 1e-5, "blocks");
  }

  @Test
  void aRowsResultDoesNotDependOnItsCompany() {
    int tokens = 37;
    int cols = 1056;
    Tensor weight = weight(DType.Q4_0, 50, cols);
    PackedWeight packed = packed(weight);
    float[] x = gaussian(tokens * cols, 7);
    float[] together = multiply(weight, packed, x, 0, tokens);
    for (int t = 0; t < tokens; t++) {
      float[] alone = multiply(weight, packed, x, t * cols, 1);
      for (int r = 0; r < 50; r++) {
        assertEquals(together[t * 50 + r], alone[r], 0f, "token " + t + " row " + r);
      }
    }
  }

  @Test
  void whatIsNoNumberStaysWithItsToken() {
    Tensor weight = weight(DType.Q8_0, 20, 64);
    float[] x = gaussian(3 * 64, 1);
    x[64] = Float.NaN;
    float[] y = multiply(weight, packed(weight), x, 0, 3);
    for (int r = 0; r < 20; r++) {
      assertTrue(Float.isFinite(y[r]) && Float.isFinite(y[40 + r]), "its neighbours");
      assertTrue(Float.isNaN(y[20 + r]), "itself");
    }
  }

  /** What this machine multiplies tiles with, or the end of the test with a loud line. */
  private static X86Kernels kernelsWithTiles(UnaryOperator<byte[]> fault) {
    try {
      X86Kernels kernels = new X86Kernels(ALONE, Precision.FAST, Processor.detect(), fault);
      if (kernels.name().endsWith("-amx")) {
        return kernels;
      }
      System.err.println("SKIPPED: emitted tiles, " + kernels.name() + " has no AMX");
    } catch (ExecutableMemoryException e) {
      System.err.println("SKIPPED: emitted tiles: " + e.getMessage());
    }
    assumeTrue(false, "no AMX");
    throw new AssertionError();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16", "F8_E4M3", "Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
  void emittedTilesAgreeWhereTheProcessorHasThem(DType type) {
    X86Kernels kernels = kernelsWithTiles(UnaryOperator.identity());
    int block = type.blockElements();
    for (int width : new int[] {1, 33, 1030}) {
      int cols = Math.ceilDiv(width, block) * block;
      for (int rows : new int[] {1, 16, 37, 300}) {
        Tensor weight = weight(type, rows, cols);
        Matrix matrix = kernels.pack(weight);
        for (int tokens : new int[] {1, 16, 19, 33}) {
          float[] x = gaussian(3 + tokens * cols, 3);
          float[] y = new float[tokens * rows];
          matrix.multiply(Phase.PROMPT, x, 3, tokens, y, 0);
          assertClose(expected(weight, x, 3, tokens), y, 1e-3, type + " T" + tokens);
        }
      }
    }
  }

  @Test
  void corruptedTilesAreSwitchedOff() {
    int length = TileEmitter.unpack(PackedFormat.Q8_0).length;
    X86Kernels kernels =
        kernelsWithTiles(code -> {
          byte[] changed = code.clone();
          if (code.length == length) {
            changed[shift(code)] = 15; // the first shift by 16, whose last byte is the count
          }
          return changed;
        });
    Matrix matrix = kernels.pack(weight(DType.Q8_0, 16, 64));
    float[] x = gaussian(64, 2);
    float[] asPrompt = new float[16];
    float[] asGenerated = new float[16];
    matrix.multiply(Phase.PROMPT, x, 0, 1, asPrompt, 0);
    matrix.multiply(Phase.GENERATE, x, 0, 1, asGenerated, 0);
    assertArrayEquals(asGenerated, asPrompt);
  }

  private static int shift(byte[] code) {
    for (int i = 6; i < code.length; i++) {
      if (code[i - 6] == 0x62 && code[i - 2] == 0x72 && code[i] == 16) {
        return i;
      }
    }
    throw new AssertionError("no shift by 16");
  }

  @Test
  void theShiftThatIsCorruptedIsThere() {
    assertFalse(shift(TileEmitter.unpack(PackedFormat.Q8_0)) < 0);
  }
}
