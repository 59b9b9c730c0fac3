package burhan.kernel;

import burhan.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The portable fast set, on the Vector API. Kernels are small loops on purpose: C2 stops inlining
 * vector calls in large methods and then boxes every vector, which costs a factor of four.
 *
 * <p>Every sum has one vector accumulator per output number, so results do not depend on how many
 * rows or tokens share a call.
 */
public final class VectorKernels implements Kernels {
  private static final int WIDEST = 512;

  // Sixteen rows, a line of the packed layout, are never less than a vector.
  static final VectorSpecies<Float> F =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() > WIDEST
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  private final Workers workers;
  private final boolean repacks;
  private final Slabs slabs = new Slabs();
  private final ThreadLocal<VectorBuffers> buffers;

  /**
   * @param workers run the row ranges of large products
   */
  public VectorKernels(Workers workers) {
    this(workers, true);
  }

  /**
   * @param workers run the row ranges of large products
   * @param repack whether weights may be copied into a faster order; otherwise they are multiplied
   *     where they are stored, and a mapped file stays a mapped file
   */
  public VectorKernels(Workers workers, boolean repack) {
    this.workers = workers;
    this.repacks = repack;
    this.buffers = ThreadLocal.withInitial(VectorBuffers::new);
  }

  private VectorKernels(VectorKernels shared) {
    this.workers = shared.workers;
    this.repacks = shared.repacks;
    this.buffers = shared.buffers;
  }

  @Override
  public VectorKernels forModel() {
    return new VectorKernels(this);
  }

  @Override
  public void close() {
    slabs.close();
  }

  /** Whether this processor has vectors worth using; asks only where the Vector API is there. */
  public static boolean isSupported() {
    return VectorSupport.LANES >= 4;
  }

  @Override
  public String name() {
    return "vector-" + F.vectorBitSize();
  }

  @Override
  public Matrix pack(Tensor weight) {
    if (repacks && weight.rank() == 2 && PackedFormat.holds(weight.type())) {
      PackedWeight packed = Packer.pack(weight, slabs, workers);
      if (packed != null) {
        return new VectorMatrix(packed, workers, buffers);
      }
    }
    return stored(weight);
  }

  /** The weight as it is in the file. */
  Matrix stored(Tensor weight) {
    return switch (weight.type()) {
      case F32 -> new F32Rows(weight, workers);
      case BF16 -> new Bf16Rows(weight, workers);
      case Q8_0 ->
          IntLanes.isSupported() ? new Q8Rows(weight, workers) : new DecodedRows(weight, workers);
      case F64, F16, F8_E4M3, F8_E8M0 -> new DecodedRows(weight, workers);
      case Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> new DecodedRows(weight, workers);
      case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M, IQ4_NL, IQ4_XS ->
          new DecodedRows(weight, workers);
      case TQ1_0, TQ2_0, MXFP4, NVFP4 -> new DecodedRows(weight, workers);
      case I64, I32, I16, I8, U8, BOOL ->
          throw new IllegalArgumentException(weight + " is not a weight");
    };
  }

  @Override
  public void multiply(Product[] products, int count) {
    SplitMatrix.run(workers, products, count);
  }

  @Override
  public float dot(float[] a, int aAt, float[] b, int bAt, int n) {
    return dotFloats(a, aAt, b, bAt, n);
  }

  static float dotFloats(float[] a, int aAt, float[] b, int bAt, int n) {
    FloatVector sum = FloatVector.zero(F);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += F.length()) {
      sum = FloatVector.fromArray(F, a, aAt + i).fma(FloatVector.fromArray(F, b, bAt + i), sum);
    }
    float total = Lanes.sum(sum);
    for (; i < n; i++) {
      total = Math.fma(a[aAt + i], b[bAt + i], total);
    }
    return total;
  }

  @Override
  public void addScaled(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    addFloats(scale, x, xAt, y, yAt, n);
  }

  static void addFloats(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    FloatVector s = FloatVector.broadcast(F, scale);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += F.length()) {
      FloatVector.fromArray(F, x, xAt + i)
          .fma(s, FloatVector.fromArray(F, y, yAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] = Math.fma(x[xAt + i], scale, y[yAt + i]);
    }
  }

  @Override
  public void rmsNorm(float[] x, int xAt, float[] gain, float eps, float[] y, int yAt, int n) {
    float squares = dotFloats(x, xAt, x, xAt, n);
    float scale = (float) (1 / Math.sqrt(squares / (double) n + eps));
    FloatVector s = FloatVector.broadcast(F, scale);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += F.length()) {
      FloatVector.fromArray(F, x, xAt + i)
          .mul(s)
          .mul(FloatVector.fromArray(F, gain, i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] = x[xAt + i] * scale * gain[i];
    }
  }

  @Override
  public void softmax(float[] x, int at, int n) {
    float largest = largest(x, at, n);
    FloatVector shift = FloatVector.broadcast(F, largest);
    FloatVector sums = FloatVector.zero(F);
    int i = 0;
    int end = F.loopBound(n);
    for (; i < end; i += F.length()) {
      FloatVector e = FloatVector.fromArray(F, x, at + i).sub(shift).lanewise(VectorOperators.EXP);
      e.intoArray(x, at + i);
      sums = sums.add(e);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      x[at + i] = Lanes.exp(x[at + i] - largest);
      sum += x[at + i];
    }
    float inverse = 1 / sum;
    for (i = 0; i < end; i += F.length()) {
      FloatVector.fromArray(F, x, at + i).mul(inverse).intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] *= inverse;
    }
  }

  private static float largest(float[] x, int at, int n) {
    FloatVector most = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += F.length()) {
      most = most.max(FloatVector.fromArray(F, x, at + i));
    }
    float largest = most.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      largest = Math.max(largest, x[at + i]);
    }
    return largest;
  }

  @Override
  public void swiglu(float[] gate, int gateAt, float[] up, int upAt, int n) {
    int i = 0;
    for (int end = F.loopBound(n); i < end; i += F.length()) {
      FloatVector g = FloatVector.fromArray(F, gate, gateAt + i);
      FloatVector silu = g.div(Lanes.exp(g.neg()).add(1f));
      silu.mul(FloatVector.fromArray(F, up, upAt + i)).intoArray(gate, gateAt + i);
    }
    for (; i < n; i++) {
      float g = gate[gateAt + i];
      gate[gateAt + i] = g / (Lanes.exp(-g) + 1f) * up[upAt + i];
    }
  }

  @Override
  public AttentionMemory newMemory(AttentionMemory.Shape shape) {
    return new RowMemory(this, shape);
  }

  @Override
  public int parts() {
    return workers.size();
  }

  @Override
  public void split(int items, long work, RangeBody body) {
    workers.split(items, work, body);
  }
}
