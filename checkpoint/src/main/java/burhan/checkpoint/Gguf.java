package burhan.checkpoint;

import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One memory-mapped GGUF file, version 2 or 3: magic, keys and values, tensor table, aligned data.
 * The file is hostile until every size in it has been compared with the file's own. Knows one file;
 * {@link GgufFiles} knows those that are split.
 */
public final class Gguf implements Weights {
  private static final int MAGIC = 0x46554747; // "GGUF" in little endian
  private static final long LONGEST_NAME = 63;
  private static final int MOST_DIMENSIONS = 4;
  private static final String ALIGNMENT = "general.alignment";
  private static final long USUAL_ALIGNMENT = 32;

  private final Path file;
  private final Arena arena;
  private final GgufMetadata metadata;
  private final Map<String, TensorInfo> infos;
  private final Map<String, Tensor> tensors;

  private Gguf(
      Path file,
      Arena arena,
      GgufMetadata metadata,
      Map<String, TensorInfo> infos,
      Map<String, Tensor> tensors) {
    this.file = file;
    this.arena = arena;
    this.metadata = metadata;
    this.infos = infos;
    this.tensors = tensors;
  }

  /** Whether the file begins with GGUF's magic number. */
  public static boolean isGguf(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (var in = Files.newInputStream(file)) {
      byte[] magic = in.readNBytes(4);
      return magic.length == 4
          && magic[0] == 'G'
          && magic[1] == 'G'
          && magic[2] == 'U'
          && magic[3] == 'F';
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @throws BadInputException if it is not a well-formed GGUF file
   */
  public static Gguf open(Path file) {
    return MappedFile.open(file, "GGUF", 24, Gguf::parse);
  }

  private static Gguf parse(Path file, Arena arena, MemorySegment bytes) {
    GgufCursor cursor = new GgufCursor(file, bytes, 0);
    int magic = cursor.u32();
    if (magic != MAGIC) {
      throw cursor.bad(
          "begins with 0x%08x, expected \"GGUF\"; it is another kind of file".formatted(magic));
    }
    int version = cursor.u32();
    if (version != 2 && version != 3) {
      throw cursor.bad(
          "has GGUF version %s%s; this version reads 2 and 3"
              .formatted(
                  Integer.toUnsignedString(version),
                  version != 0 && (version & 0xffff) == 0 ? " (big endian)" : ""));
    }
    // The shortest tensor entry and the shortest key with a value.
    long tensorCount = cursor.count("tensors", 8 + 4 + 8 + 4 + 8);
    long keyCount = cursor.count("keys", 8 + 1 + 4 + 1);
    GgufMetadata metadata = GgufMetadata.read(file, bytes, cursor, keyCount);
    requireUsualAlignment(metadata);
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    Map<String, Long> offsets = new LinkedHashMap<>();
    long next = 0;
    for (long i = 0; i < tensorCount; i++) {
      cursor.reading("tensor " + i);
      TensorInfo info = info(cursor);
      if (infos.put(info.name(), info) != null) {
        throw cursor.bad("stands there twice; the file is damaged");
      }
      next = requireOffset(cursor, next);
      offsets.put(info.name(), next);
      next = aligned(next + info.byteSize());
    }
    long dataAt = aligned(cursor.position());
    Map<String, Tensor> tensors =
        dataAt >= bytes.byteSize() && next > 0
            ? Map.of() // a copy of the header alone
            : tensors(cursor, bytes, dataAt, infos, offsets);
    return new Gguf(file, arena, metadata, infos, tensors);
  }

  /** A writer may choose another alignment; none that we know does, and damage is likelier. */
  private static void requireUsualAlignment(GgufMetadata metadata) {
    if (metadata.has(ALIGNMENT) && metadata.exactly(ALIGNMENT, GgufType.U32) != USUAL_ALIGNMENT) {
      throw metadata.bad(
          ALIGNMENT,
          "is %d, this version reads files aligned to %d"
              .formatted(metadata.exactly(ALIGNMENT, GgufType.U32), USUAL_ALIGNMENT));
    }
  }

  private static TensorInfo info(GgufCursor cursor) {
    String name = cursor.string(LONGEST_NAME);
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw cursor.bad("has no name; the file is damaged");
    }
    cursor.reading("tensor '%s'".formatted(name));
    int dimensions = cursor.u32();
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw cursor.bad(
          "has %s dimensions, expected 1 to %d"
              .formatted(Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
    }
    long[] shape = new long[dimensions];
    long elements = 1;
    for (int i = dimensions - 1; i >= 0; i--) {
      shape[i] = cursor.u64(); // the file names the innermost dimension first
      if (shape[i] <= 0 || shape[i] > Long.MAX_VALUE / 16 / elements) {
        throw cursor.bad(
            "has a dimension of %s, which is impossible; the file is damaged"
                .formatted(Long.toUnsignedString(shape[i])));
      }
      elements *= shape[i];
    }
    int id = cursor.u32();
    DType type = DType.ofGgml(id);
    if (type == null) {
      throw cursor.bad(
          "has type number %s, which this version does not read"
              .formatted(Integer.toUnsignedString(id)));
    }
    long row = shape[dimensions - 1];
    if (row % type.blockElements() != 0) {
      throw cursor.bad(
          "has rows of %d elements, which are not a whole number of %s blocks of %d"
              .formatted(row, type, type.blockElements()));
    }
    return new TensorInfo(name, type, shape);
  }

  /** Tensors lie one after the other: anything else is damage, or an attempt to alias memory. */
  private static long requireOffset(GgufCursor cursor, long expected) {
    long offset = cursor.u64();
    if (offset != expected) {
      throw cursor.bad(
          "lies at offset %s, expected %d behind the tensor before it; the file is damaged"
              .formatted(Long.toUnsignedString(offset), expected));
    }
    return offset;
  }

  private static Map<String, Tensor> tensors(
      GgufCursor cursor,
      MemorySegment bytes,
      long dataAt,
      Map<String, TensorInfo> infos,
      Map<String, Long> offsets) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorInfo info : infos.values()) {
      long at = dataAt + offsets.getOrDefault(info.name(), 0L);
      if (at < 0 || info.byteSize() > bytes.byteSize() - at) {
        cursor.reading("tensor '%s'".formatted(info.name()));
        throw cursor.bad(
            "needs %d bytes at offset %d, but the file has %d; it is truncated, download it again"
                .formatted(info.byteSize(), at, bytes.byteSize()));
      }
      MemorySegment data = bytes.asSlice(at, info.byteSize());
      tensors.put(info.name(), new Tensor(info.name(), info.type(), info.shape(), data));
    }
    return tensors;
  }

  private static long aligned(long offset) {
    return (offset + USUAL_ALIGNMENT - 1) & -USUAL_ALIGNMENT;
  }

  /** The keys and values. */
  public GgufMetadata metadata() {
    return metadata;
  }

  @Override
  public String where() {
    return file.toString();
  }

  @Override
  public Collection<String> names() {
    return Collections.unmodifiableCollection(infos.keySet());
  }

  @Override
  public Collection<TensorInfo> infos() {
    return Collections.unmodifiableCollection(infos.values());
  }

  @Override
  public boolean hasData() {
    return !tensors.isEmpty() || infos.isEmpty();
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
