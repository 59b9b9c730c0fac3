package burhan.checkpoint;

import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code .safetensors} file, memory-mapped: eight bytes of header length, a JSON header, the
 * data. The file is hostile until every size in it has been compared with the file's own.
 */
public final class Safetensors implements Weights {
  private static final String METADATA = "__metadata__";
  // The reference reader's limit as well.
  private static final long LARGEST_HEADER = 100_000_000;

  private final Path file;
  private final Arena arena;
  private final List<TensorInfo> infos;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  private Safetensors(
      Path file,
      Arena arena,
      List<TensorInfo> infos,
      Map<String, Tensor> tensors,
      Map<String, String> metadata) {
    this.file = file;
    this.arena = arena;
    this.infos = infos;
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /**
   * @throws BadInputException if it is not a well-formed safetensors file
   */
  public static Safetensors open(Path file) {
    return MappedFile.open(file, "safetensors", 8, Safetensors::parse);
  }

  private static Safetensors parse(Path file, Arena arena, MemorySegment bytes) {
    ValueLayout.OfLong little = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    long headerBytes = bytes.get(little, 0);
    long available = bytes.byteSize() - 8;
    if (headerBytes < 2 || headerBytes > Math.min(available, LARGEST_HEADER)) {
      throw new BadInputException(
          "%s: header length %s, but the file has %d bytes after it; it is truncated or not safetensors"
              .formatted(file, Long.toUnsignedString(headerBytes), available));
    }
    String text =
        new String(
            bytes.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    Json header = Json.parse(file + ": header", text);
    MemorySegment data = bytes.asSlice(8 + headerBytes);

    boolean isHeader = data.byteSize() == 0;
    List<TensorInfo> infos = new ArrayList<>();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Span> spans = new ArrayList<>();
    for (String name : header.names()) {
      if (name.equals(METADATA)) {
        readMetadata(header.object(name), metadata);
      } else {
        // A file that ends with its header is a copy of the header alone.
        Span span =
            Span.of(file, name, header.object(name), isHeader ? Long.MAX_VALUE : data.byteSize());
        spans.add(span);
        infos.add(new TensorInfo(name, span.type, span.shape));
        if (!isHeader) {
          MemorySegment part = data.asSlice(span.begin, span.end - span.begin);
          tensors.put(name, new Tensor(name, span.type, span.shape, part));
        }
      }
    }
    requireDisjoint(file, spans);
    return new Safetensors(file, arena, infos, tensors, metadata);
  }

  private static void readMetadata(Json object, Map<String, String> metadata) {
    for (String key : object.names()) {
      metadata.put(key, object.text(key));
    }
  }

  private static void requireDisjoint(Path file, List<Span> spans) {
    spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
    for (int i = 1; i < spans.size(); i++) {
      Span before = spans.get(i - 1);
      Span span = spans.get(i);
      if (span.begin < before.end) {
        throw new BadInputException(
            "%s: tensors '%s' and '%s' overlap in the file (bytes up to %d, from %d)"
                .formatted(file, before.name, span.name, before.end, span.begin));
      }
    }
  }

  /** Where a tensor lies in the data part. */
  private record Span(String name, DType type, long[] shape, long begin, long end) {
    static Span of(Path file, String name, Json entry, long dataBytes) {
      DType type = dtype(file, name, entry.text("dtype"));
      long[] shape = entry.sizes("shape");
      long[] offsets = entry.sizes("data_offsets");
      if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
        throw new BadInputException(
            "%s: tensor '%s': data_offsets %s do not lie in the file's %d data bytes; it is truncated or damaged"
                .formatted(file, name, entry.node().get("data_offsets"), dataBytes));
      }
      if (bytes(type, shape) != offsets[1] - offsets[0]) {
        throw new BadInputException(
            "%s: tensor '%s': %s of shape %s does not fill its %d bytes"
                .formatted(file, name, type, entry.node().get("shape"), offsets[1] - offsets[0]));
      }
      return new Span(name, type, shape, offsets[0], offsets[1]);
    }

    private static long bytes(DType type, long[] shape) {
      try {
        long elements = 1;
        for (long size : shape) {
          elements = Math.multiplyExact(elements, size);
        }
        return type.byteSize(elements);
      } catch (ArithmeticException tooLarge) {
        return -1;
      }
    }
  }

  private static DType dtype(Path file, String name, String dtype) {
    return switch (dtype) {
      case "F64" -> DType.F64;
      case "F32" -> DType.F32;
      case "F16" -> DType.F16;
      case "BF16" -> DType.BF16;
      case "F8_E4M3" -> DType.F8_E4M3;
      case "F8_E8M0" -> DType.F8_E8M0;
      case "I64" -> DType.I64;
      case "I32" -> DType.I32;
      case "I16" -> DType.I16;
      case "I8" -> DType.I8;
      case "U8" -> DType.U8;
      case "BOOL" -> DType.BOOL;
      default ->
          throw new BadInputException(
              "%s: tensor '%s' has dtype %s; this version reads F64, F32, F16, BF16, F8 and integers"
                  .formatted(file, name, dtype));
    };
  }

  @Override
  public String where() {
    return file.toString();
  }

  @Override
  public Collection<String> names() {
    return infos.stream().map(TensorInfo::name).toList();
  }

  @Override
  public Collection<TensorInfo> infos() {
    return Collections.unmodifiableList(infos);
  }

  @Override
  public boolean hasData() {
    return !tensors.isEmpty() || infos.isEmpty();
  }

  @Override
  public @Nullable Tensor find(String name) {
    return tensors.get(name);
  }

  /** The free-form text of the header. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public void close() {
    arena.close();
  }
}
