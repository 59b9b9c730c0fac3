package burhan.engine;

import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
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

  private final LanguageModel model;
  private final int slots;
  private final BooleanSupplier closing;
  private final Deque<Supplier<Sequence>> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private float[] logits = {}; // [rows, vocab]

  /**
   * @param slots most sequences that run at the same time
   * @param closing whether everything is to end
   */
  ContinuousBatch(LanguageModel model, int slots, BooleanSupplier closing) {
    this.model = model;
    this.slots = slots;
    this.closing = closing;
  }

  /** Queues a sequence, which is made when its turn comes: its memory is needed only then. */
  void add(Supplier<Sequence> sequence) {
    waiting.add(sequence);
  }

  /**
   * One step of the model: a piece of one prompt, or one token for every running sequence.
   *
   * @return whether there is more to do
   */
  boolean step() {
    // 1. Schedule: fill the slots; a prompt comes first, so that more sequences decode together.
    admit();
    if (running.isEmpty()) {
      return false;
    }
    Sequence reading = unread();
    // 2. Run.
    List<Sequence> ready = reading == null ? decode() : prefill(reading);
    // 3. Sample.
    for (int row = 0; row < ready.size(); row++) {
      ready.get(row).sample(logits, row * model.vocabSize());
    }
    // 4. Collect.
    ready.forEach(Sequence::collect);
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

  /** Reads on in a prompt; its sequence is ready to sample when the whole prompt is read. */
  private List<Sequence> prefill(Sequence sequence) {
    long start = System.nanoTime();
    int rows = Math.min(PROMPT_CHUNK, sequence.promptLeft());
    model.forward(Batch.prompt(sequence.prompt(), sequence.promptRead(), rows, sequence.cache()));
    boolean isLast = rows == sequence.promptLeft();
    if (isLast) {
      makeRoom(1);
      model.logits(rows - 1, 1, logits);
    }
    sequence.promptWasRead(rows, System.nanoTime() - start);
    return isLast ? List.of(sequence) : List.of();
  }

  private List<Sequence> decode() {
    int rows = running.size();
    int[] tokens = new int[rows];
    KeyValueCache[] caches = new KeyValueCache[rows];
    for (int row = 0; row < rows; row++) {
      tokens[row] = running.get(row).lastToken();
      caches[row] = running.get(row).cache();
    }
    model.forward(Batch.generate(tokens, caches));
    makeRoom(rows);
    model.logits(0, rows, logits);
    return List.copyOf(running);
  }

  private void makeRoom(int rows) {
    int needed = Math.multiplyExact(rows, model.vocabSize());
    if (logits.length < needed) {
      logits = new float[needed];
    }
  }
}
