package burhan.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read back; what is cut or changed is refused or read, never worse. */
class GgufTest {
  @TempDir Path folder;

  private static Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", "llama");
    metadata.put("x.flag", true);
    metadata.put("x.count", 7);
    metadata.put("x.negative", -7);
    metadata.put("x.long", 1L << 40);
    metadata.put("x.number", 0.5f);
    metadata.put("x.precise", 0.1);
    metadata.put("x.texts", List.of("a", "", "برهان"));
    metadata.put("x.integers", new int[] {3, -1});
    metadata.put("x.numbers", new float[] {0.25f, -2});
    return metadata;
  }

  private static List<Tensor> tensors() {
    return List.of(
        Tensor.of("a", new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
        Tensor.of("b", new float[] {7}, 1),
        Tensor.of("c", new float[64], 2, 4, 8));
  }

  private static List<TensorInfo> infos(List<Tensor> tensors) {
    return tensors.stream().map(t -> new TensorInfo(t.name(), t.type(), t.shape())).toList();
  }

  private Path write(String name, Map<String, Object> metadata, List<Tensor> tensors)
      throws IOException {
    Path file = folder.resolve(name);
    GgufWriter.write(file, metadata, infos(tensors), TensorContent.of(tensors));
    return file;
  }

  @Test
  void readsWhatItWrote() throws IOException {
    Path file = write("model.gguf", metadata(), tensors());
    assertTrue(Gguf.isGguf(file));
    try (GgufFiles model = GgufFiles.open(file)) {
      GgufMetadata keys = model.metadata();
      assertEquals(List.copyOf(metadata().keySet()), List.copyOf(keys.keys()));
      assertEquals("llama", keys.text("general.architecture"));
      assertTrue(keys.flag("x.flag", false));
      assertEquals(7, keys.integer("x.count", 0, 10));
      assertEquals(-7, keys.integer("x.negative", -10, 0));
      assertEquals(1L << 40, keys.integer("x.long", 0, Long.MAX_VALUE));
      assertEquals(0.5, keys.number("x.number"));
      assertEquals(0.1, keys.number("x.precise"));
      assertEquals(List.of("a", "", "برهان"), keys.texts("x.texts"));
      assertArrayEquals(new long[] {3, -1}, keys.integers("x.integers"));
      assertArrayEquals(new float[] {0.25f, -2}, keys.numbers("x.numbers"));
      assertEquals(List.of("a", "b", "c"), List.copyOf(model.names()));
      assertArrayEquals(
          new float[] {1, 2, 3, 4, 5, 6}, model.get("a").requireShape(2, 3).toFloats());
      assertArrayEquals(new float[] {7}, model.get("b").toFloats());
      assertArrayEquals(new long[] {2, 4, 8}, model.get("c").shape());
      for (String key : keys.keys()) {
        Object written = metadata().get(key);
        assertEquals(
            written instanceof List ? byte[][].class : written.getClass(),
            keys.copy(key).getClass());
      }
    }
  }

  @Test
  void wrongTypesAndBoundsNameTheKey() throws IOException {
    try (Gguf model = Gguf.open(write("model.gguf", metadata(), tensors()))) {
      GgufMetadata keys = model.metadata();
      refuses("key 'x.count' is U32, expected a string", () -> keys.text("x.count"));
      refuses("key 'x.count' is 7, expected 8 to 9", () -> keys.integer("x.count", 8, 9));
      refuses("key 'x.none' is missing", () -> keys.text("x.none"));
      refuses(
          "key 'x.texts' is a list of STRING, expected a list of whole numbers",
          () -> keys.integers("x.texts"));
    }
  }

  private static void refuses(String sentence, Executable call) {
    String message = assertThrows(BadInputException.class, call).getMessage();
    assertTrue(message.contains(sentence), message);
  }

  @Test
  void splitFilesAreOneModel() throws IOException {
    List<Path> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Map<String, Object> keys = i == 0 ? metadata() : new LinkedHashMap<>();
      keys.put("split.no", i);
      keys.put("split.count", 3);
      keys.put("split.tensors.count", 3);
      parts.add(
          write("model-0000%d-of-00003.gguf".formatted(i + 1), keys, List.of(tensors().get(i))));
    }
    try (GgufFiles model = GgufFiles.open(parts.get(1))) {
      assertEquals(List.of("a", "b", "c"), List.copyOf(model.names()));
      assertEquals("llama", model.metadata().text("general.architecture"));
      assertArrayEquals(new float[] {7}, model.get("b").toFloats());
    }
    Files.delete(parts.get(2));
    refuses("part 3 of 3 is missing", () -> GgufFiles.open(parts.get(0)));
    Path alone = folder.resolve("alone.gguf");
    Files.move(parts.get(0), alone);
    refuses("'split.count' is 3", () -> GgufFiles.open(alone));
  }

  @Test
  void aCopyOfTheHeaderStillTellsSizes() throws IOException {
    Path file = write("model.gguf", metadata(), tensors());
    byte[] bytes = Files.readAllBytes(file);
    long data = tensors().stream().mapToLong(t -> (t.byteSize() + 31) / 32 * 32).sum();
    Path header = folder.resolve("header.gguf");
    Files.write(header, Arrays.copyOf(bytes, (int) (bytes.length - data)));
    try (Gguf model = Gguf.open(header)) {
      assertFalse(model.hasData());
      assertEquals(4L * (6 + 1 + 64), model.infos().stream().mapToLong(TensorInfo::byteSize).sum());
      refuses("holds the header alone", () -> model.get("a"));
    }
  }

  @Test
  void everyCutAndManyChangesAreOneSentenceOrFine() throws IOException {
    byte[] bytes = Files.readAllBytes(write("model.gguf", metadata(), tensors()));
    Path broken = folder.resolve("broken.gguf");
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 3 * bytes.length; i++) {
      byte[] changed = Arrays.copyOf(bytes, i < bytes.length ? i : bytes.length);
      if (i >= bytes.length) {
        changed[random.nextInt(bytes.length - 320)] = (byte) random.nextInt(256);
      }
      Files.write(broken, changed);
      try (Gguf model = Gguf.open(broken)) {
        model.metadata().keys().forEach(model.metadata()::copy);
        model.names().forEach(model::get);
      } catch (BadInputException e) {
        assertTrue(e.getMessage().startsWith(broken.toString()), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > bytes.length / 2, refused + " refused");
  }
}
