package burhan.engine;

import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sequences from waiting to finished, several stepping together: when one ends the next takes its
 * place. Knows rows and logits, no text. A row's result does not depend on its company, so neither
 * does a greedy answer.
 */
final class ContinuousBatch {
  /** Rows of a prompt read in one step: enough to use the caches, few enough to cancel soon. */
  static final int PROMPT_CHUNK = 512;

  /** Rows of a step that sequences which guess may fill together. */
  static final int MOST_ROWS = 32;

  /** Sequences that can be together and still have a row for a guess each. */
  static final int MOST_GUESSING = MOST_ROWS / 2;

  private final LanguageModel model;
  private final int slots;
  private final BooleanSupplier closing;
  private final Deque<Supplier<Sequence>> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private final StepCosts costs;
  private int[] planned = {}; // rows of each running sequence in this step
  private int[] tokens = {}; // [rows]
  private KeyValueCache[] caches = {}; // [rows]
  private float[] logits = {}; // [rows, vocab]

  /**
   * @param slots most sequences that run at the same time
   * @param closing whether everything is to end
   * @param costs told what the steps cost
   */
  ContinuousBatch(LanguageModel model, int slots, BooleanSupplier closing, StepCosts costs) {
    this.model = model;
    this.slots = slots;
    this.closing = closing;
    this.costs = costs;
  }

  /** Queues a sequence, which is made when its turn comes: its memory is needed only then. */
  void add(Supplier<Sequence> sequence) {
    waiting.add(sequence);
  }

  /**
   * One step of the model: a piece of one prompt, or at least one token for every running sequence.
   *
   * @return whether there is more to do
   */
  boolean step() {
    // 1. Schedule: fill the slots; a prompt comes first, so that more sequences decode together.
    admit();
    if (running.isEmpty()) {
      return false;
    }
    // 2. Run and sample.
    Sequence reading = unread();
    if (reading == null) {
      decode();
    } else {
      prefill(reading);
    }
    // 3. Collect.
    running.removeIf(Sequence::isFinished);
    return !running.isEmpty() || !waiting.isEmpty();
  }

  private void admit() {
    boolean ends = closing.getAsBoolean();
    for (Sequence sequence : running) {
      if (ends || sequence.isCancelled()) {
        sequence.finish(Answer.FinishReason.CANCELLED);
      }
    }
    running.removeIf(Sequence::isFinished);
    while (running.size() < slots && !waiting.isEmpty()) {
      Sequence next = waiting.remove().get();
      if (!next.isFinished() && (ends || next.isCancelled())) {
        next.finish(Answer.FinishReason.CANCELLED);
      }
      if (!next.isFinished()) {
        running.add(next);
      }
    }
  }

  private @Nullable Sequence unread() {
    for (Sequence sequence : running) {
      if (sequence.promptLeft() > 0) {
        return sequence;
      }
    }
    return null;
  }

  /** Reads on in a prompt; its sequence gets its first token when the whole prompt is read. */
  private void prefill(Sequence sequence) {
    long start = System.nanoTime();
    int rows = Math.min(PROMPT_CHUNK, sequence.promptLeft());
    model.forward(Batch.prompt(sequence.prompt(), sequence.promptRead(), rows, sequence.cache()));
    boolean isLast = rows == sequence.promptLeft();
    if (isLast) {
      makeRoom(1);
      model.logits(rows - 1, 1, logits);
    }
    sequence.promptWasRead(rows, model.hidden(), System.nanoTime() - start);
    if (isLast) {
      sequence.take(logits, 0, 1, model.vocabSize(), model.hidden(), rows - 1);
    }
  }

  /** The last token of every sequence and the guesses behind it, checked in one step. */
  private void decode() {
    // 1. Plan.
    int sequences = running.size();
    int most = Math.max(0, MOST_ROWS / sequences - 1);
    int rows = 0;
    planned = Arrays.copyOf(planned, sequences);
    for (int i = 0; i < sequences; i++) {
      Sequence sequence = running.get(i);
      planned[i] = sequence.plan(most, sequences);
      makeRows(rows + planned[i]);
      for (int row = 0; row < planned[i]; row++) {
        tokens[rows] = sequence.token(row);
        caches[rows++] = sequence.cache();
      }
    }
    // 2. Run.
    makeRoom(rows);
    long start = System.nanoTime();
    model.forward(Batch.generate(tokens, caches, rows));
    model.logits(0, rows, logits);
    costs.stepTook(rows, rows - sequences, System.nanoTime() - start);
    // 3. Sample, as far as the guesses were right.
    int row = 0;
    for (int i = 0; i < sequences; i++) {
      running
          .get(i)
          .take(
              logits, row * model.vocabSize(), planned[i], model.vocabSize(), model.hidden(), row);
      row += planned[i];
    }
  }

  private void makeRows(int rows) {
    if (tokens.length < rows) {
      tokens = Arrays.copyOf(tokens, 2 * rows);
      caches = Arrays.copyOf(caches, 2 * rows);
    }
  }

  private void makeRoom(int rows) {
    int needed = Math.multiplyExact(rows, model.vocabSize());
    if (logits.length < needed) {
      logits = new float[needed];
    }
  }
}
