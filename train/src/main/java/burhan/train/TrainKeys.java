package burhan.train;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a run by name: defaults per stage, ranges, and the file they may stand in. Knows
 * no training.
 */
public final class TrainKeys {
  /** {@code key = value}, the part of TOML that a flat list of settings needs. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\s*(?:([a-z0-9_]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_.+-]+))\\s*)?(?:#.*)?");

  private final Map<String, String> left;

  TrainKeys(Map<String, String> settings) {
    left = new LinkedHashMap<>(settings);
  }

  /**
   * Reads a file of {@code key = value} lines in TOML's spelling (comments, strings, numbers with
   * underscores; no tables, no lists).
   *
   * @throws BadInputException naming the line that is not such
   */
  public static Map<String, String> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file + ": no such file; give a file of 'key = value' lines");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      Matcher m = LINE.matcher(line);
      if (!m.matches()) {
        throw new BadInputException(
            "%s:%d: expected 'key = value', got '%s'".formatted(file, number, line.strip()));
      }
      String key = m.group(1);
      if (key != null) {
        String bare = m.group(4);
        String value = m.group(2) != null ? m.group(2) : m.group(3) != null ? m.group(3) : bare;
        settings.put(
            key, bare == null ? value : bare.replace("_", bare.matches("[A-Z_a-z]+") ? "_" : ""));
      }
    }
    return settings;
  }

  TrainConfig config() {
    Stage stage = choice("stage", Stage.class, Stage.PRETRAIN);
    boolean sft = stage == Stage.SFT;
    TrainConfig config =
        new TrainConfig(
            stage,
            path("start"),
            path("out"),
            integer("tokens", 1, Long.MAX_VALUE / 2, 20_000_000),
            number("minutes", 0, 1e6, 0),
            (int) integer("batch_tokens", 1, 1 << 28, 6144),
            (int) integer("batch_tokens_start", 1, 1 << 28, sft ? 6144 : 2048),
            (int) integer("micro_tokens", 1, 1 << 24, 3072),
            (int) integer("context", 2, 1 << 20, 384),
            number("learning_rate", 0, 1, sft ? 5e-4 : 2e-3),
            number("learning_rate_floor", 0, 1, 0.05),
            integer("warmup_tokens", 0, Long.MAX_VALUE / 2, 200_000),
            choice("schedule", Schedule.class, Schedule.COSINE),
            choice("optimizer", Optimizer.Rule.class, Optimizer.Rule.ADAMW),
            number("beta1", 0, 0.99999, 0.9),
            number("beta2", 0, 0.99999, 0.95),
            number("weight_decay", 0, 10, 0.1),
            number("clip", 1e-9, 1e9, 1),
            number("mtp_weight", 0, 100, 0.3),
            number("mtp_weight_end", 0, 100, 0.1),
            (int) integer("mtp_every", 1, 1 << 20, 2),
            number("balance_alpha", 0, 100, 1e-4),
            number("bias_gamma", 0, 1, 1e-3),
            number("prompt_share", 0, 1, sft ? 0 : 1),
            number("init_std", 1e-6, 10, 0.03),
            integer("seed", 0, Long.MAX_VALUE, 1),
            (int) integer("threads", 1, 4096, 1),
            choice("precision", TrainConfig.Precision.class, TrainConfig.Precision.FLOAT32),
            number("checkpoint_minutes", 0.01, 1e6, 5),
            integer("checkpoint_steps", 0, Long.MAX_VALUE, 0));
    if (!left.isEmpty()) {
      throw new BadInputException(
          "training settings: no key is called '%s'; see the table in docs/training.md"
              .formatted(String.join("', '", new TreeSet<>(left.keySet()))));
    }
    return config;
  }

  private Path path(String key) {
    String value = left.remove(key);
    if (value == null) {
      throw new BadInputException(
          "training settings: '%s' is missing, expected a folder".formatted(key));
    }
    return Path.of(value);
  }

  private long integer(String key, long least, long most, long absent) {
    String value = left.remove(key);
    if (value == null) {
      return absent;
    }
    try {
      long n = Long.parseLong(value);
      if (n >= least && n <= most) {
        return n;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence for both.
    }
    throw new BadInputException(
        "training settings: '%s' is '%s', expected a whole number from %d to %d"
            .formatted(key, value, least, most));
  }

  private double number(String key, double least, double most, double absent) {
    String value = left.remove(key);
    if (value == null) {
      return absent;
    }
    try {
      double x = Double.parseDouble(value);
      if (x >= least && x <= most) {
        return x;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one sentence for both.
    }
    throw new BadInputException(
        "training settings: '%s' is '%s', expected a number from %s to %s"
            .formatted(key, value, least, most));
  }

  private <E extends Enum<E>> E choice(String key, Class<E> type, E absent) {
    String value = left.remove(key);
    if (value == null) {
      return absent;
    }
    for (E e : type.getEnumConstants()) {
      if (e.name().equals(value.toUpperCase(Locale.ROOT))) {
        return e;
      }
    }
    throw new BadInputException(
        "training settings: '%s' is '%s', expected one of %s"
            .formatted(key, value, java.util.Arrays.toString(type.getEnumConstants())));
  }
}
