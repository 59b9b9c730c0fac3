package burhan.train;

import burhan.model.DeepSeekConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Small things the tests share: a shape, a task that can be learned, settings of a short run. */
final class Tiny {
  static final int VOCABULARY = 24;

  private Tiny() {}

  static DeepSeekConfig shape(int width, int qLora) {
    return new DeepSeekConfig(
        "deepseek_v3",
        VOCABULARY,
        width,
        2 * width,
        width / 2,
        2,
        1,
        2,
        1,
        4,
        2,
        1,
        1,
        "noaux_tc",
        "sigmoid",
        true,
        1.5,
        1,
        qLora,
        16,
        8,
        8,
        8,
        64,
        10_000,
        null,
        1e-6,
        false,
        0,
        1);
  }

  /** Says a few symbols, then says them again: what copying is to longer tasks. */
  static Sample copying(long index, double progress) {
    SplittableRandom rng = new SplittableRandom(index * 0x9E3779B97F4A7C15L + 1);
    rng.nextLong();
    int n = 2 + rng.nextInt(3);
    int[] tokens = new int[2 * n + 3];
    tokens[n + 1] = 2;
    tokens[2 * n + 2] = 1;
    for (int i = 0; i < n; i++) {
      tokens[1 + i] = 3 + rng.nextInt(VOCABULARY - 3);
      tokens[n + 2 + i] = tokens[1 + i];
    }
    boolean[] learn = new boolean[tokens.length];
    Arrays.fill(learn, n + 2, learn.length, true);
    return new Sample(tokens, learn);
  }

  static Path start(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), shape(32, 0).toJson("float32").toString());
    return folder;
  }

  static TrainConfig config(Path start, Path out, Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("start", start.toString());
    settings.put("out", out.toString());
    settings.put("tokens", "80000");
    settings.put("batch_tokens", "1024");
    settings.put("batch_tokens_start", "512");
    settings.put("micro_tokens", "512");
    settings.put("context", "64");
    settings.put("learning_rate", "8e-3");
    settings.put("warmup_tokens", "4000");
    settings.put("init_std", "0.08");
    settings.put("optimizer", "muon");
    settings.putAll(more);
    return TrainConfig.of(settings);
  }

  /** A listener that keeps quiet. */
  static final class Quiet implements ProgressListener {
    @Override
    public void step(StepMetrics metrics, double share) {}

    @Override
    public void checkpoint(Path folder) {}

    @Override
    public void message(String line) {}
  }
}
