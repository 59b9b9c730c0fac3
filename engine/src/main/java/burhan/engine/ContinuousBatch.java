package burhan.engine;

import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Running sequences, stepping together. Knows rows and logits, no text, and not who waits. A row's
 * result does not depend on its company or on how a prompt is cut, so neither does an answer; only
 * how long it takes depends on the clock.
 */
final class ContinuousBatch {
  /** Rows of a prompt read at once: enough to use the caches, few enough to cancel soon. */
  static final int PROMPT_CHUNK = 512;

  /** Rows of a step that sequences which guess may fill together. */
  static final int MOST_ROWS = 32;

  /** Sequences that can be together and still have a row for a guess each. */
  static final int MOST_GUESSING = MOST_ROWS / 2;

  // While answers are running a step reads prompts for this long, or for as long as the answers'
  // own rows take: they come at half their speed at worst. By time, not by rows: a row of a prompt
  // costs a microsecond or a tenth of a second, depending on the model.
  private static final long READING_NANOS = 100_000_000;
  private static final int LEAST_CHUNK = 16; // rows that the kernels take together

  private final LanguageModel model;
  private final StepCosts costs;
  private final Consumer<Sequence> promptRead;
  private final Deque<Sequence> reading = new ArrayDeque<>();
  private final List<Sequence> decoding = new ArrayList<>();
  private double rowNanos; // of a prompt, as last seen
  private long decodeNanos; // of the last step of answers
  private int[] planned = {}; // rows of each sequence in this step
  private int[] tokens = {}; // [rows]
  private KeyValueCache[] caches = {}; // [rows]
  private float[] logits = {}; // [rows, vocab]

  /**
   * @param costs told what the steps cost
   * @param promptRead told each sequence whose prompt has been read
   */
  ContinuousBatch(LanguageModel model, StepCosts costs, Consumer<Sequence> promptRead) {
    this.model = model;
    this.costs = costs;
    this.promptRead = promptRead;
  }

  void add(Sequence sequence) {
    reading.add(sequence);
  }

  int size() {
    return reading.size() + decoding.size();
  }

  /** Ends all that run. */
  void finishAll(Answer.FinishReason reason) {
    reading.forEach(sequence -> sequence.finish(reason));
    decoding.forEach(sequence -> sequence.finish(reason));
  }

  /** Ends all that run, without answers. */
  void failAll(Throwable cause) {
    reading.forEach(sequence -> sequence.fail(cause));
    decoding.forEach(sequence -> sequence.fail(cause));
  }

  /** Ends those that nobody waits for any more. */
  void finishUnwanted() {
    long now = System.nanoTime();
    for (Sequence sequence : reading) {
      finishIfUnwanted(sequence, now);
    }
    for (Sequence sequence : decoding) {
      finishIfUnwanted(sequence, now);
    }
  }

  private static void finishIfUnwanted(Sequence sequence, long now) {
    if (sequence.isCancelled()) {
      sequence.finish(Answer.FinishReason.CANCELLED);
    } else if (sequence.generation().isLate(now)) {
      sequence.finish(Answer.FinishReason.TIMEOUT);
    }
  }

  /** Takes out those that have ended. */
  List<Sequence> removeFinished() {
    List<Sequence> out = new ArrayList<>();
    for (Sequence sequence : reading) {
      if (sequence.isFinished()) {
        out.add(sequence);
      }
    }
    for (Sequence sequence : decoding) {
      if (sequence.isFinished()) {
        out.add(sequence);
      }
    }
    reading.removeIf(Sequence::isFinished);
    decoding.removeIf(Sequence::isFinished);
    return out;
  }

  /**
   * One step of the model: a piece of one prompt while nobody has an answer yet, else pieces of
   * prompts for a bounded time, and at least one token for every sequence that has read its prompt.
   * What fails fails alone.
   */
  void step() {
    if (decoding.isEmpty()) {
      if (!reading.isEmpty()) {
        prefill(PROMPT_CHUNK);
      }
      return;
    }
    long start = System.nanoTime();
    long most = Math.max(READING_NANOS, decodeNanos);
    long left = most;
    while (!reading.isEmpty() && left > 0) {
      prefill(chunk(left));
      left = most - (System.nanoTime() - start);
    }
    decode();
  }

  private int chunk(long nanos) {
    double rows = nanos / Math.max(rowNanos, 1);
    return (int) Math.clamp(rows, LEAST_CHUNK, PROMPT_CHUNK) / LEAST_CHUNK * LEAST_CHUNK;
  }

  /** Reads on in a prompt; prompts take turns, so that a short one need not wait for a long one. */
  private void prefill(int most) {
    Sequence sequence = reading.remove();
    try {
      if (!sequence.isFinished()) {
        read(sequence, Math.min(most, sequence.promptLeft()));
      }
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
    }
    if (sequence.isFinished() || sequence.promptLeft() == 0) {
      decoding.add(sequence);
    } else {
      reading.add(sequence);
    }
  }

  /** A sequence gets its first token when the whole prompt is read. */
  private void read(Sequence sequence, int rows) {
    long start = System.nanoTime();
    model.forward(Batch.prompt(sequence.prompt(), sequence.promptRead(), rows, sequence.cache()));
    boolean isLast = rows == sequence.promptLeft();
    if (isLast) {
      makeRoom(1);
      model.logits(rows - 1, 1, logits);
    }
    long took = System.nanoTime() - start;
    rowNanos = (double) took / rows;
    sequence.promptWasRead(rows, model.hidden(), took);
    if (isLast) {
      promptRead.accept(sequence);
      sequence.take(logits, 0, 1, model.vocabSize(), model.hidden(), rows - 1);
    }
  }

  /** The last token of every sequence and the guesses behind it, checked in one step. */
  private void decode() {
    List<Sequence> sequences = decoding.stream().filter(one -> !one.isFinished()).toList();
    if (sequences.isEmpty()) {
      return;
    }
    // 1. Plan.
    int most = Math.max(0, MOST_ROWS / sequences.size() - 1);
    int rows = 0;
    planned = Arrays.copyOf(planned, sequences.size());
    for (int i = 0; i < planned.length; i++) {
      Sequence sequence = sequences.get(i);
      planned[i] = plan(sequence, most, planned.length);
      makeRows(rows + planned[i]);
      for (int row = 0; row < planned[i]; row++) {
        tokens[rows] = sequence.token(row);
        caches[rows++] = sequence.cache();
      }
    }
    // 2. Run, and sample as far as the guesses were right.
    int guesses = rows - planned.length;
    try {
      long start = System.nanoTime();
      run(0, rows);
      decodeNanos = System.nanoTime() - start;
      costs.stepTook(rows, guesses, decodeNanos);
    } catch (RuntimeException | Error e) {
      takeAlone(sequences, e);
      return;
    }
    int row = 0;
    for (int i = 0; i < planned.length; i++) {
      take(sequences.get(i), row, planned[i]);
      row += planned[i];
    }
  }

  private static int plan(Sequence sequence, int most, int sequences) {
    try {
      return sequence.plan(most, sequences);
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
      return 0;
    }
  }

  /** Rows from {@code from} on, whose logits come to lie at index 0. */
  private void run(int from, int rows) {
    makeRoom(rows);
    model.forward(
        Batch.generate(
            Arrays.copyOfRange(tokens, from, from + rows),
            Arrays.copyOfRange(caches, from, from + rows),
            rows));
    model.logits(0, rows, logits);
  }

  /** A step has failed: whose fault it was shows when everybody does it again for himself. */
  private void takeAlone(List<Sequence> sequences, Throwable cause) {
    sequences.forEach(sequence -> sequence.cache().truncate(sequence.settled()));
    int from = 0;
    for (int i = 0; i < planned.length; i++) {
      Sequence sequence = sequences.get(i);
      if (planned.length == 1) {
        sequence.fail(cause);
      } else if (planned[i] > 0) {
        try {
          run(from, planned[i]);
          take(sequence, 0, planned[i]);
        } catch (RuntimeException | Error e) {
          sequence.fail(e);
        }
      }
      from += planned[i];
    }
  }

  private void take(Sequence sequence, int row, int rows) {
    if (rows == 0) {
      return; // it failed while it guessed
    }
    try {
      int at = row * model.vocabSize();
      sequence.take(logits, at, rows, model.vocabSize(), model.hidden(), row);
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
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
