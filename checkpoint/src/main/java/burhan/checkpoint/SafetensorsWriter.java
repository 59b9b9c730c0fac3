package burhan.checkpoint;

import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a {@code .safetensors} file that is either complete or not there. */
public final class SafetensorsWriter {
  private static final int PIECE_BYTES = 1 << 20;

  private SafetensorsWriter() {}

  /** What a tensor will be, before there are bytes. */
  public record Entry(String name, DType type, long... shape) {
    public long elements() {
      long n = 1;
      for (long size : shape) {
        n = Math.multiplyExact(n, size);
      }
      return n;
    }

    long byteSize() {
      return type.byteSize(elements());
    }
  }

  /** Makes a tensor's content piece by piece, so that no tensor need fit into memory. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param first index of the first element of this piece, a block boundary
     * @param count elements of this piece
     * @param piece to be filled with exactly their bytes
     */
    void fill(Entry entry, long first, int count, MemorySegment piece);
  }

  /**
   * @param tensors in the order they shall have in the file
   * @param metadata free-form text for the header, may be empty
   */
  public static void write(Path file, Collection<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    Map<String, MemorySegment> data = HashMap.newHashMap(tensors.size());
    tensors.forEach(tensor -> data.put(tensor.name(), tensor.data()));
    write(
        file,
        tensors.stream().map(t -> new Entry(t.name(), t.type(), t.shape())).toList(),
        metadata,
        (entry, first, count, piece) ->
            MemorySegment.copy(
                Objects.requireNonNull(data.get(entry.name())),
                entry.type().byteSize(first),
                piece,
                0,
                piece.byteSize()));
  }

  /** The same for tensors whose content is made while the file is written. */
  public static void write(
      Path file, List<Entry> entries, Map<String, String> metadata, Content content)
      throws IOException {
    byte[] header = header(entries, metadata);
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer head = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
          head.putLong(header.length).put(header).flip();
          writeFully(channel, head);
          ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
          for (Entry entry : entries) {
            writeData(channel, entry, content, buffer);
          }
        });
  }

  private static byte[] header(List<Entry> entries, Map<String, String> metadata) {
    ObjectNode header = Json.mapper().createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = header.putObject("__metadata__");
      metadata.forEach(node::put);
    }
    long at = 0;
    for (Entry tensor : entries) {
      ObjectNode entry = header.putObject(tensor.name());
      entry.put("dtype", dtype(tensor.type()));
      ArrayNode shape = entry.putArray("shape");
      for (long size : tensor.shape()) {
        shape.add(size);
      }
      entry.putArray("data_offsets").add(at).add(at + tensor.byteSize());
      at += tensor.byteSize();
    }
    byte[] text = Json.mapper().writeValueAsBytes(header);
    // Spaces up to a multiple of eight, so that the data is aligned in the mapped file.
    byte[] padded = new byte[(text.length + 7) / 8 * 8];
    Arrays.fill(padded, (byte) ' ');
    System.arraycopy(text, 0, padded, 0, text.length);
    return padded;
  }

  private static String dtype(DType type) {
    return switch (type) {
      case F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL -> type.name();
      case Q8_0 -> throw new IllegalArgumentException(type + " blocks have no name in safetensors");
    };
  }

  /** Through a buffer, because a segment may be a float array and may pass 2 GB. */
  private static void writeData(
      FileChannel channel, Entry entry, Content content, ByteBuffer buffer) throws IOException {
    int most = PIECE_BYTES / entry.type().blockBytes() * entry.type().blockElements();
    long elements = entry.elements();
    for (long first = 0; first < elements; first += most) {
      int count = (int) Math.min(most, elements - first);
      buffer.clear().limit((int) entry.type().byteSize(count));
      content.fill(entry, first, count, MemorySegment.ofBuffer(buffer));
      writeFully(channel, buffer);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
