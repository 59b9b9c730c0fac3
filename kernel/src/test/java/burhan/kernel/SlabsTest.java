package burhan.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Packing ends before the machine's memory does, and closed weights are refused, not read. */
class SlabsTest {
  @Test
  void whatFindsNoRoomIsNotPacked() {
    AtomicLong left = new AtomicLong(2L << 30);
    try (Slabs slabs = new Slabs(left::get);
        Workers workers = new Workers(1)) {
      Tensor weight = RandomWeights.weight(DType.Q8_0, 32, 64);
      assertNotNull(Packer.pack(weight, slabs, workers));
      assertNotNull(slabs.allocate(1L << 30));
      left.set(1L << 30);
      assertNull(slabs.allocate(1L << 30));
      left.set(8L << 30);
      assertNull(Packer.pack(weight, slabs, workers), "full stays full: no weights in between");
    }
  }

  @Test
  void roomIsAlignedAndApart() {
    try (Slabs slabs = new Slabs(() -> Long.MAX_VALUE)) {
      long first = slabs.allocate(65).address();
      long second = slabs.allocate(64).address();
      assertEquals(0, first % PackedFormat.LINE);
      assertEquals(first + 128, second);
    }
  }

  @Test
  void aClosedModelsWeightIsRefused() {
    try (Workers workers = new Workers(1)) {
      Kernels model = new VectorKernels(workers).forModel();
      Matrix matrix = model.pack(RandomWeights.weight(DType.Q8_0, 32, 64));
      float[] y = new float[32];
      matrix.multiply(new float[64], 0, 1, y, 0);
      assertArrayEquals(new float[32], y);
      model.close();
      IllegalStateException refusal =
          assertThrows(
              IllegalStateException.class, () -> matrix.multiply(new float[64], 0, 1, y, 0));
      assertFalse(String.valueOf(refusal.getMessage()).isEmpty());
    }
  }
}
