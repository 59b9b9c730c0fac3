package burhan.kernel;

import static burhan.kernel.RandomWeights.gaussian;
import static burhan.kernel.RandomWeights.weight;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernels against the scalar reference, over sizes that divide by nothing. */
class KernelsTest {
  private static final Workers WORKERS = new Workers(2);
  private static final Kernels SCALAR = new ScalarKernels();
  private static final Kernels VECTOR = new VectorKernels(WORKERS);
  private static final Kernels STORED = new VectorKernels(WORKERS, false);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static void assertClose(float[] expected, float[] actual, int n, String what) {
    double squares = 0;
    for (float x : expected) {
      squares += (double) x * x;
    }
    double tolerance = 2e-6 * Math.sqrt(n) * Math.max(1, Math.sqrt(squares / expected.length));
    assertArrayEquals(expected, actual, (float) tolerance, what);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 13, 32, 207, 702, 4098})
  void vectorLoopsAgreeWithTheScalarOnes(int n) {
    float[] a = gaussian(n + 3, 1);
    float[] b = gaussian(n + 5, 2);
    assertEquals(SCALAR.dot(a, 3, b, 5, n), VECTOR.dot(a, 3, b, 5, n), 1e-5 * n);
    float[] expected = b.clone();
    float[] actual = b.clone();
    SCALAR.addScaled(0.37f, a, 3, expected, 5, n);
    VECTOR.addScaled(0.37f, a, 3, actual, 5, n);
    assertClose(expected, actual, n, "addScaled");
    SCALAR.rmsNorm(a, 3, gaussian(n, 4), 1e-6f, expected, 5, n);
    VECTOR.rmsNorm(a, 3, gaussian(n, 4), 1e-6f, actual, 5, n);
    assertClose(expected, actual, n, "rmsNorm");
    SCALAR.swiglu(expected, 5, a, 3, n);
    VECTOR.swiglu(actual, 5, a, 3, n);
    assertClose(expected, actual, n, "swiglu");
    SCALAR.softmax(expected, 2, n);
    VECTOR.softmax(actual, 2, n);
    assertClose(expected, actual, n, "softmax");
  }

  private static List<DType> floatTypes() {
    return Stream.of(DType.values()).filter(DType::isFloat).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 13, 64, 207, 702, 4098})
  void productsAgreeForEveryType(int cols) {
    for (DType type : floatTypes()) {
      int width = Math.ceilDiv(cols, type.blockElements()) * type.blockElements();
      int rows = cols % 3 == 0 ? 37 : 13;
      Tensor weight = weight(type, rows, width);
      Matrix scalar = SCALAR.pack(weight);
      Matrix vector = VECTOR.pack(weight);
      Matrix stored = STORED.pack(weight);
      for (int tokens : new int[] {1, 2, 4, 13}) {
        float[] x = gaussian(2 + tokens * width, 3);
        float[] expected = new float[1 + tokens * rows];
        float[] actual = new float[1 + tokens * rows];
        scalar.multiply(x, 2, tokens, expected, 1);
        stored.multiply(x, 2, tokens, actual, 1);
        String what = type + " " + rows + "x" + width + " T" + tokens;
        assertClose(expected, actual, width, what + " stored");
        vector.multiply(x, 2, tokens, actual, 1);
        assertClose(expected, actual, 4 * width, what + " packed");
      }
    }
  }

  @Test
  void smallestAndLargestHalvesAreExact() {
    short[] halves = {1, 0x3FF, 0x400, (short) 0x8001, (short) 0xFBFF, 0x7BFF, 0, (short) 0x8000};
    MemorySegment bytes = MemorySegment.ofArray(halves);
    Matrix m = VECTOR.pack(new Tensor("w", DType.F16, new long[] {halves.length, 1}, bytes));
    float[] y = new float[halves.length];
    m.multiply(new float[] {1}, 0, 1, y, 0);
    for (int i = 0; i < y.length; i++) {
      assertEquals(Float.float16ToFloat(halves[i]) + 0f, y[i] + 0f);
    }
    halves[0] = 0x7C00;
    halves[1] = 0x7E00;
    m = VECTOR.pack(new Tensor("w", DType.F16, new long[] {halves.length, 1}, bytes));
    m.multiply(new float[] {1}, 0, 1, y, 0);
    assertEquals(Float.POSITIVE_INFINITY, y[0]);
    assertTrue(Float.isNaN(y[1]));
  }

  @Test
  void aRowsResultDoesNotDependOnItsCompany() {
    for (DType type : floatTypes()) {
      int rows = 301;
      int cols = type.blockElements() > 32 ? 512 : 352;
      for (Kernels kernels : List.of(VECTOR, STORED)) {
        Matrix m = kernels.pack(weight(type, rows, cols));
        int tokens = 17;
        float[] x = gaussian(tokens * cols, 9);
        float[] together = new float[tokens * rows];
        m.multiply(x, 0, tokens, together, 0);
        for (int some = 1; some < 6; some++) {
          for (int t = 0; t + some <= tokens; t += some) {
            float[] fewer = new float[some * rows];
            m.multiply(x, t * cols, some, fewer, 0);
            for (int i = 0; i < fewer.length; i++) {
              assertEquals(together[t * rows + i], fewer[i], 0f, type + " of " + some + " at " + i);
            }
          }
        }
      }
    }
  }

  @Test
  void expOfALaneEqualsExpOfAFloatAndIsRight() {
    float[] x = new float[4096];
    for (int i = 0; i < x.length; i++) {
      x[i] = -87 + i * 0.0427f;
    }
    for (int i = 0; i + VectorKernels.F.length() <= x.length; i += VectorKernels.F.length()) {
      float[] lanes = Lanes.exp(FloatVector.fromArray(VectorKernels.F, x, i)).toArray();
      for (int j = 0; j < lanes.length; j++) {
        assertEquals(lanes[j], Lanes.exp(x[i + j]), 0f);
        assertEquals(1, lanes[j] / Math.exp(x[i + j]), 4e-7);
      }
    }
  }
}
