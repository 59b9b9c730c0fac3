package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponentials of a row of scores that lies in blocks. Where a score lies decides how it is
 * computed, never how many rows share the call.
 */
final class BlockSoftmax {
  private static final int TOKENS = PackedMemory.TOKENS;
  private static final int LANES = VectorKernels.F.length();

  private BlockSoftmax() {}

  /**
   * {@code s = exp(s - max)} between {@code from} and {@code to}, 0 elsewhere.
   *
   * @param scores [blocks, count, 64]
   * @return 1 / sum
   */
  static float run(MemorySegment scores, int row, int count, int from, int to, int blocks) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int b = 0; b < blocks; b++) {
      long at = 4L * ((long) b * count + row) * TOKENS;
      largest = Math.max(largest, largest(scores, at, from - b * TOKENS, to - b * TOKENS));
    }
    double sum = 0;
    for (int b = 0; b < blocks; b++) {
      long at = 4L * ((long) b * count + row) * TOKENS;
      sum += exponentials(scores, at, from - b * TOKENS, to - b * TOKENS, largest);
    }
    return (float) (1 / sum);
  }

  private static float largest(MemorySegment scores, long at, int from, int to) {
    float largest = Float.NEGATIVE_INFINITY;
    if (from <= 0 && to >= TOKENS) {
      FloatVector most = load(scores, at);
      for (int j = LANES; j < TOKENS; j += LANES) {
        most = most.max(load(scores, at + 4L * j));
      }
      return most.reduceLanes(VectorOperators.MAX);
    }
    for (int j = Math.max(0, from); j < Math.min(TOKENS, to); j++) {
      largest = Math.max(largest, scores.get(JAVA_FLOAT, at + 4L * j));
    }
    return largest;
  }

  private static float exponentials(
      MemorySegment scores, long at, int from, int to, float largest) {
    float sum = 0;
    if (from <= 0 && to >= TOKENS) {
      FloatVector sums = FloatVector.zero(VectorKernels.F);
      for (int j = 0; j < TOKENS; j += LANES) {
        FloatVector e = Lanes.exp(load(scores, at + 4L * j).sub(largest));
        e.intoMemorySegment(scores, at + 4L * j, ByteOrder.LITTLE_ENDIAN);
        sums = sums.add(e);
      }
      return Lanes.sum(sums);
    }
    for (int j = 0; j < TOKENS; j++) {
      float e = 0;
      if (j >= from && j < to) {
        e = Lanes.exp(scores.get(JAVA_FLOAT, at + 4L * j) - largest);
        sum += e;
      }
      scores.set(JAVA_FLOAT, at + 4L * j, e);
    }
    return sum;
  }

  private static FloatVector load(MemorySegment scores, long at) {
    return FloatVector.fromMemorySegment(VectorKernels.F, scores, at, ByteOrder.LITTLE_ENDIAN);
  }
}
