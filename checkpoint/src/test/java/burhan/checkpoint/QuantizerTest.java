package burhan.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.kernel.Workers;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files quantised here against files that llama.cpp quantised, and what is refused. */
class QuantizerTest {
  private static final Workers WORKERS = new Workers(2);

  @TempDir Path folder;

  private static Map<String, Object> metadata(GgufFiles file) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (String key : file.metadata().keys()) {
      metadata.put(key, file.metadata().copy(key));
    }
    return metadata;
  }

  private Path quantize(Weights source, FileType type, boolean pure, Map<String, Object> metadata)
      throws IOException {
    Path out = folder.resolve(type + ".gguf");
    List<TensorInfo> tensors =
        TypeMix.choose(type, pure, TypeMix.Facts.of(metadata), source.infos());
    List<Long> progress = new ArrayList<>();
    Quantizer.write(out, type, metadata, tensors, TensorSource.of(source), WORKERS, progress::add);
    assertEquals(tensors.stream().mapToLong(TensorInfo::elements).sum(), progress.getLast());
    return out;
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @CsvSource({
    "llama256-base,Q4_0", "llama256-base,Q4_1", "llama256-base,Q5_0", "llama256-base,Q5_1",
    "llama256-base,Q8_0", "llama256-base,Q2_K", "llama256-base,Q3_K_S", "llama256-base,Q4_K_S",
    "llama256-base,Q5_K_S", "llama256-base,Q6_K", "llama256-base,IQ4_NL", "llama256-base,IQ4_XS",
    "llama256-base,BF16", "deepseek3-tiny,Q8_0", "deepseek3-tiny,Q4_0", "qwen2-tiny,Q8_0",
    "qwen2-tiny,Q4_0", "dbrx-tiny,Q8_0", "deepseek-moe-tiny,Q4_0", "qwen3moe-tiny,Q4_0"
  })
  void writesTheFileThatTheReferenceWrites(String model, FileType type) throws IOException {
    Path gguf = Conformance.folder("gguf");
    Path reference = gguf.resolve(model + "-" + type + ".gguf");
    try (GgufFiles source = GgufFiles.open(gguf.resolve(model + "-F32.gguf"));
        GgufFiles expected = GgufFiles.open(reference);
        GgufFiles actual = GgufFiles.open(quantize(source, type, true, metadata(source)))) {
      assertEquals(List.copyOf(expected.names()), List.copyOf(actual.names()));
      for (String name : expected.names()) {
        Tensor tensor = expected.get(name);
        assertEquals(tensor.type(), actual.get(name).type(), name);
        assertArrayEquals(tensor.shape(), actual.get(name).shape(), name);
        assertArrayEquals(bytes(tensor), bytes(actual.get(name)), name);
      }
    }
    assertEquals(-1, Files.mismatch(reference, folder.resolve(type + ".gguf")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q4_K_M", "Q6_K"})
  void mixesTypesAsTheReferenceDoes(String type) throws IOException {
    Path file = Conformance.folder("gguf").resolve("deepseek3-256-" + type + ".gguf");
    try (GgufFiles expected = GgufFiles.open(file)) {
      List<TensorInfo> chosen =
          TypeMix.choose(
              FileType.valueOf(type),
              false,
              TypeMix.Facts.of(metadata(expected)),
              expected.infos());
      assertEquals(expected.infos().size(), chosen.size());
      int i = 0;
      for (TensorInfo info : expected.infos()) {
        assertEquals(info.name(), chosen.get(i).name());
        assertEquals(info.type(), chosen.get(i++).type(), info.name());
      }
    }
  }

  /** A dense model of 32 layers, as far as the mix asks. */
  private static Map<String, DType> mix(FileType type, TypeMix.Facts facts, boolean tied) {
    List<TensorInfo> tensors = new ArrayList<>();
    tensors.add(new TensorInfo("token_embd.weight", DType.BF16, 512, 1024));
    if (!tied) {
      tensors.add(new TensorInfo("output.weight", DType.BF16, 512, 1024));
    }
    for (int layer = 0; layer < facts.layers(); layer++) {
      for (String name :
          List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
        tensors.add(
            new TensorInfo("blk.%d.%s.weight".formatted(layer, name), DType.BF16, 512, 1024));
      }
      tensors.add(new TensorInfo("blk.%d.attn_norm.weight".formatted(layer), DType.F32, 1024));
    }
    Map<String, DType> types = new LinkedHashMap<>();
    TypeMix.choose(type, false, facts, tensors).forEach(t -> types.put(t.name(), t.type()));
    return types;
  }

  @Test
  void theMixGivesMoreBitsWhereTheyCount() {
    TypeMix.Facts llama = new TypeMix.Facts("llama", 32, 4, 0);
    Map<String, DType> medium = mix(FileType.Q4_K_M, llama, false);
    assertEquals(DType.Q6_K, medium.get("output.weight"));
    assertEquals(DType.Q4_K, medium.get("token_embd.weight"));
    assertEquals(DType.F32, medium.get("blk.0.attn_norm.weight"));
    List<Integer> more = new ArrayList<>();
    for (int layer = 0; layer < 32; layer++) {
      assertEquals(DType.Q4_K, medium.get("blk.%d.attn_q.weight".formatted(layer)));
      assertEquals(
          medium.get("blk.%d.attn_v.weight".formatted(layer)),
          medium.get("blk.%d.ffn_down.weight".formatted(layer)));
      if (medium.get("blk.%d.attn_v.weight".formatted(layer)) == DType.Q6_K) {
        more.add(layer);
      }
    }
    assertEquals(List.of(0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31), more);

    assertEquals(DType.Q6_K, mix(FileType.Q4_K_M, llama, true).get("token_embd.weight"));
    assertEquals(DType.Q8_0, mix(FileType.Q8_0, llama, true).get("token_embd.weight"));
    assertEquals(DType.Q4_K, mix(FileType.Q2_K, llama, true).get("blk.9.attn_v.weight"));
    assertEquals(DType.Q3_K, mix(FileType.Q2_K, llama, true).get("blk.9.attn_output.weight"));
    assertEquals(DType.Q5_K, mix(FileType.Q3_K_M, llama, true).get("blk.1.ffn_down.weight"));
    assertEquals(DType.Q4_K, mix(FileType.Q3_K_M, llama, true).get("blk.2.ffn_down.weight"));
    TypeMix.Facts mixtral = new TypeMix.Facts("llama", 32, 4, 8);
    assertEquals(DType.Q8_0, mix(FileType.Q4_K_M, mixtral, false).get("blk.5.attn_k.weight"));
    TypeMix.Facts seventy = new TypeMix.Facts("llama", 80, 8, 0);
    assertEquals(DType.Q5_K, mix(FileType.Q4_K_M, seventy, false).get("blk.13.attn_v.weight"));
    assertEquals(DType.BF16, mix(FileType.BF16, llama, false).get("output.weight"));
  }

  @Test
  void rowsThatNoBlockFillsGetAnotherType() {
    List<TensorInfo> tensors =
        List.of(
            new TensorInfo("blk.0.attn_q.weight", DType.F32, 4, 96),
            new TensorInfo("blk.0.attn_k.weight", DType.F32, 4, 40),
            new TensorInfo("blk.0.ffn_gate_inp.weight", DType.F32, 4, 256),
            new TensorInfo("blk.0.attn_q.bias", DType.F32, 256));
    List<DType> types =
        TypeMix.choose(FileType.Q4_K_S, false, new TypeMix.Facts("llama", 1, 1, 0), tensors)
            .stream()
            .map(TensorInfo::type)
            .toList();
    assertEquals(List.of(DType.F16, DType.F32, DType.Q5_0, DType.F32), types);
  }

  private Gguf file(DType type, float... values) throws IOException {
    MemorySegment data = MemorySegment.ofArray(new byte[(int) type.byteSize(values.length)]);
    Elements.encode(type, values, 0, values.length, data, 0);
    Tensor tensor = new Tensor("a.weight", type, new long[] {1, values.length}, data);
    Path path = folder.resolve("source.gguf");
    GgufWriter.write(
        path,
        Map.of("general.architecture", "llama"),
        List.of(new TensorInfo("a.weight", type, 1, values.length)),
        TensorContent.of(List.of(tensor)));
    return Gguf.open(path);
  }

  @Test
  void numbersThatDoNotFitAreRefused() throws IOException {
    float[] values = new float[64];
    values[40] = Float.NaN;
    try (Gguf source = file(DType.F32, values)) {
      var e =
          assertThrows(
              BadInputException.class,
              () -> quantize(source, FileType.Q8_0, true, Map.of("general.architecture", "llama")));
      assertTrue(String.valueOf(e.getMessage()).contains("'a.weight' has NaN at element 40"));
    }
    values[40] = 70_000;
    try (Gguf source = file(DType.F32, values)) {
      assertThrows(
          BadInputException.class,
          () -> quantize(source, FileType.F16, true, Map.of("general.architecture", "llama")));
      quantize(source, FileType.BF16, true, Map.of("general.architecture", "llama"));
    }
    assertFalse(Files.exists(folder.resolve("F16.gguf")));
    assertTrue(Files.exists(folder.resolve("BF16.gguf")));
  }

  @Test
  void aBlockTypeCanBeTheSourceOfAnother() throws IOException {
    Random random = new Random(3);
    float[] values = new float[256 * 9000]; // more than a piece of the writer
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    try (Gguf source = file(DType.Q6_K, values)) {
      Path out = quantize(source, FileType.Q5_1, true, Map.of("general.architecture", "llama"));
      float[] six = source.get("a.weight").toFloats();
      byte[] expected = new byte[(int) DType.Q5_1.byteSize(six.length)];
      Elements.encode(DType.Q5_1, six, 0, six.length, MemorySegment.ofArray(expected), 0);
      try (Gguf written = Gguf.open(out)) {
        assertArrayEquals(expected, bytes(written.get("a.weight")));
      }
    }
  }
}
