package burhan.eval;

import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * How far a quantised model is from the one it was made of, on a text: both read the same tokens,
 * and what they say of the next one is compared at every position.
 *
 * @param positions how many were compared
 * @param meanDivergence mean of KL(source || quantised) in nats; 0 is no difference
 * @param worstDivergence the largest of them
 * @param sameTop share of positions at which both think the same token most likely
 * @param sourcePerplexity of the source on the text
 * @param perplexity of the quantised model on the text
 */
public record QuantizationReport(
    int positions,
    double meanDivergence,
    double worstDivergence,
    double sameTop,
    double sourcePerplexity,
    double perplexity) {

  /** Rows that are run at a time. */
  private static final int ROWS = 64;

  /** Tokens that are read together; a new window begins without memory. */
  private static final int WINDOW = 512;

  /** A short text for those who have none at hand: reasoning, a story, code, English and Arabic. */
  public static String text() {
    try (InputStream in = QuantizationReport.class.getResourceAsStream("quality.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares two models on one text.
   *
   * @param tokens the text; at least two
   * @param progress receives how many tokens are done
   * @throws BadInputException if the models do not share a vocabulary
   */
  public static QuantizationReport compare(
      LanguageModel source, LanguageModel quantized, int[] tokens, IntConsumer progress) {
    if (source.vocabSize() != quantized.vocabSize()) {
      throw new BadInputException(
          "the models have %d and %d tokens; only models of one vocabulary can be compared"
              .formatted(source.vocabSize(), quantized.vocabSize()));
    }
    int window = Math.min(WINDOW, Math.min(source.contextLength(), quantized.contextLength()));
    Sums sums = new Sums();
    float[] expected = new float[source.vocabSize()];
    float[] actual = new float[source.vocabSize()];
    for (int start = 0; start < tokens.length; start += window) {
      int end = Math.min(tokens.length, start + window);
      try (KeyValueCache sourceCache = source.newCache(end - start);
          KeyValueCache cache = quantized.newCache(end - start)) {
        for (int from = start; from < end; from += ROWS) {
          int count = Math.min(ROWS, end - from);
          source.forward(Batch.prompt(tokens, from, count, sourceCache));
          quantized.forward(Batch.prompt(tokens, from, count, cache));
          for (int row = 0; row < count; row++) {
            source.logits(row, 1, expected);
            quantized.logits(row, 1, actual);
            int next = from + row + 1;
            sums.add(expected, actual, next < end ? tokens[next] : Sums.NONE);
          }
          progress.accept(from + count);
        }
      }
    }
    return sums.report();
  }

  /** The running sums of a comparison. */
  static final class Sums {
    /** There is no next token to judge perplexity by. */
    static final int NONE = -1;

    private int positions;
    private int same;
    private double divergence;
    private double worst;
    private int judged;
    private double sourceLoss;
    private double loss;

    /**
     * One position.
     *
     * @param expected logits of the source
     * @param actual logits of the quantised model
     * @param next the token that follows in the text, or {@link #NONE}
     */
    void add(float[] expected, float[] actual, int next) {
      double expectedNorm = logSum(expected);
      double actualNorm = logSum(actual);
      double sum = 0;
      for (int i = 0; i < expected.length; i++) {
        double p = expected[i] - expectedNorm;
        sum += Math.exp(p) * (p - (actual[i] - actualNorm));
      }
      sum = Math.max(0, sum); // rounding leaves a trace below zero where both agree
      positions++;
      divergence += sum;
      worst = Math.max(worst, sum);
      same += top(expected) == top(actual) ? 1 : 0;
      if (next != NONE) {
        judged++;
        sourceLoss += expectedNorm - expected[next];
        loss += actualNorm - actual[next];
      }
    }

    QuantizationReport report() {
      int of = Math.max(1, positions);
      int judgedOf = Math.max(1, judged);
      return new QuantizationReport(
          positions,
          divergence / of,
          worst,
          (double) same / of,
          Math.exp(sourceLoss / judgedOf),
          Math.exp(loss / judgedOf));
    }

    /** The logarithm of the sum of exponentials, shifted by the largest so that none overflows. */
    private static double logSum(float[] logits) {
      double largest = logits[top(logits)];
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - largest);
      }
      return largest + Math.log(sum);
    }

    private static int top(float[] logits) {
      int top = 0;
      for (int i = 1; i < logits.length; i++) {
        top = logits[i] > logits[top] ? i : top;
      }
      return top;
    }
  }
}
