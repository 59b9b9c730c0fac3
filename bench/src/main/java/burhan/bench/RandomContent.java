package burhan.bench;

import burhan.checkpoint.TensorContent;
import burhan.checkpoint.TensorInfo;
import burhan.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;

/**
 * Random numbers of any type, as fast as memory copies: runs of a pool that is made once for a
 * type, each begun at a place that the seed, the tensor's name and the run's index decide. So two
 * tensors never hold the same numbers, and any piece can be made without those before it. Knows
 * sizes and magnitudes, no model; not for several threads.
 */
public final class RandomContent implements TensorContent {
  private static final int RUN = LARGEST_BLOCK;

  // What Hugging Face configs begin training with. Smaller numbers die out in a small model.
  static final float DEVIATION = 0.02f;
  // A uniform range of that deviation.
  private static final float HALF_WIDTH = DEVIATION * 1.7320508f;
  // E4M3's largest number; the scales bring it down again.
  private static final float LARGEST_E4M3 = 448;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long seed;
  private final Map<DType, MemorySegment> pools = new EnumMap<>(DType.class);

  public RandomContent(long seed) {
    this.seed = seed;
  }

  @Override
  public void fill(TensorInfo tensor, long first, int count, MemorySegment piece) {
    long stream = mix(seed ^ ((long) tensor.name().hashCode() << 32));
    if (isGain(tensor.name())) {
      for (int i = 0; i < count; i++) {
        piece.setAtIndex(FLOAT, i, 1);
      }
    } else if (tensor.name().endsWith("_scale_inv")) {
      for (int i = 0; i < count; i++) {
        piece.setAtIndex(FLOAT, i, scale(mix(stream + first + i)));
      }
    } else {
      copyRuns(tensor.type(), stream, first, count, piece);
    }
  }

  /** Norms change nothing, and Llama 3's context stays as it is. */
  private static boolean isGain(String name) {
    return name.endsWith("norm.weight") || name.equals("rope_freqs.weight");
  }

  /** From half the usual scale to one and a half: a block under a neighbour's scale is noticed. */
  private static float scale(long random) {
    return HALF_WIDTH / LARGEST_E4M3 * (0.5f + (random >>> 40) * 0x1p-24f);
  }

  private void copyRuns(DType type, long stream, long first, int count, MemorySegment piece) {
    MemorySegment pool = pools.computeIfAbsent(type, this::pool);
    int block = type.blockElements();
    int starts = (RandomPool.ELEMENTS - RUN) / block;
    for (int done = 0; done < count; done += RUN) {
      long random = mix(stream + (first + done) / RUN) >>> 1;
      MemorySegment.copy(
          pool,
          type.byteSize(random % starts * block),
          piece,
          type.byteSize(done),
          type.byteSize(Math.min(RUN, count - done)));
    }
  }

  private MemorySegment pool(DType type) {
    return RandomPool.of(type, mix(seed), type == DType.F8_E4M3 ? LARGEST_E4M3 : HALF_WIDTH);
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  static long mix(long x) {
    long z = x * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
