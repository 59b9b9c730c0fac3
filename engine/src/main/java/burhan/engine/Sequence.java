package burhan.engine;

import burhan.nn.KeyValueCache;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: what of the prompt is read, what is generated, why it ended. Knows no
 * other sequence and runs no model.
 */
final class Sequence {
  private final GenerationRequest request;
  private final Cancellation cancellation;
  private final Consumer<Answer> finished;
  private final KeyValueCache cache;
  private final Sampler sampler;
  private final AnswerText text;
  private final Set<Integer> endTokens;
  private final int mostTokens;
  private final long startNanos = System.nanoTime();
  private int promptRead;
  private int[] tokens = new int[16];
  private int count;
  private Answer.@Nullable FinishReason finish;
  private long prefillNanos;
  private long firstTokenNanos;
  private long endNanos;

  /**
   * @param finished told the answer once, after the listener has all pieces
   */
  Sequence(
      Engine engine,
      GenerationRequest request,
      AnswerListener listener,
      Cancellation cancellation,
      Consumer<Answer> finished) {
    this.request = request;
    this.cancellation = cancellation;
    this.finished = finished;
    this.endTokens = engine.endTokens();
    int[] prompt = request.prompt().ids();
    this.mostTokens = Math.min(request.maxTokens(), engine.contextLength() - prompt.length);
    this.cache = engine.model().newCache(engine.contextLength());
    this.sampler =
        new Sampler(
            request.sampling(),
            engine.model().vocabSize(),
            prompt,
            ThreadLocalRandom.current().nextLong(),
            engine.scratch());
    this.text =
        new AnswerText(engine.tokenizer(), request.prompt().start(), request.stop(), listener);
    if (mostTokens < 1) {
      finish(Answer.FinishReason.LENGTH);
    }
  }

  boolean isCancelled() {
    return cancellation.isCancelled() || Thread.currentThread().isInterrupted();
  }

  boolean isFinished() {
    return finish != null;
  }

  KeyValueCache cache() {
    return cache;
  }

  int[] prompt() {
    return request.prompt().ids();
  }

  int promptRead() {
    return promptRead;
  }

  int promptLeft() {
    return prompt().length - promptRead;
  }

  void promptWasRead(int rows, long nanos) {
    promptRead += rows;
    prefillNanos += nanos;
  }

  int lastToken() {
    return tokens[count - 1];
  }

  /** Chooses the next token by the logits, {@code [vocab]} from index {@code at}. */
  void sample(float[] logits, int at) {
    int token = sampler.next(logits, at);
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    tokens[count++] = token;
    if (count == 1) {
      firstTokenNanos = System.nanoTime();
    }
  }

  /** Takes the sampled token into the text and finishes if it was the last. */
  void collect() {
    if (endTokens.contains(lastToken())) {
      finish(Answer.FinishReason.STOP);
      return;
    }
    text.push(lastToken());
    if (text.isStopped()) {
      finish(Answer.FinishReason.STOP);
    } else if (count >= mostTokens) {
      finish(Answer.FinishReason.LENGTH);
    }
  }

  void finish(Answer.FinishReason reason) {
    finish = reason;
    endNanos = System.nanoTime();
    text.end(reason == Answer.FinishReason.STOP);
    finished.accept(answer(reason));
  }

  private Answer answer(Answer.FinishReason reason) {
    return new Answer(
        text.thinkingText(),
        text.answerText(),
        Arrays.copyOf(tokens, count),
        reason,
        new Answer.Usage(prompt().length, count, text.reasoningTokens()),
        new Answer.Timings(
            perSecond(promptRead, prefillNanos),
            count < 2 ? 0 : perSecond(count - 1, endNanos - firstTokenNanos),
            count == 0 ? 0 : (firstTokenNanos - startNanos) / 1e6));
  }

  private static double perSecond(int tokens, long nanos) {
    return nanos <= 0 ? 0 : tokens * 1e9 / nanos;
  }
}
