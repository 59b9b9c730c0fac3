package burhan.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** What the tests of kernels multiply, and how near they expect the result. */
final class RandomWeights {
  private RandomWeights() {}

  static float[] gaussian(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  static Tensor weight(DType type, int rows, int cols) {
    float[] values = gaussian(rows * cols, rows * 31L + cols);
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.byteSize(values.length)]);
    if (type.isEncodable()) {
      Elements.encode(type, values, 0, values.length, bytes, 0);
    } else {
      fillWithTameBlocks(type, bytes, rows * 31L + cols);
    }
    return new Tensor("w", type, new long[] {rows, cols}, bytes);
  }

  /** Random bytes, block by block, until the numbers are finite and not too far apart. */
  private static void fillWithTameBlocks(DType type, MemorySegment bytes, long seed) {
    Random random = new Random(seed);
    byte[] block = new byte[type.blockBytes()];
    float[] values = new float[type.blockElements()];
    for (long at = 0; at < bytes.byteSize(); at += block.length) {
      boolean isTame = false;
      while (!isTame) {
        random.nextBytes(block);
        Elements.decode(type, MemorySegment.ofArray(block), 0, values, 0, values.length);
        isTame = true;
        for (float value : values) {
          isTame &= Math.abs(value) < 30;
        }
      }
      MemorySegment.copy(MemorySegment.ofArray(block), 0, bytes, at, block.length);
    }
  }

  /** {@code tolerance} of the root mean square of what is expected. */
  static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
    double squares = 0;
    for (float x : expected) {
      squares += (double) x * x;
    }
    double most = tolerance * Math.sqrt(squares / expected.length);
    assertArrayEquals(expected, actual, (float) most, what);
  }
}
