package burhan.engine;

import burhan.model.LanguageModel;
import burhan.model.MultiTokenPrediction;
import org.jspecify.annotations.Nullable;

/**
 * The guesses of one sequence: which source is asked, for how many, and whether that still pays.
 * Knows no rows of a batch and never decides a token: the sampler draws each as it would without
 * guesses, and a guess is right if it is what was drawn.
 */
final class Drafts {
  // Every so often a step without guesses, to know what one costs; the first one above all.
  private static final int PLAIN_EVERY = 32;
  private static final int LONG_MATCH = 4; // tokens; such guesses are right much more often
  private static final int MTP_CHANCES = 2; // then its cache is not kept up any longer

  private final Speculation speculation;
  private final StepCosts costs;
  private final int[] prompt;
  private final Sampler sampler;
  private final @Nullable NgramDraft ngram;
  private @Nullable MtpDraft mtp;
  private final Acceptance shortMatches;
  private final Acceptance longMatches;
  private final Acceptance predictions;
  private final int[] drafts;
  private @Nullable Acceptance asked; // whom the last guesses came from, where that is counted
  private int steps;
  private int drafted;
  private int accepted;

  /**
   * @param speculation not {@code OFF}
   * @param costs of all sequences together
   */
  Drafts(
      Speculation speculation,
      StepCosts costs,
      LanguageModel model,
      int contextLength,
      int[] prompt,
      Sampler sampler) {
    this.speculation = speculation;
    this.costs = costs;
    this.prompt = prompt;
    this.sampler = sampler;
    int most = speculation.draftTokens();
    this.drafts = new int[most];
    this.shortMatches = new Acceptance(most);
    this.longMatches = new Acceptance(most);
    this.predictions = new Acceptance(most);
    MultiTokenPrediction layer = model.multiTokenPrediction();
    boolean predicts =
        switch (speculation.source()) {
          case OFF, NGRAM -> false;
          case MTP -> true;
          case AUTO -> !costs.isPredictionHopeless();
        };
    this.mtp =
        layer == null || !predicts
            ? null
            : new MtpDraft(layer, model.summary().width(), model.vocabSize(), contextLength);
    this.ngram = speculation.source() == Speculation.Source.MTP ? null : new NgramDraft();
    if (ngram != null) {
      for (int token : prompt) {
        ngram.add(token);
      }
    }
  }

  /** Rows of the prompt, from {@code from} on, have passed the model. */
  void read(int from, int rows, float[] hidden) {
    if (mtp != null) {
      mtp.read(prompt, from, Math.min(rows, prompt.length - 1 - from), hidden);
    }
  }

  /** A token was drawn behind a row of the model's last step. */
  void add(int token, float[] hidden, int row) {
    if (ngram != null) {
      ngram.add(token);
    }
    if (mtp != null) {
      mtp.add(hidden, row, token);
    }
  }

  /**
   * Guesses the next tokens.
   *
   * @param room most guesses that can be of use
   * @param sequences that step together
   * @return how many, at {@link #draft}
   */
  int propose(int room, int sequences) {
    int most = Math.min(room, speculation.draftTokens());
    asked = null;
    int n =
        most < 1
            ? 0
            : switch (speculation.source()) {
              case OFF -> 0;
              case NGRAM -> ngram == null ? 0 : ngram.propose(drafts, most);
              case MTP -> mtp == null ? 0 : mtp.propose(drafts, most, sampler);
              case AUTO -> whatPays(most, sequences);
            };
    drafted += n;
    return n;
  }

  private int whatPays(int most, int sequences) {
    if (steps++ % PLAIN_EVERY == 0) {
      return 0;
    }
    boolean measures = costs.isUnsure();
    int reach = measures ? 1 : most; // a price is learnt from one guess as well as from many
    double row = measures ? 0 : costs.row(sequences);
    // 1. The sequence's own text costs nothing to ask.
    int matches = ngram == null ? 0 : ngram.propose(drafts, reach);
    int n = 0;
    double speedUp = 1;
    if (ngram != null && matches > 0) {
      asked = ngram.matched() < LONG_MATCH ? shortMatches : longMatches;
      n = asked.worth(matches, row);
      speedUp = asked.speedUp();
    }
    // 2. The model's own prediction, where it promises more.
    if (mtp != null) {
      int predicted = predictions.worth(reach, measures ? 0 : row + costs.draft(sequences));
      if (predicted > 0 && predictions.speedUp() > speedUp) {
        asked = predictions;
        int known = mtp.pending();
        long start = System.nanoTime();
        n = mtp.propose(drafts, predicted, sampler);
        costs.draftTook(known + predicted - 1, System.nanoTime() - start);
      } else if (predictions.failures() >= MTP_CHANCES) {
        mtp.close();
        mtp = null;
      }
    }
    return n;
  }

  /** One of the last guesses. */
  int draft(int index) {
    return drafts[index];
  }

  /** A token was drawn in the place of one of the last guesses; returns whether it is the guess. */
  boolean confirm(int index, int token) {
    boolean isRight = drafts[index] == token;
    if (isRight) {
      accepted++;
    }
    if (asked != null) {
      asked.count(index, isRight);
    }
    return isRight;
  }

  /** Gives back what the prediction remembers. */
  void close() {
    if (mtp != null) {
      mtp.close();
    }
  }

  int drafted() {
    return drafted;
  }

  int accepted() {
    return accepted;
  }
}
