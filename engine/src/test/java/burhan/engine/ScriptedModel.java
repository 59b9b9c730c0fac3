package burhan.engine;

import burhan.kernel.AttentionMemory;
import burhan.kernel.Phase;
import burhan.kernel.ScalarKernels;
import burhan.model.LanguageModel;
import burhan.nn.Batch;
import burhan.nn.KeyValueCache;
import burhan.nn.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/** A model whose next token is a function of the last token and its position. Counts its steps. */
final class ScriptedModel implements LanguageModel {
  private final int vocabSize;
  private final int contextLength;
  private final IntBinaryOperator next; // (token, position) -> the likeliest next token
  final List<String> steps = new ArrayList<>();
  Runnable beforeStep = () -> {};
  Consumer<Batch> onBatch = batch -> {};
  boolean isClosed;
  private int[] answers = {};
  private double[] chances = {}; // of the tokens whatever came before; empty where one is certain

  ScriptedModel(int vocabSize, int contextLength, IntBinaryOperator next) {
    this.vocabSize = vocabSize;
    this.contextLength = contextLength;
    this.next = next;
  }

  /** Says these tokens, one after the other, after a prompt of any length. */
  static ScriptedModel saying(int vocabSize, int promptLength, int... tokens) {
    return new ScriptedModel(
        vocabSize,
        promptLength + tokens.length + 10,
        (token, position) -> tokens[Math.min(position + 1 - promptLength, tokens.length - 1)]);
  }

  /** Draws every token independently; the others of the vocabulary never come. */
  static ScriptedModel drawing(double[] chances, int contextLength) {
    ScriptedModel model = new ScriptedModel(ByteTokens.SIZE, contextLength, (token, position) -> 0);
    model.chances = chances;
    return model;
  }

  @Override
  public int vocabSize() {
    return vocabSize;
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public KeyValueCache newCache(int capacity) {
    AttentionMemory.Shape shape = new AttentionMemory.Shape(1, 1, 1, 2, false);
    return new KeyValueCache(new ScalarKernels().newMemory(shape), capacity);
  }

  @Override
  public void forward(Batch batch) {
    if (isClosed) {
      throw new AssertionError("the model runs after it was closed");
    }
    beforeStep.run();
    onBatch.accept(batch);
    steps.add((batch.phase() == Phase.PROMPT ? "prompt " : "generate ") + batch.size());
    answers = new int[batch.size()];
    for (int row = 0; row < answers.length; row++) {
      boolean isLast = batch.phase() == Phase.GENERATE || row == answers.length - 1;
      answers[row] = isLast ? next.applyAsInt(batch.token(row), batch.position(row)) : 0;
    }
  }

  @Override
  public void logits(int firstRow, int rows, float[] out) {
    Arrays.fill(out, 0, rows * vocabSize, 0f);
    for (int row = 0; row < rows; row++) {
      if (chances.length > 0) {
        Arrays.fill(out, row * vocabSize, (row + 1) * vocabSize, -1000f);
        for (int id = 0; id < chances.length; id++) {
          out[row * vocabSize + id] = (float) Math.log(chances[id]);
        }
        continue;
      }
      out[row * vocabSize + answers[firstRow + row]] = 30;
    }
  }

  @Override
  public float[] hidden() {
    return new float[0];
  }

  @Override
  public Summary summary() {
    return new Summary(
        "scripted",
        0,
        0,
        0,
        0,
        Map.of(),
        1,
        1,
        contextLength,
        vocabSize,
        new AttentionMemory.Shape(1, 1, 1, 1, false));
  }

  @Override
  public void probe(@Nullable Probe probe) {}

  @Override
  public void close() {
    isClosed = true;
  }
}
