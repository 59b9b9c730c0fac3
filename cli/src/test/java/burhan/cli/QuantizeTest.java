package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Gguf;
import burhan.checkpoint.GgufWriter;
import burhan.checkpoint.Json;
import burhan.checkpoint.TensorContent;
import burhan.checkpoint.TensorInfo;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import burhan.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The quantize command on files that are too small to be models. */
class QuantizeTest {
  @TempDir Path folder;

  private Path source;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    source = folder.resolve("source.gguf");
    out = folder.resolve("out.gguf");
    Random random = new Random(1);
    float[] values = new float[4 * 256];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    List<Tensor> tensors =
        List.of(
            Tensor.of("blk.0.attn_q.weight", values, 4, 256),
            Tensor.of("output.weight", values, 4, 256),
            Tensor.of("output_norm.weight", new float[256], 256));
    GgufWriter.write(
        source,
        Map.of("general.architecture", "no-such-family", "split.count", 1),
        tensors.stream().map(t -> new TensorInfo(t.name(), t.type(), t.shape())).toList(),
        TensorContent.of(tensors));
  }

  private Called quantize(String... more) {
    List<String> args =
        new ArrayList<>(List.of("quantize", "-m", source.toString(), "-o", out.toString()));
    args.addAll(List.of(more));
    return Called.with(args.toArray(String[]::new));
  }

  @Test
  void writesTheTypesOfTheMixAndSaysSo() {
    Called called = quantize("--type", "q4_k_m", "--json", "--no-report");
    assertEquals(0, called.code(), called.err());
    JsonNode node = Json.parse("out", called.out()).node();
    assertEquals("Q4_K_M", node.get("type").stringValue());
    assertEquals("{\"F32\":1,\"Q4_K\":1,\"Q6_K\":1}", node.get("tensors").toString());
    assertEquals(2 * 4 * 256 * 4 + 1024, node.get("source_bytes").intValue());
    assertTrue(node.get("report").isNull());
    try (Gguf written = Gguf.open(out)) {
      assertEquals(DType.Q4_K, written.get("blk.0.attn_q.weight").type());
      assertEquals(DType.Q6_K, written.get("output.weight").type());
      assertEquals(15, written.metadata().integer("general.file_type", 0, 100));
      assertFalse(written.metadata().has("split.count"));
    }
  }

  @Test
  void aFolderBecomesAFileThatSaysNearlyTheSame() throws IOException {
    source = TinyModel.write(folder.resolve("tiny")).folder();
    Files.writeString(
        source.resolve("tokenizer.json"),
        """
        {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false},
         "decoder": {"type": "ByteLevel"},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []}}
        """);
    Path text = folder.resolve("text");
    Files.writeString(text, "abcabbacbaccabacbcbab");
    Called called =
        quantize("--type", "Q8_0", "--json", "--text", text.toString(), "--text-tokens", "20");
    assertEquals(0, called.code(), called.err());
    JsonNode report = Json.parse("out", called.out()).node().get("report");
    assertEquals(20, report.get("tokens").intValue());
    assertTrue(report.get("kl_divergence").doubleValue() < 0.05, report.toString());
    assertTrue(report.get("kl_divergence").doubleValue() > 0, report.toString());
    assertTrue(report.get("top1_agreement").doubleValue() > 0.5, report.toString());
    double perplexity = report.get("perplexity").doubleValue();
    assertEquals(1, report.get("source_perplexity").doubleValue() / perplexity, 0.1);
    try (Gguf written = Gguf.open(out)) {
      Tokenizer tokenizer = Tokenizer.of(written.metadata());
      assertArrayEquals(new int[] {0, 2, 1}, tokenizer.encode("acb"));
      long rows = written.get("token_embd.weight").shape()[0];
      assertEquals(rows, written.metadata().count("tokenizer.ggml.tokens"));
    }
    assertTrue(called.err().contains("cuts text as no GGUF name says"), called.err());
  }

  @Test
  void saysWhyModelsCannotBeCompared() {
    Called called = quantize("--type", "Q8_0", "--pure");
    assertEquals(0, called.code(), called.err());
    assertTrue(called.out().contains("2 tensors Q8_0"), called.out());
    assertTrue(called.err().contains("no comparison of the models"), called.err());
  }

  @Test
  void keepsWhatIsThere() throws IOException {
    Files.writeString(out, "mine");
    Called refused = quantize("--type", "Q8_0", "--no-report");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("is there already; --force replaces it"), refused.err());
    assertEquals("mine", Files.readString(out));
    assertEquals(0, quantize("--type", "Q8_0", "--no-report", "--force").code());
    assertTrue(Gguf.isGguf(out));
    out = source;
    Called itself = quantize("--type", "Q8_0", "--no-report", "--force");
    assertEquals(1, itself.code());
    assertTrue(itself.err().contains("is the source itself"), itself.err());
  }

  @Test
  void wrongCallsAreOneSentence() {
    Called type = quantize("--type", "Q9_X");
    assertEquals(2, type.code());
    assertTrue(type.err().contains("--type is 'Q9_X', expected one of F32, F16"), type.err());
    assertEquals(1, type.err().lines().count());
    source = folder.resolve("absent.gguf");
    Called absent = quantize("--type", "Q8_0");
    assertEquals(1, absent.code());
    assertTrue(absent.err().contains("no such file"), absent.err());
    assertFalse(Files.exists(out));
  }
}
