package burhan.checkpoint;

import burhan.kernel.Workers;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns tensors into those of another type while a file is written: all cores on one piece at a
 * time, in memory that does not grow with the model. Knows no names and no mixes.
 */
public final class Quantizer implements TensorContent {
  /** Numbers that a core turns in one go; they and their blocks fit into its own cache. */
  private static final int STRIDE = 8192;

  /** Blocks and bfloat16 apart: what a float16, and so a block's scale, can still hold. */
  private static final float LARGEST_HALF = 65504;

  private final TensorSource source;
  private final Workers workers;
  private final LongConsumer progress;
  private final ThreadLocal<float[]> floats = ThreadLocal.withInitial(() -> new float[STRIDE]);
  private long done;

  private Quantizer(TensorSource source, Workers workers, LongConsumer progress) {
    this.source = source;
    this.workers = workers;
    this.progress = progress;
  }

  /**
   * Writes a GGUF file that is complete or not there.
   *
   * @param metadata of the new file, without the two keys that say how it is quantised
   * @param tensors what {@link TypeMix} chose
   * @param progress receives how many numbers are written so far
   * @throws BadInputException if a number is not finite or too large for its new type
   */
  public static void write(
      Path file,
      FileType type,
      Map<String, Object> metadata,
      List<TensorInfo> tensors,
      TensorSource source,
      Workers workers,
      LongConsumer progress)
      throws IOException {
    Map<String, Object> keys = new LinkedHashMap<>(metadata);
    keys.remove("general.quantization_version");
    keys.remove("general.file_type");
    keys.put("general.quantization_version", 2);
    keys.put("general.file_type", type.number());
    GgufWriter.write(file, keys, tensors, new Quantizer(source, workers, progress));
  }

  @Override
  public void fill(TensorInfo tensor, long first, int count, MemorySegment piece) {
    Tensor stored = source.stored(tensor.name());
    if (stored != null && stored.type() == tensor.type()) {
      MemorySegment.copy(stored.data(), tensor.type().byteSize(first), piece, 0, piece.byteSize());
    } else {
      fillConverted(tensor, first, count, piece);
    }
    done += count;
    progress.accept(done);
  }

  private void fillConverted(TensorInfo tensor, long first, int count, MemorySegment piece) {
    AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    int strides = Math.ceilDiv(count, STRIDE);
    workers.run((part, parts) -> {
      try {
        for (int s = part; s < strides && failure.get() == null; s += parts) {
          int from = s * STRIDE;
          convert(tensor, first, from, Math.min(STRIDE, count - from), piece);
        }
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
      }
    });
    RuntimeException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  private void convert(TensorInfo tensor, long first, int from, int count, MemorySegment piece) {
    float[] values = floats.get();
    source.read(tensor.name(), first + from, count, values, 0);
    requireFit(tensor, first + from, values, count);
    Elements.encode(tensor.type(), values, 0, count, piece, from);
  }

  private void requireFit(TensorInfo tensor, long first, float[] values, int count) {
    DType type = tensor.type();
    float most =
        type == DType.F32 || type == DType.F64 || type == DType.BF16
            ? Float.MAX_VALUE
            : LARGEST_HALF;
    for (int i = 0; i < count; i++) {
      if (!(Math.abs(values[i]) <= most)) {
        throw new BadInputException(
            "%s: tensor '%s' has %s at element %d, which %s cannot hold; %s"
                .formatted(
                    source.where(),
                    tensor.name(),
                    values[i],
                    first + i,
                    type,
                    Float.isFinite(values[i])
                        ? "choose BF16 or F32"
                        : "the model is damaged, download it again"));
      }
    }
  }
}
