package burhan.checkpoint;

import burhan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Makes a tensor's bytes piece by piece, so that no tensor need fit into memory. */
@FunctionalInterface
public interface TensorContent {
  /** Elements of the largest block of any type. */
  int LARGEST_BLOCK = 256;

  /**
   * @param first index of the first element of this piece, a multiple of {@link #LARGEST_BLOCK}
   * @param count elements of this piece
   * @param piece to be filled with exactly their bytes
   */
  void fill(TensorInfo tensor, long first, int count, MemorySegment piece);

  /** The bytes of tensors that are there already. */
  static TensorContent of(Collection<Tensor> tensors) {
    Map<String, MemorySegment> data = HashMap.newHashMap(tensors.size());
    tensors.forEach(tensor -> data.put(tensor.name(), tensor.data()));
    return (tensor, first, count, piece) ->
        MemorySegment.copy(
            Objects.requireNonNull(data.get(tensor.name())),
            tensor.type().byteSize(first),
            piece,
            0,
            piece.byteSize());
  }

  /**
   * Writes all bytes of a tensor, through a buffer because a segment may pass 2 GB.
   *
   * @param buffer to be reused from tensor to tensor
   */
  static void write(
      FileChannel channel, TensorInfo tensor, TensorContent content, ByteBuffer buffer)
      throws IOException {
    int most = buffer.capacity() / tensor.type().blockBytes() * tensor.type().blockElements();
    // Pieces begin where a block of any type may begin, so that another type can be their source.
    most = Math.max(most & -LARGEST_BLOCK, tensor.type().blockElements());
    long elements = tensor.elements();
    for (long first = 0; first < elements; first += most) {
      int count = (int) Math.min(most, elements - first);
      buffer.clear().limit((int) tensor.type().byteSize(count));
      content.fill(tensor, first, count, MemorySegment.ofBuffer(buffer));
      writeFully(channel, buffer);
    }
  }

  /** Writes what the buffer has left. */
  static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
