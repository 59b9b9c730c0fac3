package burhan.engine;

import burhan.model.MultiTokenPrediction;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import java.util.Arrays;

/**
 * Guesses of one sequence by the model's multi-token prediction. It attends to positions of its
 * own, so it is shown every hidden state of the main model together with the token that really
 * followed; what it made of its own guesses is forgotten again. Knows no acceptance.
 */
final class MtpDraft {
  /** Hidden states kept until somebody wants a guess: then they share one step. */
  private static final int MOST_PENDING = 64;

  private final MultiTokenPrediction mtp;
  private final KeyValueCache cache;
  private final int width;
  private final float[] logits;
  private final KeyValueCache[] caches = new KeyValueCache[MOST_PENDING];
  private final int[] tokens = new int[MOST_PENDING]; // those that followed the hidden states
  private float[] hidden = {}; // [pending, width]
  private int pending;

  /**
   * @param width numbers of a hidden state
   * @param contextLength most positions
   */
  MtpDraft(MultiTokenPrediction mtp, int width, int vocabSize, int contextLength) {
    this.mtp = mtp;
    this.width = width;
    this.cache = mtp.newCache(contextLength);
    this.logits = new float[vocabSize];
    Arrays.fill(caches, cache);
  }

  /**
   * Reads along in a prompt.
   *
   * @param from where in the prompt the main model's last step began
   * @param rows of it that are followed by a token of the prompt
   * @param mainHidden [rows, width], the main model's
   */
  void read(int[] prompt, int from, int rows, float[] mainHidden) {
    if (rows > 0) {
      mtp.forward(Batch.prompt(prompt, from + 1, rows, cache), mainHidden, 0);
    }
  }

  /** Takes note of a row of the main model and the token that followed it. */
  void add(float[] mainHidden, int row, int next) {
    if (pending == MOST_PENDING) {
      mtp.forward(Batch.prompt(tokens, 0, pending, cache), hidden, 0);
      pending = 0;
    }
    if (hidden.length < (pending + 1) * width) {
      hidden = Arrays.copyOf(hidden, Math.max((pending + 1) * width, 2 * hidden.length));
    }
    System.arraycopy(mainHidden, row * width, hidden, pending * width, width);
    tokens[pending++] = next;
  }

  /**
   * Guesses what follows the last token: first from the main model's hidden state, then, deeper,
   * from its own.
   *
   * @return how many guesses there are: {@code most}, or fewer where its logits are no numbers
   */
  int propose(int[] drafts, int most, Sampler sampler) {
    // 1. What has really happened since.
    int rows = pending;
    mtp.forward(Batch.generate(tokens, caches, rows), hidden, 0);
    pending = 0;
    int length = cache.length();
    // 2. Guesses, each from the one before.
    int n = 0;
    int guess = guess(rows - 1, n, sampler);
    while (guess >= 0 && n < most) {
      drafts[n++] = guess;
      if (n < most) {
        tokens[0] = guess;
        mtp.forward(Batch.generate(tokens, caches, 1), mtp.hidden(), n == 1 ? rows - 1 : 0);
        guess = guess(0, n, sampler);
      }
    }
    // 3. Guesses are no history.
    cache.truncate(length);
    return n;
  }

  /** Gives its memory back. */
  void close() {
    cache.close();
  }

  /** Rows that the next guess has to catch up with. */
  int pending() {
    return pending;
  }

  private int guess(int row, int ahead, Sampler sampler) {
    mtp.logits(row, 1, logits);
    return sampler.guess(logits, 0, ahead);
  }
}
