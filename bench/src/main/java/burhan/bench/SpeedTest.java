package burhan.bench;

import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.tensor.BadInputException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One measurement: reading a prompt ({@code pp512}) or generating token after token ({@code
 * tg128}). The tokens are random; a model's speed does not depend on what it says.
 *
 * @param prefill whether a prompt is read
 * @param tokens of the prompt, or generated
 * @param context tokens in the cache before it begins
 * @param batch sequences that generate together; 1 where a prompt is read
 */
public record SpeedTest(boolean prefill, int tokens, int context, int batch) {
  private static final Pattern NAME = Pattern.compile("(pp|tg)([1-9]\\d{0,5})");

  // As the engine cuts prompts.
  private static final int CHUNK = 512;

  // Compiled code arrives in the first seconds; what runs before is not the model's speed.
  private static final long WARM_NANOS = 3_000_000_000L;
  private static final int REPEATS = 5;

  // What the system counts a process's time in.
  private static final double TICK_SECONDS = 0.01;

  /**
   * What was measured.
   *
   * @param tokensPerSecond of all sequences together, the median of the repeats
   * @param stddev of the same
   * @param cpuSecondsPerToken of all threads together, which other programs on the machine lengthen
   *     less than they do the time on the clock
   * @param joules of one token, and whether that is an estimate
   */
  public record Speed(
      double tokensPerSecond, double stddev, double cpuSecondsPerToken, Energy.Joules joules) {}

  /**
   * The test of that name.
   *
   * @throws BadInputException if it is not pp or tg and a number
   */
  public static SpeedTest of(String name, int context, int batch) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new BadInputException(
          "test '%s' is not known; expected pp and a number of prompt tokens, such as pp512, or tg"
                  .formatted(name)
              + " and a number of generated tokens, such as tg128");
    }
    boolean prefill = matcher.group(1).equals("pp");
    return new SpeedTest(prefill, Integer.parseInt(matcher.group(2)), context, prefill ? 1 : batch);
  }

  /** As a report calls it. */
  public String name() {
    return (prefill ? "pp" : "tg") + tokens;
  }

  /** The same test, shortened to what a context holds. */
  public SpeedTest within(int contextLength) {
    int room = contextLength - context;
    if (room < 1) {
      throw new BadInputException(
          "context %d leaves no room in this model, which holds %d tokens"
              .formatted(context, contextLength));
    }
    return tokens <= room ? this : new SpeedTest(prefill, room, context, batch);
  }

  /** Runs the test until it is warm, then several times. */
  public Speed measure(LanguageModel model, Energy energy) {
    int length = context + tokens;
    Random random = new Random(1);
    int[][] ids = new int[batch][];
    KeyValueCache[] caches = new KeyValueCache[batch];
    for (int b = 0; b < batch; b++) {
      ids[b] = random.ints(length, 0, model.vocabSize()).toArray();
      caches[b] = model.newCache(length);
      caches[b].fillWithNoise(context, random);
    }
    float[] logits = new float[Math.multiplyExact(batch, model.vocabSize())];
    long warm = System.nanoTime();
    do {
      run(model, ids, caches, logits);
    } while (System.nanoTime() - warm < WARM_NANOS);
    double[] speeds = new double[REPEATS];
    double cpuBefore = cpuSeconds();
    Energy.Reading before = energy.read();
    for (int i = 0; i < REPEATS; i++) {
      long began = System.nanoTime();
      run(model, ids, caches, logits);
      speeds[i] = tokens * batch * 1e9 / (System.nanoTime() - began);
    }
    for (KeyValueCache cache : caches) {
      cache.close();
    }
    double cpu = Math.max(TICK_SECONDS, cpuSeconds() - cpuBefore);
    double all = (double) tokens * batch * REPEATS;
    double joules = energy.joules(before, cpu);
    return new Speed(
        median(speeds),
        deviation(speeds, mean(speeds)),
        cpu / all,
        new Energy.Joules(joules / all, energy.isEstimated()));
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L)
        / 1e9;
  }

  /** Reads part of a prompt; returns the row of its last token. */
  private static int read(LanguageModel model, int[] ids, int from, int to, KeyValueCache cache) {
    int last = 0;
    for (int at = from; at < to; at += CHUNK) {
      int count = Math.min(CHUNK, to - at);
      model.forward(Batch.prompt(ids, at, count, cache));
      last = count - 1;
    }
    return last;
  }

  private void run(LanguageModel model, int[][] ids, KeyValueCache[] caches, float[] logits) {
    for (KeyValueCache cache : caches) {
      cache.truncate(context);
    }
    if (prefill) {
      model.logits(read(model, ids[0], context, ids[0].length, caches[0]), 1, logits);
      return;
    }
    int[] next = new int[batch];
    for (int i = context; i < context + tokens; i++) {
      for (int b = 0; b < batch; b++) {
        next[b] = ids[b][i];
      }
      model.forward(Batch.generate(next, caches));
      model.logits(0, batch, logits);
    }
  }

  /**
   * The share of the memory's speed that this many tokens per second use: what one token reads of
   * weights and cache. Above 1 for a model that lives in a processor's cache. Reading a prompt
   * shares the weights among its tokens, so there it means little and is small. Sequences that
   * generate together share what they read as well; their experts are taken as drawn independently.
   *
   * @param cacheBytesPerToken of the kernels that were measured
   */
  public double bandwidthShare(
      LanguageModel.Summary model,
      long cacheBytesPerToken,
      double tokensPerSecond,
      Roofline roofline) {
    double bytesPerParameter =
        model.weightBytes() / (double) (model.parameters() + model.mtpParameters());
    double weights = bytesPerParameter * parametersOfStep(model) / batch;
    double cache = cacheBytesPerToken * (context + tokens / 2.0);
    double perToken = prefill ? weights / Math.min(tokens, CHUNK) : weights + cache;
    return perToken * tokensPerSecond / roofline.bytesPerSecond();
  }

  /** Parameters that one step of the batch reads: all of a dense model, more experts with more. */
  private double parametersOfStep(LanguageModel.Summary model) {
    double active = model.activeParameters();
    if (batch == 1) {
      return active;
    }
    // Without the embedding, of which a step reads a row each.
    double all = Math.max(active, model.parameters() - (double) model.vocabSize() * model.width());
    return all * (1 - Math.pow(1 - active / all, batch));
  }

  /**
   * The share of the float32 multiply-adds that this many tokens per second use. Counts matrix
   * products with weights only: two operations a weight, the head for the last token of a prompt.
   */
  public double matrixPeakShare(
      LanguageModel.Summary model, double tokensPerSecond, Roofline roofline) {
    double head = (double) model.vocabSize() * model.width();
    double perToken =
        2 * (prefill ? model.activeParameters() - head + head / tokens : model.activeParameters());
    return perToken * tokensPerSecond / roofline.flopsPerSecond();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The sample's standard deviation. */
  static double deviation(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
  }
}
