package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.FileType;
import burhan.checkpoint.Json;
import burhan.checkpoint.Quantizer;
import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.TypeMix;
import burhan.kernel.Kernels;
import burhan.kernel.ScalarKernels;
import burhan.kernel.Workers;
import burhan.model.GgufExport;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.model.MultiTokenPrediction;
import burhan.nn.Batch;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * A folder written as GGUF says what the folder says, for every family: the folder itself is held
 * to its reference elsewhere.
 */
class GgufExportTest {
  private static final Workers WORKERS = new Workers(2);
  private static final Kernels KERNELS = new ScalarKernels();

  @TempDir Path temporary;

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  static List<Path> folders() throws IOException {
    try (Stream<Path> files = Files.list(Conformance.folder("hf"))) {
      return files.filter(Files::isDirectory).sorted().toList();
    }
  }

  private Path write(Path folder, FileType type) throws IOException {
    Path file = temporary.resolve(folder.getFileName() + ".gguf");
    try (GgufExport export = GgufExport.open(folder)) {
      List<TensorInfo> tensors =
          TypeMix.choose(type, false, TypeMix.Facts.of(export.metadata()), export.infos());
      Quantizer.write(file, type, export.metadata(), tensors, export, WORKERS, done -> {});
    }
    return file;
  }

  private static int[] prompt(Path folder) {
    JsonNode ids = Json.read(folder.resolve("expected.json")).node().get("prompts").get(2);
    int[] prompt = new int[ids.get("ids").size()];
    for (int i = 0; i < prompt.length; i++) {
      prompt[i] = ids.get("ids").get(i).intValue();
    }
    return prompt;
  }

  private static float[] logits(LanguageModel model, int[] ids) {
    float[] logits = new float[ids.length * model.vocabSize()];
    model.forward(Batch.prompt(ids, 0, ids.length, model.newCache(ids.length)));
    model.logits(0, ids.length, logits);
    return logits;
  }

  private static void assertClose(float[] expected, float[] actual, String what) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      double allowed = 1e-4 + 1e-4 * Math.abs(expected[i]);
      int at = i;
      assertTrue(
          Math.abs(expected[i] - actual[i]) <= allowed,
          () -> what + "[" + at + "]: " + expected[at] + " became " + actual[at]);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("folders")
  void saysWhatTheFolderSays(Path folder) throws IOException {
    int[] ids = prompt(folder);
    try (LanguageModel original = Models.open(folder, KERNELS);
        LanguageModel written = Models.open(write(folder, FileType.F32), KERNELS)) {
      assertClose(logits(original, ids), logits(written, ids), folder.getFileName() + " logits");
      MultiTokenPrediction draft = original.multiTokenPrediction();
      MultiTokenPrediction writtenDraft = written.multiTokenPrediction();
      assertEquals(draft == null, writtenDraft == null);
      if (draft != null && writtenDraft != null) {
        assertClose(
            drafts(original, draft, ids), drafts(written, writtenDraft, ids), folder + " drafts");
      }
    }
  }

  private static float[] drafts(LanguageModel model, MultiTokenPrediction draft, int[] ids) {
    float[] drafts = new float[(ids.length - 1) * model.vocabSize()];
    Batch next = Batch.prompt(ids, 1, ids.length - 1, draft.newCache(ids.length - 1));
    draft.forward(next, model.hidden(), drafts);
    return drafts;
  }

  static List<Path> bfloatFolders() throws IOException {
    return folders().stream().filter(folder -> folder.toString().endsWith("-bf16")).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bfloatFolders")
  void bfloatsStayBfloats(Path folder) throws IOException {
    int[] ids = prompt(folder);
    try (LanguageModel original = Models.open(folder, KERNELS);
        LanguageModel written = Models.open(write(folder, FileType.BF16), KERNELS)) {
      assertClose(logits(original, ids), logits(written, ids), folder.getFileName() + " logits");
      assertEquals(DType.BF16, written.summary().dtype());
    }
  }
}
