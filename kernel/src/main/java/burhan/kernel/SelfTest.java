package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Proves the emitted kernels of a format on random data before anybody relies on them: all rows and
 * tokens against float products of the decoded weights.
 */
final class SelfTest {
  private static final int ROWS = 19; // a whole group and a part of one
  private static final int COLS = 256;
  // Every function runs: those of eight tokens and fewer, by themselves.
  private static final int[] SOME = {8, 7, 6, 5, 4, 3, 2, 1};
  private static final int[] SOME_IN_TILES = {19, 3}; // two tiles of tokens and one
  // Of the root mean square; the activations' own rounding is in what is expected.
  private static final double TOLERANCE = 1e-5;
  // Tiles round weights and activations to bf16; 2e-3 is usual, 1e-2 the worst of thousands.
  private static final double TILES_TOLERANCE = 2e-2;

  private SelfTest() {}

  /**
   * What is wrong with the kernels, or nothing.
   *
   * @param tiles the subject if it is not null
   */
  static Optional<String> run(
      X86Code code, PackedFormat format, X86Code.Products products, @Nullable Tiles tiles) {
    Phase phase = tiles == null ? Phase.GENERATE : Phase.PROMPT;
    int[] some = tiles == null ? SOME : SOME_IN_TILES;
    double most = tiles == null ? TOLERANCE : TILES_TOLERANCE;
    DType type = storedType(format);
    try (Slabs slabs = new Slabs();
        Workers alone = new Workers(1)) {
      Tensor weight = randomWeight(type);
      PackedWeight packed = Packer.pack(weight, slabs, alone);
      if (packed == null) {
        throw new AssertionError(format + " cannot be packed");
      }
      ThreadLocal<X86Buffers> buffers = ThreadLocal.withInitial(X86Buffers::new);
      X86Matrix matrix = new X86Matrix(packed, code, products, tiles, alone, buffers);
      float[] x = gaussian(some[0] * COLS, 2);
      double[] expected =
          expected(weight, rounded(x, tiles == null ? products.activations() : null));
      for (int tokens : some) {
        float[] y = new float[tokens * ROWS];
        matrix.multiply(phase, x, 0, tokens, y, 0);
        double error = error(expected, y);
        if (tiles == null && !format.isInteger() && tokens <= products.mostTokens()) {
          error = Math.max(error, error(expected, added(packed, products, x, tokens)));
        }
        if (!(error < most)) {
          return Optional.of(
              "a self-test on random data differs by %.1e of the result, at most %.0e is rounding"
                  .formatted(error, most));
        }
      }
      return Optional.empty();
    }
  }

  /** Half of a product and the other half added to it, as attention adds its blocks. */
  private static float[] added(
      PackedWeight packed, X86Code.Products products, float[] x, int tokens) {
    try (Arena arena = Arena.ofConfined()) {
      int groups = packed.groups();
      MemorySegment out =
          arena.allocate((long) groups * tokens * PackedFormat.LINE, PackedFormat.LINE);
      MemorySegment halves = arena.allocate(4L * tokens * COLS, PackedFormat.LINE);
      for (int i = 0; i < tokens * COLS; i++) {
        halves.setAtIndex(JAVA_FLOAT, i, x[i] / 2);
      }
      long weights = packed.data().address();
      products.run(tokens, weights, halves.address(), out.address(), groups, packed.units());
      products.add(tokens, weights, halves.address(), out.address(), groups, packed.units());
      float[] y = new float[tokens * ROWS];
      for (int i = 0; i < y.length; i++) {
        int row = i % ROWS;
        long lane = ((long) row / PackedFormat.ROWS * tokens + i / ROWS) * PackedFormat.ROWS;
        y[i] = out.getAtIndex(JAVA_FLOAT, lane + row % PackedFormat.ROWS);
      }
      return y;
    }
  }

  private static DType storedType(PackedFormat format) {
    return switch (format) {
      case Q8_0 -> DType.Q8_0;
      case Q4_0 -> DType.Q4_0;
      case Q4_K -> DType.Q4_K;
      case Q5_K -> DType.Q5_K;
      case Q6_K -> DType.Q6_K;
      case BF16 -> DType.BF16;
      case F16 -> DType.F16;
      case F32 -> DType.F32;
      case FP8 -> DType.F8_E4M3;
    };
  }

  private static Tensor randomWeight(DType type) {
    float[] values = gaussian(ROWS * COLS, 1);
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.byteSize(values.length)]);
    Elements.encode(type, values, 0, values.length, bytes, 0);
    return new Tensor("self-test", type, new long[] {ROWS, COLS}, bytes);
  }

  private static float[] gaussian(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** What a product makes of activations before it multiplies them. */
  static float[] rounded(float[] x, @Nullable QuantisedActivations activations) {
    float[] y = x.clone();
    for (int at = 0; activations != null && at < x.length; at += QuantisedActivations.BLOCK) {
      float most = 0;
      for (int i = at; i < at + QuantisedActivations.BLOCK; i++) {
        most = Math.max(most, Math.abs(x[i]));
      }
      float factor = activations.largest() / most;
      for (int i = at; most > 0 && i < at + QuantisedActivations.BLOCK; i++) {
        y[i] = (float) Math.rint(x[i] * factor) * (most * (1f / activations.largest()));
      }
    }
    return y;
  }

  private static double[] expected(Tensor weight, float[] x) {
    int tokens = x.length / COLS;
    double[] y = new double[tokens * ROWS];
    float[] w = new float[COLS];
    for (int r = 0; r < ROWS; r++) {
      weight.row(r, w, 0);
      for (int t = 0; t < tokens; t++) {
        double sum = 0;
        for (int k = 0; k < COLS; k++) {
          sum += (double) w[k] * x[t * COLS + k];
        }
        y[t * ROWS + r] = sum;
      }
    }
    return y;
  }

  /** The worst difference, of the root mean square. */
  private static double error(double[] expected, float[] y) {
    double worst = 0;
    double squares = 0;
    for (int i = 0; i < y.length; i++) {
      double difference = Math.abs(expected[i] - y[i]);
      worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
      squares += expected[i] * expected[i];
    }
    return worst / Math.sqrt(squares / y.length);
  }
}
