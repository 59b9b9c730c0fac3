package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.bench.RandomGguf;
import burhan.bench.Shape;
import burhan.kernel.Kernels;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of random numbers in the sizes that people download: they open from the raw mapping and
 * generate. The times are printed, with the processor's own beside the clock's for machines that
 * have other things to do; a time decides no test.
 */
@Tag("full")
class FullSizeTest {
  private static final int[] PROMPT = {256, 72};
  private static final int ANSWER = 2;
  // Far beyond any opening that reads headers, and far below any that copies the weights.
  private static final double HOPELESS_SECONDS = 60;

  @TempDir Path temporary; // outside the repository, and removed with what was written

  @Test
  void r1DistillQwen() throws IOException {
    Machine.require(folder(), 6, 4);
    opensAndGenerates(Shape.R1_DISTILL_QWEN_1_5B, "Q8_0");
  }

  @Test
  void deepSeekV2Lite() throws IOException {
    Machine.require(folder(), 30, 12);
    opensAndGenerates(Shape.DEEPSEEK_V2_LITE, "Q4_0");
  }

  /** Gigabytes may be kept from run to run with -Dburhan.full.size=FOLDER. */
  private Path folder() {
    String kept = System.getProperty("burhan.full.size");
    return kept == null ? temporary : Path.of(kept);
  }

  private void opensAndGenerates(Shape shape, String type) throws IOException {
    Path file = folder().resolve(shape.label() + "-" + type + ".gguf");
    RandomGguf random = RandomGguf.of(shape.label(), shape.config(), type);
    long began = System.nanoTime();
    if (!Files.exists(file)) {
      random.write(file, 1);
    }
    double written = seconds(began);
    try (Workers workers = new Workers(Runtime.getRuntime().availableProcessors())) {
      Kernels kernels = Kernels.best(workers);
      began = System.nanoTime();
      Models.open(file, kernels).close();
      double first = seconds(began);
      began = System.nanoTime();
      long cpuBegan = Machine.threadNanos();
      try (LanguageModel model = Models.open(file, kernels)) {
        double warm = seconds(began);
        double cpu = (Machine.threadNanos() - cpuBegan) / 1e9;
        began = System.nanoTime();
        generate(model, shape);
        System.out.println(
            String.format(
                Locale.ROOT,
                "full size: %s %s, %.2f GB: written in %.1f s, first open %.2f s, warm open %.2f s,"
                    + " (%.2f s of the processor), %d + %d tokens in %.1f s, heap used %d MB",
                shape.label(),
                type,
                random.weightBytes() / 1e9,
                written,
                first,
                warm,
                cpu,
                PROMPT.length,
                ANSWER,
                seconds(began),
                Machine.heapBytes() >> 20));
        assertTrue(warm < HOPELESS_SECONDS, "opening copies the weights: " + warm + " s");
      }
    }
  }

  private static void generate(LanguageModel model, Shape shape) {
    KeyValueCache cache = model.newCache(PROMPT.length + ANSWER);
    float[] logits = new float[model.vocabSize()];
    model.forward(Batch.prompt(PROMPT, 0, PROMPT.length, cache));
    model.logits(PROMPT.length - 1, 1, logits);
    for (int i = 0; i < ANSWER; i++) {
      int next = largest(logits, shape);
      model.forward(Batch.generate(new int[] {next}, new KeyValueCache[] {cache}));
      model.logits(0, 1, logits);
    }
    largest(logits, shape);
  }

  /** The greedy token of logits that are finite and not all the same. */
  private static int largest(float[] logits, Shape shape) {
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      assertTrue(Float.isFinite(logits[i]), shape.label() + ": logit " + i + " " + logits[i]);
      best = logits[i] > logits[best] ? i : best;
      least = Math.min(least, logits[i]);
    }
    assertTrue(logits[best] > least, shape.label() + ": all logits are " + least);
    return best;
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
