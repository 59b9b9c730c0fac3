package burhan.kernel;

import static burhan.kernel.RandomWeights.assertClose;
import static burhan.kernel.RandomWeights.gaussian;
import static burhan.kernel.RandomWeights.weight;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import burhan.assembler.ExecutableMemoryException;
import burhan.assembler.Feature;
import burhan.assembler.Processor;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Emitted kernels against the scalar reference, on the processor at hand and on lesser ones. */
class X86KernelsTest {
  private static final Workers WORKERS = new Workers(2);
  private static Processor processor;

  @BeforeAll
  static void detect() throws ExecutableMemoryException {
    try {
      processor = Processor.detect();
      new X86Kernels(WORKERS, Precision.EXACT);
    } catch (ExecutableMemoryException e) {
      System.err.println("SKIPPED: no emitted code runs here: " + e.getMessage());
      assumeTrue(false, e.getMessage());
    }
    for (Feature feature : Feature.values()) {
      if (!processor.has(feature)) {
        System.err.println("this processor has no " + feature + ": its code is not run here");
      }
    }
  }

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  /** This processor, and the same without VNNI, without AVX-512, without either. */
  private static List<Processor> processors() {
    Set<Feature> dots = EnumSet.of(Feature.AVX_VNNI, Feature.AVX512_VNNI);
    Set<Feature> wide = EnumSet.of(Feature.AVX512, Feature.AVX512_VNNI);
    Set<Feature> both = EnumSet.copyOf(dots);
    both.addAll(wide);
    return List.of(
        processor, processor.masked(dots), processor.masked(wide), processor.masked(both));
  }

  private static Kernels kernels(Processor masked) {
    return kernels(masked, Precision.EXACT);
  }

  private static Kernels kernels(Processor masked, Precision cache) {
    try {
      return new X86Kernels(WORKERS, cache, masked, UnaryOperator.identity());
    } catch (ExecutableMemoryException e) {
      throw new AssertionError(e);
    }
  }

  /** Types whose packed numbers are the stored ones: the activations' rounding is all there is. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {
        "F32", "F64", "F16", "BF16", "F8_E4M3", "Q8_0", "Q4_0", "Q5_0", "IQ4_NL", "Q4_K", "Q5_K",
        "Q6_K"
      })
  void productsAgreeForOddSizes(DType type) {
    int block = type.blockElements();
    for (Processor masked : processors()) {
      Kernels x86 = kernels(masked);
      for (int width : new int[] {1, 7, 33, 96, 207, 1030}) {
        int cols = Math.ceilDiv(width, block) * block;
        for (int rows : new int[] {1, 16, 35}) {
          Tensor weight = weight(type, rows, cols);
          Matrix expected = new ScalarKernels().pack(weight);
          Matrix actual = x86.pack(weight);
          assertTrue(actual instanceof X86Matrix, type + " is packed");
          for (int tokens : new int[] {1, 2, 3, 4, 7, 25}) {
            float[] x = gaussian(2 + tokens * cols, 3);
            float[] a = new float[1 + tokens * rows];
            float[] b = new float[1 + tokens * rows];
            expected.multiply(x, 2, tokens, a, 1);
            actual.multiply(x, 2, tokens, b, 1);
            assertClose(a, b, 3e-4, type + " " + rows + "x" + cols + " T" + tokens);
          }
        }
      }
    }
  }

  /** Beside what the fast kernels make of the activations nothing is rounded. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
  void fastProductsAreExactButForTheirActivations(DType type) {
    int cols = 3 * 256;
    int rows = 35;
    Tensor weight = weight(type, rows, cols);
    Matrix expected = new ScalarKernels().pack(weight);
    QuantisedActivations activations =
        type == DType.Q8_0 ? QuantisedActivations.WORDS : QuantisedActivations.BYTES;
    for (Processor masked : processors()) {
      Matrix actual = kernels(masked, Precision.FAST).pack(weight);
      for (int tokens : new int[] {1, 2, 3, 4, 7, 25}) {
        float[] x = gaussian(tokens * cols, 3);
        x[5] = 300; // one large number takes the others' bits
        float[] a = new float[tokens * rows];
        float[] b = new float[tokens * rows];
        expected.multiply(SelfTest.rounded(x, activations), 0, tokens, a, 0);
        actual.multiply(x, 0, tokens, b, 0);
        assertClose(a, b, 1e-5, type + " T" + tokens);
      }
    }
  }

  /** The largest sums there are: sixteen bits must hold them where they are added in sixteen. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q4_0", "Q4_K", "Q5_K", "Q6_K"})
  void theLargestSumsDoNotOverflow(DType type) {
    int cols = 256;
    byte[] bytes = new byte[(int) type.byteSize(16L * cols)];
    Arrays.fill(bytes, (byte) 0xFF); // every number the largest
    halves(type, bytes);
    Tensor weight = new Tensor("w", type, new long[] {16, cols}, MemorySegment.ofArray(bytes));
    for (float sign : new float[] {1, -1}) {
      float[] x = new float[cols];
      Arrays.fill(x, sign);
      float[] a = new float[16];
      float[] b = new float[16];
      new ScalarKernels().pack(weight).multiply(x, 0, 1, a, 0);
      kernels(processor, Precision.FAST).pack(weight).multiply(x, 0, 1, b, 0);
      assertClose(a, b, 1e-5, type + " " + sign);
    }
  }

  /** Sets the float16 scales of every block to one. */
  private static void halves(DType type, byte[] bytes) {
    int[] at =
        switch (type) {
          case Q4_0 -> new int[] {0};
          case Q6_K -> new int[] {208};
          default -> new int[] {0, 2};
        };
    for (int block = 0; block < bytes.length; block += type.blockBytes()) {
      for (int half : at) {
        bytes[block + half] = 0;
        bytes[block + half + 1] = 0x3C;
      }
    }
  }

  /** The other types become Q8_0, which rounds them once more. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"Q4_1", "Q5_1", "Q2_K", "Q3_K", "IQ4_XS", "MXFP4"})
  void otherTypesAreWithinTheRoundingOfQ8(DType type) {
    Tensor weight = weight(type, 35, 512);
    float[] x = gaussian(512, 3);
    float[] a = new float[35];
    float[] b = new float[35];
    new ScalarKernels().pack(weight).multiply(x, 0, 1, a, 0);
    kernels(processor).pack(weight).multiply(x, 0, 1, b, 0);
    assertClose(a, b, 3e-2, type.name());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "BF16", "F8_E4M3", "Q8_0", "Q4_0", "Q4_K", "Q5_K", "Q6_K"})
  void aRowsResultDoesNotDependOnItsCompany(DType type) {
    int rows = 301;
    int cols = type.blockElements() > 32 ? 512 : 352;
    int tokens = 21;
    for (Precision precision : Precision.values()) {
      Matrix matrix = kernels(processor, precision).pack(weight(type, rows, cols));
      float[] x = gaussian(tokens * cols, 9);
      float[] together = new float[tokens * rows];
      matrix.multiply(x, 0, tokens, together, 0);
      for (int t = 0; t < tokens; t++) {
        float[] alone = new float[rows];
        matrix.multiply(x, t * cols, 1, alone, 0);
        for (int r = 0; r < rows; r++) {
          assertEquals(together[t * rows + r], alone[r], 0f, type + " row " + r);
        }
      }
    }
  }

  /** The Vector API and emitted code against plain loops, over blocks, windows and long prompts. */
  @Test
  void attentionAgreesWithThePlainLoops() {
    for (AttentionMemory.Shape shape :
        List.of(
            new AttentionMemory.Shape(2, 2, 20, 24, false),
            new AttentionMemory.Shape(1, 1, 72, 64, true))) {
      for (Precision type : Precision.values()) {
        for (int window : new int[] {0, 70}) {
          attentionAgrees(shape, type, window, type == Precision.EXACT ? 1e-5 : 3e-2);
        }
      }
    }
  }

  private static void attentionAgrees(
      AttentionMemory.Shape shape, Precision type, int window, double tolerance) {
    int tokens = 203;
    int rows = 5;
    int heads = 3;
    AttentionMemory expected = new ScalarKernels().newMemory(shape);
    AttentionMemory actual = kernels(processor, type).newMemory(shape);
    assertTrue(actual instanceof PackedMemory);
    float[] keys = gaussian(tokens * shape.keyWidth(), 5);
    float[] values = shape.isLatent() ? keys : gaussian(tokens * shape.valueWidth(), 6);
    int valueStep = shape.isLatent() ? shape.keyWidth() : shape.valueWidth();
    int layer = shape.layers() - 1;
    int head = shape.heads() - 1;
    for (AttentionMemory memory : List.of(expected, actual)) {
      memory.grow(tokens);
      for (int t = 0; t < tokens; t++) {
        memory.put(layer, head, t, keys, t * shape.keyWidth(), values, t * valueStep);
      }
    }
    int qRow = heads * shape.keyWidth();
    int zRow = heads * shape.valueWidth();
    float[] q = gaussian(rows * qRow, 7);
    for (int first : new int[] {0, 1, 62, 63, 64, 127, 198}) {
      AttentionMemory.Queries queries =
          new AttentionMemory.Queries(first, rows, heads, window, 0.3f);
      float[] a = new float[rows * zRow];
      float[] b = new float[rows * zRow];
      expected.attend(layer, head, queries, q, 0, qRow, a, 0, zRow);
      actual.attend(layer, head, queries, q, 0, qRow, b, 0, zRow);
      assertClose(a, b, tolerance, shape + " " + type + " window " + window + " from " + first);
      for (int r = 0; r < rows; r++) {
        AttentionMemory.Queries one =
            new AttentionMemory.Queries(first + r, 1, heads, window, 0.3f);
        float[] alone = new float[zRow];
        actual.attend(layer, head, one, q, r * qRow, qRow, alone, 0, zRow);
        for (int i = 0; i < zRow; i++) {
          assertEquals(b[r * zRow + i], alone[i], 0f, "row " + r + " alone");
        }
      }
    }
  }

  @Test
  void notANumberIsNotHidden() {
    for (DType type : List.of(DType.Q8_0, DType.Q4_K, DType.F32)) {
      Matrix matrix = kernels(processor).pack(weight(type, 16, 256));
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        float[] x = gaussian(256, 1);
        x[77] = bad;
        float[] y = new float[16];
        matrix.multiply(x, 0, 1, y, 0);
        for (float value : y) {
          assertFalse(Float.isFinite(value), type + " with " + bad);
        }
      }
      float[] y = new float[16];
      matrix.multiply(new float[256], 0, 1, y, 0);
      assertArrayEquals(new float[16], y);
    }
  }

  /** Bytes whose corruption changes what is computed, not where: shifts, masks, registers. */
  @Test
  void aCorruptedKernelIsRefusedAtStart() throws ExecutableMemoryException {
    byte[] good = new WordKernel(PackedFormat.Q8_0, 1, false, false).emit();
    int shift = -1; // vpsraw by 8, its last byte is the count
    for (int i = 0; i + 5 < good.length && shift < 0; i++) {
      if (good[i] == (byte) 0xC5 && good[i + 2] == 0x71 && good[i + 4] == 8) {
        shift = i + 4;
      }
    }
    assertTrue(shift > 0, "the kernel shifts by 8");
    int at = shift;
    UnaryOperator<byte[]> fault =
        code -> {
          byte[] changed = code.clone();
          if (changed.length == good.length) {
            changed[at] = 7;
          }
          return changed;
        };
    Processor avx2 =
        processor.masked(EnumSet.of(Feature.AVX512, Feature.AVX512_VNNI, Feature.AVX_VNNI));
    X86Kernels kernels = new X86Kernels(WORKERS, Precision.EXACT, avx2, fault);
    assertFalse(kernels.pack(weight(DType.Q8_0, 32, 64)) instanceof X86Matrix);
    assertTrue(kernels.pack(weight(DType.Q6_K, 32, 256)) instanceof X86Matrix);
  }

  @Test
  void aProcessorWithoutVectorsIsRefusedWithAReason() {
    Processor old = processor.masked(EnumSet.of(Feature.AVX2));
    String message =
        assertThrows(
                ExecutableMemoryException.class,
                () -> new X86Kernels(WORKERS, Precision.EXACT, old, UnaryOperator.identity()))
            .getMessage();
    assertTrue(message.contains("AVX2"), message);
  }
}
