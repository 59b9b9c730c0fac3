package burhan.checkpoint;

import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a {@code .safetensors} file that is either complete or not there. */
public final class SafetensorsWriter {
  private static final int PIECE_BYTES = 1 << 20;

  private SafetensorsWriter() {}

  /**
   * @param tensors in the order they shall have in the file
   * @param metadata free-form text for the header, may be empty
   */
  public static void write(Path file, Collection<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    write(
        file,
        tensors.stream().map(t -> new TensorInfo(t.name(), t.type(), t.shape())).toList(),
        metadata,
        TensorContent.of(tensors));
  }

  /** The same for tensors whose content is made while the file is written. */
  public static void write(
      Path file, List<TensorInfo> entries, Map<String, String> metadata, TensorContent content)
      throws IOException {
    byte[] header = header(entries, metadata);
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer head = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
          head.putLong(header.length).put(header).flip();
          TensorContent.writeFully(channel, head);
          ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
          for (TensorInfo entry : entries) {
            TensorContent.write(channel, entry, content, buffer);
          }
        });
  }

  private static byte[] header(List<TensorInfo> entries, Map<String, String> metadata) {
    ObjectNode header = Json.mapper().createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = header.putObject("__metadata__");
      metadata.forEach(node::put);
    }
    long at = 0;
    for (TensorInfo tensor : entries) {
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
      case F64, F32, F16, BF16, F8_E4M3, F8_E8M0, I64, I32, I16, I8, U8, BOOL -> type.name();
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> throw unnamed(type);
      case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ1_M -> throw unnamed(type);
      case IQ4_NL, IQ4_XS, TQ1_0, TQ2_0, MXFP4, NVFP4 -> throw unnamed(type);
    };
  }

  private static IllegalArgumentException unnamed(DType type) {
    return new IllegalArgumentException(type + " blocks have no name in safetensors");
  }
}
