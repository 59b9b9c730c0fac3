package burhan.bench;

import burhan.checkpoint.AtomicFile;
import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.Weights;
import burhan.model.DeepSeekConfig;
import burhan.model.ExpectedTensors;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A DeepSeek model of random numbers in one flat file: as fast and as large as a trained one, and
 * it says nothing. Unlike {@link RandomModel}'s folder it may be of any type, also of block types,
 * which safetensors has no names for. The same config, type and seed give the same bytes.
 */
public final class FlatModel {
  private static final int CHUNK = 1 << 18; // elements, a multiple of every block

  private final long seed;
  private final List<Slot> slots;

  /** Where a tensor lies in the flat file. */
  private record Slot(String name, DType type, long[] shape, long begin, long bytes) {
    long elements() {
      return shape.length == 1 ? shape[0] : shape[0] * shape[1];
    }
  }

  /**
   * @param type of the matrices; gains and the selection bias are float32
   * @throws BadInputException if the rows of a matrix are no whole number of blocks
   */
  public FlatModel(DeepSeekConfig config, DType type, long seed) {
    this.seed = seed;
    this.slots = layOut(config, type);
  }

  /** Bytes of all weights. */
  public long byteSize() {
    Slot last = slots.getLast();
    return last.begin + last.bytes;
  }

  /**
   * Writes the flat file, unless one of that size is there.
   *
   * @throws BadInputException if the disk has no room for it
   */
  public void write(Path file) throws IOException {
    if (Files.exists(file) && Files.size(file) == byteSize()) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + ": not a file");
    }
    Files.createDirectories(folder);
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < byteSize() + (1L << 30)) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%s: this model takes %.1f GB, but the disk has only %.1f GB left; free some or"
                  + " choose a smaller --type",
              folder,
              byteSize() / 1e9,
              free / 1e9));
    }
    AtomicFile.write(file, this::writeAll);
  }

  private void writeAll(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8 * CHUNK);
    MemorySegment bytes = MemorySegment.ofBuffer(buffer);
    float[] floats = new float[CHUNK];
    long at = 0;
    for (Slot slot : slots) {
      at = pad(channel, at, slot.begin);
      RandomFloats random = random(slot);
      for (long done = 0; done < slot.elements(); done += CHUNK) {
        int count = (int) Math.min(CHUNK, slot.elements() - done);
        random.fill(floats, count);
        Elements.encode(slot.type, floats, 0, count, bytes, 0);
        buffer.clear().limit(Math.toIntExact(slot.type.byteSize(count)));
        while (buffer.hasRemaining()) {
          at += channel.write(buffer);
        }
      }
    }
  }

  private static long pad(FileChannel channel, long at, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) (to - at));
    while (zeros.hasRemaining()) {
      channel.write(zeros);
    }
    return to;
  }

  private RandomFloats random(Slot slot) {
    float constant = slot.name.endsWith("norm.weight") ? 1 : 0;
    // Uniform with the deviation that keeps a product as large as its input.
    float bound = slot.shape.length == 1 ? 0 : (float) Math.sqrt(3.0 / slot.shape[1]);
    return new RandomFloats(seed ^ (long) slot.name.hashCode() << 32, constant, bound);
  }

  /** Maps a flat file that {@link #write} wrote for the same config and type. */
  public Weights map(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != byteSize()) {
        throw new BadInputException(
            "%s: %d bytes, expected %d for this shape; delete it"
                .formatted(file, channel.size(), byteSize()));
      }
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, byteSize(), arena);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Slot slot : slots) {
        MemorySegment data = all.asSlice(slot.begin, slot.bytes);
        tensors.put(slot.name, new Tensor(slot.name, slot.type, slot.shape, data));
      }
      return new Mapped(file.toString(), tensors, arena);
    } catch (IOException | BadInputException e) {
      arena.close();
      throw e;
    }
  }

  /** Lays the tensors of the architecture one behind the other. */
  private static List<Slot> layOut(DeepSeekConfig config, DType type) {
    List<Slot> slots = new ArrayList<>();
    long at = 0;
    for (TensorInfo entry : ExpectedTensors.of(config, type)) {
      long[] shape = entry.shape();
      if (shape[shape.length - 1] % entry.type().blockElements() != 0) {
        throw new BadInputException(
            "tensor '%s': rows of %d are no whole number of %s blocks of %d; choose another --type"
                .formatted(entry.name(), shape[shape.length - 1], type, type.blockElements()));
      }
      long begin = (at + 63) / 64 * 64;
      at = begin + entry.type().byteSize(entry.elements());
      slots.add(new Slot(entry.name(), entry.type(), shape, begin, at - begin));
    }
    return List.copyOf(slots);
  }

  /** Numbers of one tensor: a constant, or uniform within a bound. */
  private static final class RandomFloats {
    private final float constant;
    private final float bound;
    private long state;

    RandomFloats(long seed, float constant, float bound) {
      this.state = seed;
      this.constant = constant;
      this.bound = bound;
    }

    /** SplitMix64 (Steele, Lea and Flood 2014), two numbers a step. */
    void fill(float[] out, int count) {
      for (int i = 0; i < count; i += 2) {
        state += 0x9e3779b97f4a7c15L;
        long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        out[i] = constant + bound * ((int) z * 0x1p-31f);
        if (i + 1 < count) {
          out[i + 1] = constant + bound * ((int) (z >>> 32) * 0x1p-31f);
        }
      }
    }
  }

  private record Mapped(String where, Map<String, Tensor> tensors, Arena arena) implements Weights {
    @Override
    public Collection<String> names() {
      return tensors.keySet();
    }

    @Override
    public @Nullable Tensor find(String name) {
      return tensors.get(name);
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
