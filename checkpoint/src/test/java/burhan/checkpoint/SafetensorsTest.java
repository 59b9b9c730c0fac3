package burhan.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path folder;

  private Path file(String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return file(text.length, text, dataBytes);
  }

  private Path file(long headerLength, byte[] header, int dataBytes) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(header);
    return Files.write(folder.resolve("bad.safetensors"), bytes.array());
  }

  private static String refusal(Path file) {
    String message =
        assertThrows(BadInputException.class, () -> Safetensors.open(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertEquals(-1, message.indexOf('\n'), message);
    return message.substring(file.toString().length());
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Tensor a = Tensor.of("a", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor b = Tensor.of("b", new float[] {7}, 1);
    Path file = folder.resolve("deep/er/w.safetensors");
    SafetensorsWriter.write(file, List.of(a, b), Map.of("made", "here"));
    try (Safetensors read = Safetensors.open(file)) {
      assertEquals(List.of("a", "b"), List.copyOf(read.names()));
      assertArrayEquals(a.toFloats(), read.get("a").toFloats());
      assertArrayEquals(new long[] {2, 3}, read.get("a").shape());
      assertEquals(7f, read.get("b").toFloats()[0]);
      assertEquals(Map.of("made", "here"), read.metadata());
      String missing = assertThrows(BadInputException.class, () -> read.get("c")).getMessage();
      assertTrue(missing.contains("'c' is missing"), missing);
    }
    try (var left = Files.list(file.getParent())) {
      assertEquals(1, left.count(), "no temporary file stays behind");
    }
  }

  @Test
  void hostileFilesAreRefusedInOneSentence() throws IOException {
    assertTrue(refusal(folder.resolve("absent")).contains("no such file"));
    assertTrue(refusal(Files.write(folder.resolve("tiny"), new byte[3])).contains("too few"));
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    assertTrue(refusal(file(1 << 20, empty, 0)).contains("header length 1048576"));
    assertTrue(refusal(file(-1, empty, 0)).contains("header length 18446744073709551615"));
    assertTrue(refusal(file("[1]", 0)).contains("expected a JSON object"));
    assertTrue(refusal(file("{\"a\"", 0)).contains("not valid JSON"));
    assertTrue(refusal(file("{\"a\":{\"dtype\":\"F32\"}}", 0)).contains("'a.shape' is missing"));
    assertTrue(entry("F33", "[1]", "[0,4]", 4).contains("dtype F33"));
    assertTrue(entry("F32", "[1]", "[0,8]", 4).contains("truncated"));
    assertTrue(entry("F32", "[1]", "[4,0]", 4).contains("data_offsets"));
    assertTrue(entry("F32", "[-1]", "[0,4]", 4).contains("list of sizes"));
    assertTrue(entry("F32", "[2]", "[0,4]", 4).contains("does not fill its 4 bytes"));
    assertTrue(entry("F32", "[4294967296,4294967296,4]", "[0,4]", 4).contains("does not fill"));
    String two = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}";
    String overlap = "{\"a\":" + two.formatted(0, 4) + ",\"b\":" + two.formatted(2, 6) + "}";
    assertTrue(refusal(file(overlap, 8)).contains("tensors 'a' and 'b' overlap"));
  }

  private String entry(String dtype, String shape, String offsets, int bytes) throws IOException {
    return refusal(
        file(
            "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
                .formatted(dtype, shape, offsets),
            bytes));
  }

  @Test
  void noDamageGetsPastTheDoorAsAnythingButBadInput() throws IOException {
    Path good = folder.resolve("good.safetensors");
    SafetensorsWriter.write(
        good,
        List.of(Tensor.of("w", new float[12], 3, 4), Tensor.of("v", new float[2], 2)),
        Map.of());
    byte[] bytes = Files.readAllBytes(good);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.nextInt(3));
      for (int j = random.nextInt(4); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(folder.resolve("damaged.safetensors"), damaged);
      try (Safetensors read = Safetensors.open(file)) {
        read.names().forEach(name -> read.get(name).elements());
      } catch (BadInputException expected) {
        refused++;
      }
    }
    assertTrue(refused > 300, "refused " + refused);
  }
}
