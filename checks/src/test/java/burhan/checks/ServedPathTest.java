package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import burhan.checkpoint.Json;
import burhan.kernel.Kernels;
import burhan.kernel.Precision;
import burhan.kernel.Workers;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.nn.Batch;
import burhan.nn.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What users are served, with 8-bit activations and a bf16 cache, beside the exact path that {@link
 * ModelConformanceTest} holds to the references. Where a rounding makes a router choose other
 * experts, that token and those behind it are another computation and are left out.
 */
class ServedPathTest {
  private static final double DENSE = 0.1;
  private static final double EXPERTS = 0.05; // root mean square of a token's logits
  private static final Workers WORKERS = new Workers(2);
  private static final Kernels EXACT = Kernels.best(WORKERS, Precision.EXACT);
  private static final Kernels SERVED = Kernels.best(WORKERS, Precision.FAST);
  private static final List<String> TABLE = new ArrayList<>();

  @BeforeAll
  static void onlyWhereTheyDiffer() {
    assumeTrue(SERVED.name().startsWith("x86"), "no emitted code runs here");
  }

  @AfterAll
  static void table() {
    WORKERS.close();
    TABLE.forEach(System.out::println);
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Conformance.folder("gguf"))) {
      return files.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
    }
  }

  /** Logits of a whole prompt, and the experts that each token met. */
  private record Run(int width, float[] logits, List<List<Integer>> experts) {
    static Run of(Path file, int[] ids, Kernels kernels) {
      try (LanguageModel model = Models.open(file, kernels)) {
        List<List<Integer>> experts = new ArrayList<>();
        Arrays.stream(ids).forEach(id -> experts.add(new ArrayList<>()));
        model.probe((layer, value, values, rows, width) -> {
          for (int i = 0; value == Probe.Value.EXPERT_INDICES && i < rows * width; i++) {
            experts.get(i / width).add((int) values[i]);
          }
        });
        model.forward(Batch.prompt(ids, 0, ids.length, model.newCache(ids.length)));
        float[] logits = new float[ids.length * model.vocabSize()];
        model.logits(0, ids.length, logits);
        return new Run(model.vocabSize(), logits, experts);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void staysNearTheExactPath(Path file) {
    String name = file.getFileName().toString();
    Path expected = file.resolveSibling(name.replace(".gguf", ".json"));
    int[] ids =
        Json.read(expected)
            .node()
            .get("prompt_tokens")
            .valueStream()
            .mapToInt(JsonNode::intValue)
            .toArray();
    Run exact = Run.of(file, ids, EXACT);
    Run served = Run.of(file, ids, SERVED);
    double worst = 0;
    double worstSquare = 0;
    int rows = 0;
    while (rows < ids.length && exact.experts.get(rows).equals(served.experts.get(rows))) {
      double squares = 0;
      for (int i = rows * exact.width; i < (rows + 1) * exact.width; i++) {
        double difference = Math.abs(exact.logits[i] - served.logits[i]);
        worst = Math.max(worst, difference);
        squares += difference * difference;
      }
      worstSquare = Math.max(worstSquare, Math.sqrt(squares / exact.width));
      rows++;
    }
    boolean isDense = exact.experts.getFirst().isEmpty();
    TABLE.add(
        "served path: %-36s %d of %d tokens, worst %.1e, rms %.1e"
            .formatted(name, rows, ids.length, worst, worstSquare));
    assertTrue(rows > (isDense ? ids.length - 1 : 0), "tokens that could be compared");
    assertTrue(isDense ? worst <= DENSE : worstSquare <= EXPERTS, TABLE.getLast());
  }
}
