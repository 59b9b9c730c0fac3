package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.ModelFolder;
import burhan.kernel.Kernels;
import burhan.kernel.VectorKernels;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.nn.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R1's true layer dimensions in DeepSeek's own FP8: a dense layer and one with 256 experts, two
 * tokens as a prompt and one generated, against {@link Fp8SliceReference}. Weights stay FP8 in the
 * mapping while they are used.
 */
@Tag("full")
class Fp8SliceTest {
  private static final int[] TOKENS = {5, 700, 42};
  private static final double TOLERANCE = 1e-4; // of the rms of a token's hidden state
  private static final long MOST_HEAP = 1L << 30;

  @TempDir Path path; // outside the repository, and removed with what was written

  @Test
  void aDenseAndAnExpertLayerOfR1() throws IOException {
    Machine.require(path, 30, 12);
    Fp8SliceFolder folder = new Fp8SliceFolder(path);
    folder.write();
    List<List<Fp8SliceReference.Choice>> choices = new ArrayList<>();
    double[][] expected = expected(folder, choices);
    System.gc();
    try (Workers workers = new Workers(2)) {
      Kernels kernels = new VectorKernels(workers, false);
      try (LanguageModel model = Models.open(path, kernels)) {
        List<int[]> chosen = new ArrayList<>();
        model.probe((layer, value, values, rows, width) -> {
          if (value == Probe.Value.EXPERT_INDICES) {
            for (int r = 0; r < rows; r++) {
              int[] indices = new int[width];
              for (int k = 0; k < width; k++) {
                indices[k] = (int) values[r * width + k];
              }
              chosen.add(indices);
            }
          }
        });
        double worst = worstDifference(model, expected);
        long heap = Machine.heapBytes();
        long own = Machine.ownBytes();
        long weights = model.summary().weightBytes();
        System.out.println(
            String.format(
                Locale.ROOT,
                "R1's layers in FP8, %.2f GB mapped: worst difference of a hidden state %.1e of its"
                    + " rms; heap in use %d MB, memory of the process beside the mapping %d MB",
                weights / 1e9,
                worst,
                heap >> 20,
                own >> 20));
        assertEquals(TOKENS.length, chosen.size());
        for (int t = 0; t < TOKENS.length; t++) {
          for (int k = 0; k < chosen.get(t).length; k++) {
            assertEquals(choices.get(t).get(k).expert(), chosen.get(t)[k], "token " + t);
          }
        }
        assertTrue(worst <= TOLERANCE, "off by " + worst + " of the rms");
        assertTrue(weights > 11_000_000_000L, "weights of " + weights + " bytes");
        assertTrue(heap < MOST_HEAP, "heap in use: " + heap);
        // What the reference's garbage took of the heap is still the process's.
        assertTrue(own < weights / 4, "memory of the process beside the mapping: " + own);
      }
    }
  }

  /** Also fills in the experts that are chosen; which they are the reference finds out. */
  private double[][] expected(Fp8SliceFolder folder, List<List<Fp8SliceReference.Choice>> choices)
      throws IOException {
    try (ModelFolder files = ModelFolder.open(path)) {
      Fp8SliceReference reference = new Fp8SliceReference(files, TOKENS);
      TreeSet<Integer> used = new TreeSet<>();
      for (int t = 0; t < TOKENS.length; t++) {
        choices.add(reference.chosen(t));
        choices.get(t).forEach(choice -> used.add(choice.expert()));
      }
      for (int expert : used) {
        folder.fill(expert);
      }
      return reference.finish();
    }
  }

  private static double worstDifference(LanguageModel model, double[][] expected) {
    KeyValueCache cache = model.newCache(TOKENS.length);
    int prompt = TOKENS.length - 1;
    model.forward(Batch.prompt(TOKENS, 0, prompt, cache));
    double worst = 0;
    for (int t = 0; t < prompt; t++) {
      worst = Math.max(worst, difference(expected[t], model.hidden(), t));
    }
    model.forward(Batch.generate(new int[] {TOKENS[prompt]}, new KeyValueCache[] {cache}));
    return Math.max(worst, difference(expected[prompt], model.hidden(), 0));
  }

  private static double difference(double[] expected, float[] actual, int row) {
    double squares = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += expected[i] * expected[i];
      worst = Math.max(worst, Math.abs(expected[i] - actual[row * expected.length + i]));
    }
    return worst / Math.sqrt(squares / expected.length);
  }
}
