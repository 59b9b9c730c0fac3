package burhan.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.checkpoint.ModelFolder;
import burhan.kernel.ScalarKernels;
import burhan.model.DeepSeekConfig;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The trainer's forward pass against DeepSeek's own model code and against our engine. */
class ReferenceLogitsTest {

  /** Opens a fixture in a trainer's model. The caller owns the scope. */
  private static TrainingModel open(Path folder) {
    try (ModelFolder files = ModelFolder.open(folder)) {
      Parameters parameters =
          new Parameters(DeepSeekConfig.parse(files.config()), ScalarType.Float, 0.02, 1);
      ModelFiles.load(parameters, files);
      return new TrainingModel(parameters, 128, ScalarType.Float);
    }
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::intValue).toArray();
  }

  private static Sample document(int[] ids) {
    return new Sample(ids, new boolean[ids.length]);
  }

  private static float[] floats(Tensor t) {
    Tensor c = t.contiguous();
    float[] out = new float[(int) c.numel()];
    Parameters.bytes(c).asFloatBuffer().get(out);
    return out;
  }

  private static double excess(JsonNode expected, float[] actual, int at, double absolute) {
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      double want = expected.get(i).doubleValue();
      worst = Math.max(worst, Math.abs(want - actual[at + i]) / (absolute + 1e-4 * Math.abs(want)));
    }
    return worst;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dsv3-f32", "dsv3-bf16", "dsv3-negbias", "dsv2-lite", "dsv2-group"})
  void logitsAreThoseOfDeepSeeksCode(String fixture) {
    Path folder = Conformance.folder("hf").resolve(fixture);
    Json expected = Json.read(folder.resolve("expected.json"));
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      TrainingModel model = open(folder);
      int vocabulary = model.parameters().config().vocabSize();
      for (JsonNode prompt : expected.node().get("prompts")) {
        int[] ids = ints(prompt.get("ids"));
        if (ids.length < 2) {
          continue; // a document has at least two tokens
        }
        // Among others in the row, which must not matter.
        int[] other = Arrays.copyOf(ids, ids.length - 1);
        List<Sample> row =
            ids.length > 2
                ? List.of(document(other), document(ids), document(ids))
                : List.of(document(ids), document(ids));
        PackedBatch batch = BatchPacker.row(row, BatchPacker.ROUNDING);
        TrainingModel.Hidden hidden = model.forward(batch, model.newRouting(), false);
        float[] logits = floats(TrainingModel.logits(hidden.hidden(), hidden.pass()));
        int at = firstRow(batch, row.size() - 1);
        int[] positions = ints(prompt.get("logit_positions"));
        for (int p = 0; p < positions.length; p++) {
          double worst =
              excess(prompt.get("logits").get(p), logits, (at + positions[p]) * vocabulary, 5e-4);
          assertTrue(worst <= 1, fixture + " position " + positions[p] + ": x" + worst);
        }
      }
    }
  }

  private static int firstRow(PackedBatch batch, int document) {
    for (int r = 0; r < batch.rows(); r++) {
      if (batch.document()[r] == document) {
        return r;
      }
    }
    throw new AssertionError("no document " + document);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dsv3-f32", "dsv3-bf16"})
  void mtpLogitsAreThoseOfTheReference(String fixture) {
    Path folder = Conformance.folder("hf").resolve(fixture);
    Json expected = Json.read(folder.resolve("expected.json"));
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      TrainingModel model = open(folder);
      int vocabulary = model.parameters().config().vocabSize();
      JsonNode mtp = expected.node().get("mtp").get("prompts");
      int compared = 0;
      for (int i = 0; i < mtp.size(); i++) {
        JsonNode logits = mtp.get(i).get("logits");
        if (logits == null) {
          continue;
        }
        int[] ids = ints(expected.node().get("prompts").get(i).get("ids"));
        // The token after the last is the reference's first greedy one; the row's own is unknown.
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = expected.node().get("prompts").get(i).get("greedy").get(0).intValue();
        PackedBatch batch = BatchPacker.row(List.of(document(longer)), 1);
        TrainingModel.Hidden hidden = model.forward(batch, model.newRouting(), true);
        Tensor further = hidden.mtpHidden();
        assertTrue(further != null);
        float[] actual = floats(TrainingModel.logits(further, hidden.pass()));
        for (int p = 0; p < logits.size(); p++) {
          double worst = excess(logits.get(p), actual, p * vocabulary, 1e-3);
          assertTrue(worst <= 1, fixture + " draft " + p + ": x" + worst);
          compared++;
        }
      }
      assertTrue(compared > 0, "no MTP logits in " + fixture);
    }
  }

  @Test
  void bfloat16StaysNearFloat32() {
    Path folder = Conformance.folder("hf").resolve("dsv2-lite");
    int[] ids = new int[33];
    Arrays.setAll(ids, i -> (i * 29 + 7) % 90);
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      TrainingModel exact = open(folder);
      TrainingModel rounded = new TrainingModel(exact.parameters(), 128, ScalarType.BFloat16);
      PackedBatch batch = BatchPacker.row(List.of(document(ids)), 1);
      Routing routing = exact.newRouting();
      TrainingModel.Hidden a = exact.forward(batch, routing, false);
      // With the choice of experts held equal: one rounding may choose another expert.
      TrainingModel.Hidden b = rounded.forward(batch, routing.frozen(), false);
      float[] wanted = floats(TrainingModel.logits(a.hidden(), a.pass()));
      float[] got = floats(TrainingModel.logits(b.hidden(), b.pass()));
      double squares = 0;
      double errors = 0;
      for (int i = 0; i < wanted.length; i++) {
        squares += (double) wanted[i] * wanted[i];
        errors += (double) (wanted[i] - got[i]) * (wanted[i] - got[i]);
      }
      double relative = Math.sqrt(errors / squares);
      System.out.printf("bfloat16 products: logits off by %.2f %% (rms)%n", 100 * relative);
      assertTrue(relative > 0 && relative < 0.05, "relative rms error " + relative);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dsv3-f32", "dsv2-lite"})
  void engineAndTrainerAgree(String fixture) {
    Path folder = Conformance.folder("hf").resolve(fixture);
    int[] ids = new int[33];
    Arrays.setAll(ids, i -> (i * 29 + 7) % 90);
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        LanguageModel engine = Models.open(folder, new ScalarKernels())) {
      TrainingModel model = open(folder);
      PackedBatch batch = BatchPacker.row(List.of(document(ids)), 1);
      TrainingModel.Hidden hidden = model.forward(batch, model.newRouting(), false);
      float[] trained = floats(TrainingModel.logits(hidden.hidden(), hidden.pass()));
      float[] served = new float[trained.length];
      engine.forward(Batch.prompt(ids, 0, ids.length, engine.newCache(ids.length)));
      engine.logits(0, ids.length, served);
      double squares = 0;
      for (float x : served) {
        squares += (double) x * x;
      }
      double size = Math.sqrt(squares / served.length);
      for (int i = 0; i < served.length; i++) {
        assertTrue(
            Math.abs(served[i] - trained[i]) <= 1e-4 * size,
            fixture + " logit " + i + ": " + served[i] + " against " + trained[i]);
      }
    }
  }
}
