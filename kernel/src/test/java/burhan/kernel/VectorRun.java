package burhan.kernel;

import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import jdk.incubator.vector.FloatVector;

/**
 * A program of its own, for a JVM with other flags than the tests': compares the Vector API's
 * products with the scalar ones until C2 has compiled them, and says {@code agreed}.
 */
final class VectorRun {
  /** A type for each packed format. */
  static final List<DType> TYPES =
      List.of(
          DType.Q8_0,
          DType.Q4_0,
          DType.Q4_K,
          DType.Q5_K,
          DType.Q6_K,
          DType.BF16,
          DType.F16,
          DType.F32,
          DType.F8_E4M3);

  private static final int ROWS = 48;
  private static final int COLS = 512;
  private static final int TOKENS = 9;

  private VectorRun() {}

  /**
   * @param args how often to multiply, and, if there is a second one, any word: run a loop that is
   *     unrolled by hand instead
   */
  public static void main(String[] args) {
    int times = Integer.parseInt(args[0]);
    if (args.length > 1) {
      float[] x = new float[1 << 12];
      for (int i = 0; i < times; i++) {
        unrolled(x);
      }
      System.out.println("done " + x[0]);
      return;
    }
    try (Workers one = new Workers(1)) {
      for (DType type : TYPES) {
        compare(type, new VectorKernels(one), times);
      }
    }
    System.out.println("agreed, vectors of " + VectorKernels.F.vectorBitSize());
  }

  private static void compare(DType type, Kernels kernels, int times) {
    Random random = new Random(7);
    float[] values = gaussian(random, ROWS * COLS);
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.byteSize(values.length)]);
    Elements.encode(type, values, 0, values.length, bytes, 0);
    Tensor weight = new Tensor("w", type, new long[] {ROWS, COLS}, bytes);
    float[] x = gaussian(random, TOKENS * COLS);
    float[] expected = new float[TOKENS * ROWS];
    new ScalarKernels().pack(weight).multiply(x, 0, TOKENS, expected, 0);
    Matrix matrix = kernels.pack(weight);
    float[] y = new float[TOKENS * ROWS];
    for (int i = 0; i < times; i++) {
      matrix.multiply(x, 0, TOKENS, y, 0);
      check(type, expected, y, y.length);
      matrix.multiply(x, 0, 1, y, 0);
      check(type, expected, y, ROWS);
    }
  }

  private static void check(DType type, float[] expected, float[] actual, int n) {
    for (int i = 0; i < n; i++) {
      if (Math.abs(expected[i] - actual[i]) > 1e-3f) {
        throw new AssertionError(type + " at " + i + ": " + actual[i] + ", not " + expected[i]);
      }
    }
  }

  private static float[] gaussian(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  // What a kernel must not look like: more vector operations than C2 inlines in one method.
  private static void unrolled(float[] x) {
    FloatVector sum = FloatVector.zero(VectorKernels.F);
    for (int i = 0; i + 1024 < x.length; i++) {
      sum = four(four(four(four(sum, x, i), x, i + 256), x, i + 512), x, i + 768);
    }
    sum.intoArray(x, 0);
  }

  private static FloatVector four(FloatVector sum, float[] x, int at) {
    return eight(eight(eight(eight(sum, x, at), x, at + 64), x, at + 128), x, at + 192);
  }

  private static FloatVector eight(FloatVector sum, float[] x, int at) {
    FloatVector s = sum;
    s = FloatVector.fromArray(VectorKernels.F, x, at).fma(s, s);
    s = FloatVector.fromArray(VectorKernels.F, x, at + 8).fma(s, s);
    s = FloatVector.fromArray(VectorKernels.F, x, at + 16).fma(s, s);
    s = FloatVector.fromArray(VectorKernels.F, x, at + 24).fma(s, s);
    s = FloatVector.fromArray(VectorKernels.F, x, at + 32).fma(s, s);
    s = FloatVector.fromArray(VectorKernels.F, x, at + 40).fma(s, s);
    s = FloatVector.fromArray(VectorKernels.F, x, at + 48).fma(s, s);
    return FloatVector.fromArray(VectorKernels.F, x, at + 56).fma(s, s);
  }
}
