package burhan.checkpoint;

import burhan.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a GGUF file, version 3, that is either complete or not there. Values are plain Java
 * objects: String, Boolean, Integer (u32, or i32 below zero), Long (u64), Float, Double, a list of
 * String, {@code byte[][]} (strings as they are), {@code int[]} (i32), {@code long[]}, {@code
 * float[]}.
 */
public final class GgufWriter {
  private static final int ALIGNMENT = 32;
  private static final int PIECE_BYTES = 1 << 20;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private GgufWriter() {}

  /**
   * @param metadata in the order they shall have in the file
   * @param tensors in the order they shall have in the file
   */
  public static void write(
      Path file, Map<String, Object> metadata, List<TensorInfo> tensors, TensorContent content)
      throws IOException {
    byte[] header = new GgufWriter().header(metadata, tensors);
    AtomicFile.write(
        file,
        channel -> {
          TensorContent.writeFully(channel, ByteBuffer.wrap(header));
          ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
          for (TensorInfo tensor : tensors) {
            TensorContent.write(channel, tensor, content, buffer);
            pad(channel, tensor.byteSize());
          }
        });
  }

  private static void pad(FileChannel channel, long written) throws IOException {
    TensorContent.writeFully(channel, ByteBuffer.allocate((int) (-written & (ALIGNMENT - 1))));
  }

  private byte[] header(Map<String, Object> metadata, List<TensorInfo> tensors) {
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    u32(3);
    u64(tensors.size());
    u64(metadata.size());
    metadata.forEach((key, value) -> {
      string(key);
      value(key, value);
    });
    long offset = 0;
    for (TensorInfo tensor : tensors) {
      string(tensor.name());
      u32(tensor.shape().length);
      for (int i = tensor.shape().length - 1; i >= 0; i--) {
        u64(tensor.shape()[i]);
      }
      u32(id(tensor.type()));
      u64(offset);
      offset += tensor.byteSize() + (-tensor.byteSize() & (ALIGNMENT - 1));
    }
    out.writeBytes(new byte[-out.size() & (ALIGNMENT - 1)]);
    return out.toByteArray();
  }

  private static int id(DType type) {
    int id = type.ggmlId();
    if (id < 0) {
      throw new IllegalArgumentException(type + " has no number in GGUF");
    }
    return id;
  }

  private void value(String key, Object value) {
    switch (value) {
      case String text -> {
        type(GgufType.STRING);
        string(text);
      }
      case Boolean flag -> {
        type(GgufType.BOOL);
        out.write(flag ? 1 : 0);
      }
      case Integer number -> {
        type(number < 0 ? GgufType.I32 : GgufType.U32);
        u32(number);
      }
      case Long number -> {
        type(number < 0 ? GgufType.I64 : GgufType.U64);
        u64(number);
      }
      case Float number -> {
        type(GgufType.F32);
        u32(Float.floatToRawIntBits(number));
      }
      case Double number -> {
        type(GgufType.F64);
        u64(Double.doubleToRawLongBits(number));
      }
      default -> list(key, value);
    }
  }

  private void list(String key, Object value) {
    type(GgufType.ARRAY);
    switch (value) {
      case List<?> texts -> {
        list(GgufType.STRING, texts.size());
        texts.forEach(text -> string((String) text));
      }
      case byte[][] texts -> {
        list(GgufType.STRING, texts.length);
        for (byte[] text : texts) {
          u64(text.length);
          out.writeBytes(text);
        }
      }
      case int[] numbers -> {
        list(GgufType.I32, numbers.length);
        for (int number : numbers) {
          u32(number);
        }
      }
      case long[] numbers -> {
        list(GgufType.I64, numbers.length);
        for (long number : numbers) {
          u64(number);
        }
      }
      case float[] numbers -> {
        list(GgufType.F32, numbers.length);
        for (float number : numbers) {
          u32(Float.floatToRawIntBits(number));
        }
      }
      default ->
          throw new IllegalArgumentException(key + ": GGUF has no type for " + value.getClass());
    }
  }

  private void list(GgufType type, int count) {
    type(type);
    u64(count);
  }

  private void type(GgufType type) {
    u32(type.number);
  }

  private void string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    u64(bytes.length);
    out.writeBytes(bytes);
  }

  private void u32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void u64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
