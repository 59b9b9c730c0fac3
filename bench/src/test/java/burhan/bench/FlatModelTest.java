package burhan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.kernel.ScalarKernels;
import burhan.model.DeepSeek;
import burhan.model.DeepSeekConfig;
import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlatModelTest {
  private static final DeepSeekConfig NANO = Shape.NANO.config();

  @TempDir Path folder;

  @Test
  void aMappedModelRuns() throws IOException {
    FlatModel random = new FlatModel(NANO, DType.BF16, 7);
    Path flat = folder.resolve("nano.bin");
    random.write(flat);
    try (LanguageModel model = DeepSeek.load(random.map(flat), NANO, new ScalarKernels())) {
      float[] logits = logits(model);
      double squares = 0;
      for (float logit : logits) {
        squares += logit * logit;
      }
      double size = Math.sqrt(squares / logits.length);
      assertTrue(size > 0.1 && size < 10, "logits of size " + size);
      assertEquals(random.byteSize(), model.summary().weightBytes(), 64.0 * 1000);
    }
  }

  private static float[] logits(LanguageModel model) {
    float[] logits = new float[model.vocabSize()];
    model.forward(Batch.prompt(new int[] {1, 2, 3}, 0, 3, model.newCache(3)));
    model.logits(2, 1, logits);
    return logits;
  }

  @Test
  void bytesFollowTheSeedAlone() throws IOException {
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    Path c = folder.resolve("c");
    new FlatModel(NANO, DType.Q8_0, 1).write(a);
    new FlatModel(NANO, DType.Q8_0, 1).write(b);
    new FlatModel(NANO, DType.Q8_0, 2).write(c);
    assertEquals(-1, Files.mismatch(a, b));
    assertNotEquals(-1, Files.mismatch(a, c));
    assertEquals(new FlatModel(NANO, DType.Q8_0, 1).byteSize(), Files.size(a));
  }

  @Test
  void aFileOfAnotherSizeIsNotMapped() throws IOException {
    Path file = folder.resolve("short");
    Files.writeString(file, "no model");
    FlatModel random = new FlatModel(NANO, DType.F32, 1);
    assertThrows(BadInputException.class, () -> random.map(file));
  }

  @Test
  void sizesOfTheKnownShapesAreThePublishedOnes() {
    // V2-Lite's report says 15.7 B.
    long lite = new FlatModel(Shape.DEEPSEEK_V2_LITE.config(), DType.BF16, 1).byteSize() / 2;
    assertEquals(15.7e9, lite, 0.05e9);
    long v3 = new FlatModel(Shape.DEEPSEEK_V3_2LAYERS.config(), DType.BF16, 1).byteSize() / 2;
    assertTrue(v3 > 13e9 && v3 < 15e9, "parameters " + v3);
  }
}
