package burhan.train;

import burhan.checkpoint.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code metrics.jsonl}: one line per step. On resume, lines of steps that will be done again are
 * dropped, so that the file always tells one uninterrupted run.
 */
final class MetricsLog implements AutoCloseable {
  private final BufferedWriter writer;

  MetricsLog(Path file, long stepsDone) throws IOException {
    List<String> kept = new ArrayList<>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      // A killed writer may leave half a line.
      if (line.endsWith("}") && Json.parse(file.toString(), line).number("step") <= stepsDone) {
        kept.add(line);
      }
    }
    Files.write(file, kept);
    writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
  }

  void write(StepMetrics m) throws IOException {
    ObjectNode line =
        Json.mapper()
            .createObjectNode()
            .put("step", m.step())
            .put("tokens", m.tokens())
            .put("loss", m.loss())
            .put("mtp_loss", m.mtpLoss())
            .put("lr", m.learningRate())
            .put("grad_norm", m.gradientNorm())
            .put("tokens_per_second", m.tokensPerSecond())
            .put("expert_imbalance", m.imbalance())
            .put("seconds", m.seconds());
    writer.write(line.toString());
    writer.newLine();
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
