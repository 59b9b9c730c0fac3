package burhan.kernel;

import static burhan.kernel.VectorKernels.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two operations whose library forms may differ between interpreted and compiled code, and so
 * would make a token depend on how warm the JVM is: the sum of all lanes, and exp.
 */
final class Lanes {
  private static final VectorSpecies<Integer> I = F.withLanes(int.class);
  private static final VectorShuffle<Float> HALF = swap(F.length() / 2);
  private static final VectorShuffle<Float> QUARTER = swap(Math.max(1, F.length() / 4));
  private static final VectorShuffle<Float> EIGHTH = swap(Math.max(1, F.length() / 8));
  private static final VectorShuffle<Float> SIXTEENTH = swap(Math.max(1, F.length() / 16));

  // exp(x) = 2^n exp(r), |r| <= ln2/2; Taylor to the sixth power is within 2 ulp there.
  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 355f / 512; // few bits, so that n * LN2_HIGH is exact
  private static final float LN2_LOW = -2.1219444e-4f;
  private static final float ROUND = 12582912f; // 1.5 * 2^23: adding it rounds to an integer
  private static final float LOWEST = -87.3f;
  private static final float HIGHEST = 88.3f;
  private static final float C2 = 0.5f;
  private static final float C3 = 1f / 6;
  private static final float C4 = 1f / 24;
  private static final float C5 = 1f / 120;
  private static final float C6 = 1f / 720;

  private Lanes() {}

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(F, i -> i ^ distance);
  }

  /** The sum of all lanes, always in the order of the same tree. */
  static float sum(FloatVector v) {
    FloatVector s = v.add(v.rearrange(HALF));
    if (F.length() > 2) {
      s = s.add(s.rearrange(QUARTER));
    }
    if (F.length() > 4) {
      s = s.add(s.rearrange(EIGHTH));
    }
    if (F.length() > 8) {
      s = s.add(s.rearrange(SIXTEENTH));
    }
    return s.lane(0);
  }

  /** exp of every lane, within 2 ulp; 0 and infinity are approached but not reached. */
  static FloatVector exp(FloatVector x) {
    FloatVector v = x.max(LOWEST).min(HIGHEST);
    FloatVector n = v.mul(LOG2_E).add(ROUND).sub(ROUND);
    FloatVector r = n.lanewise(VectorOperators.FMA, -LN2_HIGH, v);
    r = n.lanewise(VectorOperators.FMA, -LN2_LOW, r);
    FloatVector p = r.lanewise(VectorOperators.FMA, C6, C5);
    p = p.fma(r, FloatVector.broadcast(F, C4));
    p = p.fma(r, FloatVector.broadcast(F, C3));
    p = p.fma(r, FloatVector.broadcast(F, C2));
    p = p.fma(r, FloatVector.broadcast(F, 1f));
    p = p.fma(r, FloatVector.broadcast(F, 1f));
    IntVector power = (IntVector) n.convertShape(VectorOperators.F2I, I, 0);
    return p.mul(power.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  /** The same operations on one float, so that a tail equals a lane. */
  static float exp(float x) {
    float v = Math.min(Math.max(x, LOWEST), HIGHEST);
    float n = v * LOG2_E + ROUND - ROUND;
    float r = Math.fma(n, -LN2_HIGH, v);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(r, C6, C5);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C2);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    return p * Float.intBitsToFloat(((int) n + 127) << 23);
  }
}
