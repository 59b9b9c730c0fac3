package burhan.kernel;

import burhan.assembler.ExecutableMemoryException;
import burhan.tensor.Tensor;

/**
 * Every inner loop of inference. Knows floats and matrices; knows no layer and no model. {@link
 * ScalarKernels} is the reference that stays for ever, the others must agree with it.
 */
public interface Kernels extends AutoCloseable {
  /** What a report calls this set, such as {@code scalar} or {@code vector-256}. */
  String name();

  /** This set for one model: what it packs from now on goes when it is closed. */
  default Kernels forModel() {
    return this;
  }

  /** Gives packed weights back; no product with them may run any more. */
  @Override
  default void close() {}

  /**
   * A weight in the form these kernels multiply with. Types without a fast path are decoded by the
   * scalar decoder.
   *
   * @param weight [rows, cols] of a float type
   */
  Matrix pack(Tensor weight);

  /** Runs the first {@code count} products, none of which needs another's result, as one region. */
  default void multiply(Product[] products, int count) {
    for (int i = 0; i < count; i++) {
      Product p = products[i];
      p.matrix().multiply(p.phase, p.x, p.xAt, p.tokens, p.y, p.yAt);
    }
  }

  /** The sum of {@code a[aAt + i] * b[bAt + i]} over {@code n}. */
  float dot(float[] a, int aAt, float[] b, int bAt, int n);

  /** {@code y += scale * x} over {@code n}. */
  void addScaled(float scale, float[] x, int xAt, float[] y, int yAt, int n);

  /**
   * RMSNorm: {@code y_i = gain_i * x_i / sqrt(mean(x^2) + eps)}.
   *
   * @param x one row of {@code n} from index {@code xAt}; may be {@code y} itself
   */
  void rmsNorm(float[] x, int xAt, float[] gain, float eps, float[] y, int yAt, int n);

  /** Softmax in place over {@code n} scores from index {@code at}. */
  void softmax(float[] x, int at, int n);

  /** SwiGLU in place: {@code gate_i = silu(gate_i) * up_i} over {@code n}. */
  void swiglu(float[] gate, int gateAt, float[] up, int upAt, int n);

  /** What {@link #newMemory} keeps numbers as; never {@link CacheType#AUTO}. */
  default CacheType cacheType() {
    return CacheType.F32;
  }

  /** A new memory of one sequence, empty. */
  AttentionMemory newMemory(AttentionMemory.Shape shape);

  /** Whether no product depends on its {@link Phase}. */
  default boolean phasesAgree() {
    return true;
  }

  /** How many ranges {@link #split} makes at most: the number of scratch areas a caller needs. */
  int parts();

  /**
   * Runs {@code body} over disjoint ranges that cover {@code [0, items)}, in parallel where it
   * pays.
   *
   * @param work multiply-adds of all items together, to judge whether it pays
   */
  void split(int items, long work, RangeBody body);

  /** Work on a range of items. */
  @FunctionalInterface
  interface RangeBody {
    /**
     * @param part index of the range, below {@link #parts()}: the caller's scratch area
     */
    void run(int part, int from, int to);
  }

  /**
   * The fastest set this machine has: emitted code where the processor and the system allow it,
   * else the Vector API, else plain loops.
   *
   * @param workers shared by all products of a model
   */
  static Kernels best(Workers workers) {
    return best(workers, Precision.FAST);
  }

  /**
   * The same with a choice of what may be rounded.
   *
   * @param precision followed by the sets that know more than float32
   */
  static Kernels best(Workers workers, Precision precision) {
    return best(workers, precision, CacheType.AUTO);
  }

  /**
   * The same with a choice of what attention remembers, followed by the sets that can.
   *
   * @see #cacheType
   */
  static Kernels best(Workers workers, Precision precision, CacheType cacheType) {
    if (VectorSupport.LANES < 4) {
      return new ScalarKernels();
    }
    try {
      return new X86Kernels(workers, precision, cacheType);
    } catch (ExecutableMemoryException e) {
      System.getLogger("burhan.kernel").log(System.Logger.Level.DEBUG, e.getMessage());
      return new VectorKernels(workers);
    }
  }
}
