package burhan.kernel;

import static burhan.kernel.RandomWeights.gaussian;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import burhan.tensor.BadInputException;
import org.junit.jupiter.api.Test;

/** What attention remembers is what was asked for, or one sentence says why not. */
class CacheTypeTest {
  private static final int TOKENS = 70;
  private static final AttentionMemory.Shape SHAPE = new AttentionMemory.Shape(1, 1, 16, 16, false);

  @Test
  void floatsAreKeptWhereTheyAreAskedFor() {
    try (Workers workers = new Workers(1)) {
      Kernels floats = KernelChoice.AUTO.kernels(workers, true, CacheType.F32);
      assertEquals(CacheType.F32, floats.cacheType());
      assertEquals(CacheType.F32, floats.forModel().cacheType());
      AttentionMemory memory = floats.forModel().newMemory(SHAPE);
      assertEquals(4 * (16 + 16), memory.bytesPerToken());
      assertArrayEquals(attended(new ScalarKernels().newMemory(SHAPE)), attended(memory), 1e-5f);
    }
  }

  @Test
  void theBytesAreThoseOfTheType() {
    try (Workers workers = new Workers(1)) {
      Kernels kernels = KernelChoice.AUTO.kernels(workers);
      assertEquals(
          kernels.cacheType().bytes() * (16L + 16), kernels.newMemory(SHAPE).bytesPerToken());
    }
  }

  @Test
  void whatASetCannotKeepIsRefused() {
    try (Workers workers = new Workers(1)) {
      BadInputException refusal =
          assertThrows(
              BadInputException.class,
              () -> KernelChoice.VECTOR.kernels(workers, true, CacheType.BF16));
      assertEquals(
          "--cache-type bf16: %s kernels remember f32 only; choose --cache-type f32 or auto"
              .formatted(new VectorKernels(workers).name()),
          refusal.getMessage());
      assertThrows(
          BadInputException.class, () -> KernelChoice.AUTO.kernels(workers, false, CacheType.BF16));
    }
  }

  private static float[] attended(AttentionMemory memory) {
    float[] keys = gaussian(TOKENS * 16, 1);
    float[] values = gaussian(TOKENS * 16, 2);
    memory.grow(TOKENS);
    for (int t = 0; t < TOKENS; t++) {
      memory.put(0, 0, t, keys, t * 16, values, t * 16);
    }
    float[] z = new float[16];
    AttentionMemory.Queries last = new AttentionMemory.Queries(TOKENS - 1, 1, 1, 0, 0.25f);
    memory.attend(0, 0, last, gaussian(16, 3), 0, 16, z, 0, 16);
    return z;
  }
}
