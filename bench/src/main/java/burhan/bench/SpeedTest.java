package burhan.bench;

import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.tensor.BadInputException;
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
 */
public record SpeedTest(boolean prefill, int tokens, int context) {
  private static final Pattern NAME = Pattern.compile("(pp|tg)([1-9]\\d{0,5})");

  // As the engine cuts prompts.
  private static final int CHUNK = 512;

  // Compiled code arrives in the first seconds; what runs before is not the model's speed.
  private static final long WARM_NANOS = 3_000_000_000L;
  private static final int REPEATS = 5;

  /**
   * What was measured.
   *
   * @param tokensPerSecond mean over the repeats
   * @param stddev of the same
   * @param joules of one token, and whether that is an estimate
   */
  public record Speed(double tokensPerSecond, double stddev, Energy.Joules joules) {}

  /**
   * The test of that name.
   *
   * @throws BadInputException if it is not pp or tg and a number
   */
  public static SpeedTest of(String name, int context) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new BadInputException(
          "test '%s' is not known; expected pp and a number of prompt tokens, such as pp512, or tg"
                  .formatted(name)
              + " and a number of generated tokens, such as tg128");
    }
    return new SpeedTest(
        matcher.group(1).equals("pp"), Integer.parseInt(matcher.group(2)), context);
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
    return tokens <= room ? this : new SpeedTest(prefill, room, context);
  }

  /** Runs the test until it is warm, then several times. */
  public Speed measure(LanguageModel model, Energy energy) {
    int[] ids = new Random(1).ints(context + (long) tokens, 0, model.vocabSize()).toArray();
    KeyValueCache cache = model.newCache(ids.length);
    float[] logits = new float[model.vocabSize()];
    for (int from = 0; from < context; from += CHUNK) {
      model.forward(Batch.prompt(ids, from, Math.min(CHUNK, context - from), cache));
    }
    long warm = System.nanoTime();
    do {
      run(model, ids, cache, logits);
    } while (System.nanoTime() - warm < WARM_NANOS);
    double[] speeds = new double[REPEATS];
    double joules = 0;
    for (int i = 0; i < REPEATS; i++) {
      Energy.Reading before = energy.read();
      long began = System.nanoTime();
      run(model, ids, cache, logits);
      double seconds = (System.nanoTime() - began) / 1e9;
      joules += energy.joules(before, seconds) / REPEATS;
      speeds[i] = tokens / seconds;
    }
    double mean = mean(speeds);
    return new Speed(
        mean, deviation(speeds, mean), new Energy.Joules(joules / tokens, energy.isEstimated()));
  }

  private void run(LanguageModel model, int[] ids, KeyValueCache cache, float[] logits) {
    cache.truncate(context);
    if (prefill) {
      int last = 0;
      for (int from = context; from < ids.length; from += CHUNK) {
        int count = Math.min(CHUNK, ids.length - from);
        model.forward(Batch.prompt(ids, from, count, cache));
        last = count - 1;
      }
      model.logits(last, 1, logits);
      return;
    }
    for (int i = context; i < ids.length; i++) {
      model.forward(Batch.generate(new int[] {ids[i]}, new KeyValueCache[] {cache}));
      model.logits(0, 1, logits);
    }
  }

  /**
   * The share of the memory's speed that this many tokens per second use: what one token reads of
   * weights and cache. Above 1 for a model that lives in a processor's cache. Reading a prompt
   * shares the weights among its tokens, so there it means little and is small.
   */
  public double bandwidthShare(
      LanguageModel.Summary model, double tokensPerSecond, Roofline roofline) {
    double bytesPerParameter =
        model.weightBytes() / (double) (model.parameters() + model.mtpParameters());
    double weights = bytesPerParameter * model.activeParameters();
    double cache = model.cacheBytesPerToken() * (context + tokens / 2.0);
    double perToken = prefill ? weights / Math.min(tokens, CHUNK) : weights + cache;
    return perToken * tokensPerSecond / roofline.bytesPerSecond();
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
