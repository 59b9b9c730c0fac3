package burhan.engine;

import burhan.nn.KeyValueCache;
import burhan.token.Tokenizer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: what of the prompt is read, what is generated, why it ended. Knows no
 * other sequence and runs no model.
 */
final class Sequence {
  private final Generation generation;
  private final GenerationRequest request;
  private final KeyValueCache cache;
  private final Sampler sampler;
  private final @Nullable Drafts drafts;
  private final AnswerText text;
  private final Set<Integer> endTokens;
  private final int mostTokens;
  private final Tokenizer tokenizer;
  private final int vocabSize;
  private final PrefixCache.Match match;
  private final int cachedTokens;
  private long cacheBytes;
  private final long startNanos = System.nanoTime();
  private final int thinkingTokens;
  private int[] forced = {}; // closes the thinking, whatever the model says
  private int forcedCount; // of them that are taken
  private int plannedForced; // rows of the step that hold them
  private int promptRead;
  private int[] tokens = new int[16];
  private int count;
  private Answer.@Nullable FinishReason finish;
  private @Nullable Throwable failure;
  private long prefillNanos;
  private long firstTokenNanos;
  private long endNanos;

  /**
   * @param guesses whether tokens may be guessed ahead
   * @param mostTokens most tokens of the answer, which there is room for
   * @param match what of the prompt is known
   * @param cacheBytes promised for the rest and the answer
   */
  Sequence(
      Engine engine,
      Generation generation,
      boolean guesses,
      int mostTokens,
      PrefixCache.Match match,
      long cacheBytes) {
    this.generation = generation;
    this.request = generation.request();
    this.endTokens = engine.endTokens();
    this.mostTokens = mostTokens;
    this.thinkingTokens = Math.min(request.thinkingTokens(), engine.thinkingTokens());
    this.tokenizer = engine.tokenizer();
    this.vocabSize = engine.model().vocabSize();
    this.match = match;
    this.cachedTokens = match.tokens();
    this.promptRead = cachedTokens;
    this.cacheBytes = cacheBytes;
    int[] prompt = request.prompt().ids();
    this.cache = engine.model().newCache(engine.contextLength());
    this.sampler =
        new Sampler(
            request.sampling(),
            engine.model().vocabSize(),
            prompt,
            ThreadLocalRandom.current().nextLong(),
            engine.scratch());
    this.drafts = mostTokens < 2 || !guesses ? null : engine.drafts(prompt, sampler);
    this.text =
        new AnswerText(
            engine.tokenizer(), request.prompt().start(), request.stop(), generation::put);
    if (thinkingTokens == 0 && request.prompt().start() == Prompt.Start.THINKING) {
      forced = tokenizer.encodeWithSpecials(Thinking.CLOSING);
    }
    cache.begin(match.blocks(), cachedTokens);
    if (mostTokens < 1) {
      finish(Answer.FinishReason.LENGTH);
    }
  }

  boolean isCancelled() {
    return generation.cancellation().isCancelled();
  }

  boolean isFinished() {
    return finish != null || failure != null;
  }

  Generation generation() {
    return generation;
  }

  KeyValueCache cache() {
    return cache;
  }

  /** Bytes that are promised to it alone. */
  long cacheBytes() {
    return cacheBytes;
  }

  /**
   * Keeps what is settled for those that begin alike.
   *
   * @param most tokens to keep
   * @return bytes that are promised to it no longer
   */
  long keep(PrefixCache prefixes, int most) {
    int[] all = Arrays.copyOf(prompt(), prompt().length + count);
    System.arraycopy(tokens, 0, all, prompt().length, count);
    long bytes = prefixes.add(request.tenant(), match, all, Math.min(most, settled()), cache);
    cacheBytes -= bytes;
    return bytes;
  }

  /** Gives back all that it holds. */
  void close(PrefixCache prefixes) {
    prefixes.leave(match);
    cache.close();
    if (drafts != null) {
      drafts.close();
    }
  }

  boolean isFailed() {
    return failure != null;
  }

  /** How long its turn took; 0 if it failed. */
  long nanos() {
    return finish == null ? 0 : endNanos - startNanos;
  }

  int[] prompt() {
    return request.prompt().ids();
  }

  /** Tokens that the model has seen and that are settled. */
  int settled() {
    return count == 0 ? promptRead : prompt().length + count - 1;
  }

  int promptRead() {
    return promptRead;
  }

  int promptLeft() {
    return prompt().length - promptRead;
  }

  /** The model has read {@code rows} more of the prompt. */
  void promptWasRead(int rows, float[] hidden, long nanos) {
    if (drafts != null) {
      drafts.read(promptRead, rows, hidden);
    }
    promptRead += rows;
    prefillNanos += nanos;
  }

  /**
   * Guesses tokens for the next step.
   *
   * @param most rows that the step has for guesses
   * @param sequences that step together
   * @return how many rows the sequence fills: its last token, and the guesses behind it
   */
  int plan(int most, int sequences) {
    // The last token of an answer is nobody's context.
    int useful = Math.min(most, mostTokens - count - 1);
    plannedForced = Math.clamp(forced.length - forcedCount, 0, Math.max(0, useful));
    if (plannedForced > 0) {
      return 1 + plannedForced; // guesses that are certain
    }
    return drafts == null ? 1 : 1 + drafts.propose(useful, sequences);
  }

  /** The token of one of the planned rows. */
  int token(int row) {
    if (row == 0) {
      return tokens[count - 1];
    }
    return plannedForced > 0 || drafts == null
        ? forced[forcedCount + row - 1]
        : drafts.draft(row - 1);
  }

  /**
   * Chooses the next token by the first row's logits, and goes on with the row of that token as
   * long as it was guessed: what was drawn decides, so that guesses change neither the answer nor
   * its distribution. For a guess d this is the rule of Leviathan et al. (2023) and Chen et al.
   * (2023): it is accepted with probability p(d), and what replaces it is drawn from p without d.
   *
   * @param logits [rows, vocab] from index {@code at}
   * @param hidden the step's, whose row {@code hiddenRow} is the first of these
   */
  void take(float[] logits, int at, int rows, int vocabSize, float[] hidden, int hiddenRow) {
    int row = 0;
    boolean goesOn = true;
    while (goesOn) {
      int token = sample(logits, at + row * vocabSize);
      goesOn = row + 1 < rows && isRight(row, token);
      collect();
      if (drafts != null && !isFinished()) {
        drafts.add(token, hidden, hiddenRow + row);
      }
      goesOn &= !isFinished() && !isCancelled();
      row++;
    }
    cache.truncate(settled());
  }

  /** A copy, because the sampler changes them; empty where nobody looks. */
  private float[] logitsToShow(float[] logits, int at) {
    return request.alternatives() == GenerationRequest.UNOBSERVED
        ? new float[0]
        : Arrays.copyOfRange(logits, at, at + vocabSize);
  }

  /** Whether the token that was drawn is the one that stands in the next row. */
  private boolean isRight(int row, int token) {
    return plannedForced > 0 || (drafts != null && drafts.confirm(row, token));
  }

  private int sample(float[] logits, int at) {
    float[] seen = logitsToShow(logits, at);
    int token;
    if (forcedCount < forced.length) {
      token = forced[forcedCount++];
      sampler.accept(token);
    } else {
      token = sampler.next(logits, at);
    }
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    tokens[count++] = token;
    if (seen.length > 0) {
      generation.put(TokenChoice.of(seen, token, request.alternatives()));
    }
    if (count == 1) {
      firstTokenNanos = System.nanoTime();
    }
    return token;
  }

  /** Takes the sampled token into the text and finishes if it was the last. */
  private void collect() {
    int token = tokens[count - 1];
    if (endTokens.contains(token)) {
      finish(Answer.FinishReason.STOP);
      return;
    }
    text.push(token);
    if (text.isStopped()) {
      finish(Answer.FinishReason.STOP);
    } else if (count >= mostTokens) {
      finish(Answer.FinishReason.LENGTH);
    } else if (count >= thinkingTokens
        && forced.length == 0
        && text.isThinking()
        && text.isWhole()) {
      forced = tokenizer.encodeWithSpecials(Thinking.CLOSING);
    }
  }

  void finish(Answer.FinishReason reason) {
    finish = reason;
    endNanos = System.nanoTime();
    text.end(reason == Answer.FinishReason.STOP);
  }

  /** Ends without an answer. */
  void fail(Throwable cause) {
    failure = cause;
  }

  /** Tells whoever waits, when nothing of the sequence is needed any more. */
  void publish() {
    if (failure != null) {
      generation.fail(failure);
    } else if (finish != null) {
      generation.finish(answer(finish));
    }
  }

  private Answer answer(Answer.FinishReason reason) {
    return new Answer(
        text.thinkingText(),
        text.answerText(),
        Arrays.copyOf(tokens, count),
        reason,
        new Answer.Usage(
            prompt().length,
            count,
            text.reasoningTokens(),
            drafts == null ? 0 : drafts.drafted(),
            drafts == null ? 0 : drafts.accepted(),
            cachedTokens),
        new Answer.Timings(
            perSecond(promptRead - cachedTokens, prefillNanos),
            count < 2 ? 0 : perSecond(count - 1, endNanos - firstTokenNanos),
            count == 0 ? 0 : (firstTokenNanos - startNanos) / 1e6,
            (startNanos - generation.submitNanos()) / 1e6));
  }

  private static double perSecond(int tokens, long nanos) {
    return nanos <= 0 ? 0 : tokens * 1e9 / nanos;
  }
}
