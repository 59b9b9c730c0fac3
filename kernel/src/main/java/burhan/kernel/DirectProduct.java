package burhan.kernel;

import static burhan.kernel.RowLanes.F;
import static burhan.kernel.RowLanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of one token with numbers cut out of their lines on the way, for formats where that is
 * few operations: the same sums in the same order as {@link PanelProduct}'s, without a panel.
 *
 * <p>Each kernel takes two vectors of rows, {@code second} bytes apart, through whole blocks of 32
 * numbers; after every other block, {@code gap} bytes are skipped. It is one long loop, because C2
 * spends more on entering a loop over addresses than eight lines cost.
 */
@SuppressWarnings("NarrowCalculation") // offsets inside a unit, a few kilobytes
final class DirectProduct {
  private static final int LINE = PackedFormat.LINE;
  private static final int K_HEADER = 320;
  private static final int TOP_BYTE = 0xFF000000;

  private DirectProduct() {}

  /** Whether there is a kernel. */
  static boolean knows(PackedFormat format) {
    return switch (format) {
      case Q8_0, Q4_0, Q4_K, BF16, F32 -> true;
      case Q5_K, Q6_K, F16, FP8 -> false;
    };
  }

  /**
   * Adds the products of the first blocks from the unit at {@code address} on.
   *
   * @param second bytes from one vector of rows to the other
   * @param scales [block, {@link Panel#ROWS}] from {@code scaleAt}
   * @param sums of the first vector at {@code to}, of the other behind them
   */
  static void add(
      PackedFormat format,
      long address,
      long second,
      int blocks,
      float[] x,
      int xAt,
      float[] scales,
      int scaleAt,
      float[] sums,
      int to) {
    switch (format) {
      case Q8_0 -> bytes(address, second, LINE, blocks, x, xAt, scales, scaleAt, sums, to);
      case Q4_0 -> nibbles(address, second, LINE, blocks, x, xAt, scales, scaleAt, sums, to);
      case Q4_K ->
          nibbles(address + K_HEADER, second, 0, blocks, x, xAt, scales, scaleAt, sums, to);
      case BF16 -> bfloats(address, second, 0, blocks, x, xAt, scales, scaleAt, sums, to);
      case F32 -> floats(address, second, 0, blocks, x, xAt, scales, scaleAt, sums, to);
      case Q5_K, Q6_K, F16, FP8 -> throw new IllegalArgumentException(format + " needs a panel");
    }
  }

  private static FloatVector f(IntVector v) {
    return (FloatVector) v.convert(VectorOperators.I2F, 0);
  }

  private static IntVector up(IntVector v, int bits) {
    return v.lanewise(VectorOperators.LSHL, bits);
  }

  private static IntVector down(IntVector v, int bits) {
    return v.lanewise(VectorOperators.LSHR, bits);
  }

  private static FloatVector all(float x) {
    return FloatVector.broadcast(F, x);
  }

  /** As {@link Cutting#bytes}. */
  private static void bytes(
      long address,
      long second,
      int gap,
      int blocks,
      float[] x,
      int xAt,
      float[] scales,
      int scaleAt,
      float[] sums,
      int to) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector sumA = FloatVector.fromArray(F, sums, to);
    FloatVector sumB = FloatVector.fromArray(F, sums, to + WIDTH);
    long at = address;
    int steps = blocks * 8;
    for (int i = 0; i < steps; i++) {
      IntVector v = RowLanes.line(at);
      IntVector w = RowLanes.line(at + second);
      FloatVector y = all(x[xAt + 4 * i]);
      a = f(up(v, 24)).fma(y, a);
      b = f(up(w, 24)).fma(y, b);
      y = all(x[xAt + 4 * i + 1]);
      a = f(up(v, 8).and(TOP_BYTE)).fma(y, a);
      b = f(up(w, 8).and(TOP_BYTE)).fma(y, b);
      y = all(x[xAt + 4 * i + 2]);
      a = f(up(v, 16).and(TOP_BYTE)).fma(y, a);
      b = f(up(w, 16).and(TOP_BYTE)).fma(y, b);
      y = all(x[xAt + 4 * i + 3]);
      a = f(v.and(TOP_BYTE)).fma(y, a);
      b = f(w.and(TOP_BYTE)).fma(y, b);
      at += LINE;
      if ((i & 7) == 7) {
        int block = i / 8;
        int scale = scaleAt + block * Panel.ROWS;
        sumA = a.fma(FloatVector.fromArray(F, scales, scale), sumA);
        sumB = b.fma(FloatVector.fromArray(F, scales, scale + WIDTH), sumB);
        a = FloatVector.zero(F);
        b = a;
        at += (block & 1) * gap;
      }
    }
    sumA.intoArray(sums, to);
    sumB.intoArray(sums, to + WIDTH);
  }

  /** As {@link Cutting#nibbles}. */
  private static void nibbles(
      long address,
      long second,
      int gap,
      int blocks,
      float[] x,
      int xAt,
      float[] scales,
      int scaleAt,
      float[] sums,
      int to) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector sumA = FloatVector.fromArray(F, sums, to);
    FloatVector sumB = FloatVector.fromArray(F, sums, to + WIDTH);
    long at = address;
    int steps = blocks * 8;
    for (int i = 0; i < steps; i++) {
      int shift = (i & 1) * 8;
      IntVector v = down(RowLanes.line(at), shift);
      IntVector w = down(RowLanes.line(at + second), shift);
      FloatVector y = all(x[xAt + 4 * i]);
      a = f(v.and(0xF)).fma(y, a);
      b = f(w.and(0xF)).fma(y, b);
      y = all(x[xAt + 4 * i + 1]);
      a = f(v.and(0xF0000)).fma(y, a);
      b = f(w.and(0xF0000)).fma(y, b);
      y = all(x[xAt + 4 * i + 2]);
      a = f(v.and(0xF0)).fma(y, a);
      b = f(w.and(0xF0)).fma(y, b);
      y = all(x[xAt + 4 * i + 3]);
      a = f(v.and(0xF00000)).fma(y, a);
      b = f(w.and(0xF00000)).fma(y, b);
      at += (i & 1) * LINE;
      if ((i & 7) == 7) {
        int block = i / 8;
        int scale = scaleAt + block * Panel.ROWS;
        sumA = a.fma(FloatVector.fromArray(F, scales, scale), sumA);
        sumB = b.fma(FloatVector.fromArray(F, scales, scale + WIDTH), sumB);
        a = FloatVector.zero(F);
        b = a;
        at += (block & 1) * gap;
      }
    }
    sumA.intoArray(sums, to);
    sumB.intoArray(sums, to + WIDTH);
  }

  /** As {@link Cutting#bfloats}. */
  private static void bfloats(
      long address,
      long second,
      int gap,
      int blocks,
      float[] x,
      int xAt,
      float[] scales,
      int scaleAt,
      float[] sums,
      int to) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector sumA = FloatVector.fromArray(F, sums, to);
    FloatVector sumB = FloatVector.fromArray(F, sums, to + WIDTH);
    long at = address;
    int steps = blocks * 16;
    for (int i = 0; i < steps; i++) {
      IntVector v = RowLanes.line(at);
      IntVector w = RowLanes.line(at + second);
      FloatVector y = all(x[xAt + 2 * i]);
      a = up(v, 16).reinterpretAsFloats().fma(y, a);
      b = up(w, 16).reinterpretAsFloats().fma(y, b);
      y = all(x[xAt + 2 * i + 1]);
      a = v.and(0xFFFF0000).reinterpretAsFloats().fma(y, a);
      b = w.and(0xFFFF0000).reinterpretAsFloats().fma(y, b);
      at += LINE;
      if ((i & 15) == 15) {
        int block = i / 16;
        int scale = scaleAt + block * Panel.ROWS;
        sumA = a.fma(FloatVector.fromArray(F, scales, scale), sumA);
        sumB = b.fma(FloatVector.fromArray(F, scales, scale + WIDTH), sumB);
        a = FloatVector.zero(F);
        b = a;
        at += (block & 1) * gap;
      }
    }
    sumA.intoArray(sums, to);
    sumB.intoArray(sums, to + WIDTH);
  }

  /** As {@link Cutting#floats}. */
  private static void floats(
      long address,
      long second,
      int gap,
      int blocks,
      float[] x,
      int xAt,
      float[] scales,
      int scaleAt,
      float[] sums,
      int to) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector sumA = FloatVector.fromArray(F, sums, to);
    FloatVector sumB = FloatVector.fromArray(F, sums, to + WIDTH);
    long at = address;
    int steps = blocks * 32;
    for (int i = 0; i < steps; i++) {
      FloatVector y = all(x[xAt + i]);
      a = RowLanes.floats(at).fma(y, a);
      b = RowLanes.floats(at + second).fma(y, b);
      at += LINE;
      if ((i & 31) == 31) {
        int block = i / 32;
        int scale = scaleAt + block * Panel.ROWS;
        sumA = a.fma(FloatVector.fromArray(F, scales, scale), sumA);
        sumB = b.fma(FloatVector.fromArray(F, scales, scale + WIDTH), sumB);
        a = FloatVector.zero(F);
        b = a;
        at += (block & 1) * gap;
      }
    }
    sumA.intoArray(sums, to);
    sumB.intoArray(sums, to + WIDTH);
  }
}
