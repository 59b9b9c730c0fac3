package burhan.engine;

import burhan.kernel.Kernels;
import burhan.model.LanguageModel;
import burhan.model.LoadListener;
import burhan.model.Models;
import burhan.model.MultiTokenPrediction;
import burhan.tensor.BadInputException;
import burhan.token.ChatFormat;
import burhan.token.Message;
import burhan.token.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests to answers: a model, its tokenizer and chat template, and what ends an answer. Knows no
 * HTTP and no terminal. Safe for use by any number of threads, whose requests step together; an
 * answer is the same as alone.
 */
public final class Engine implements AutoCloseable {
  private final LanguageModel model;
  private final Tokenizer tokenizer;
  private final Set<Integer> endTokens;
  private final Sampling sampling;
  private final int contextLength;
  private final @Nullable ChatPrompts chat;
  private final Candidates scratch;
  private final Speculation speculation;
  private final StepCosts costs = new StepCosts(ContinuousBatch.MOST_ROWS);
  private final int thinkingTokens;
  private final CacheBudget budget;
  private final Scheduler scheduler;

  private Engine(LanguageModel model, TextFiles text, EngineOptions options) {
    this.contextLength = options.contextLength().orElse(model.contextLength());
    if (contextLength < 1 || contextLength > model.contextLength()) {
      throw new BadInputException(
          "context is %d tokens, but this model holds 1 to %d"
              .formatted(contextLength, model.contextLength()));
    }
    this.speculation = options.speculation();
    if (speculation.source() == Speculation.Source.MTP && model.multiTokenPrediction() == null) {
      throw new BadInputException(
          "speculate is mtp, but this model has no multi-token prediction; choose auto or ngram");
    }
    this.model = model;
    this.tokenizer = text.tokenizer();
    this.endTokens = Set.copyOf(text.endTokens());
    this.sampling = text.sampling();
    this.chat = text.format() == null ? null : new ChatPrompts(text.format(), tokenizer);
    this.scratch = new Candidates(model.vocabSize());
    this.thinkingTokens = options.thinkingTokens();
    this.budget =
        new CacheBudget(options.cacheBytes().orElseGet(CacheBudget::reasonable), tokenBytes());
    this.scheduler = new Scheduler(this, options, budget, costs);
  }

  /** Bytes of a token in all caches of a sequence. */
  private long tokenBytes() {
    long bytes = model.newCache(1).bytesPerToken();
    MultiTokenPrediction prediction = model.multiTokenPrediction();
    boolean predicts =
        switch (speculation.source()) {
          case OFF, NGRAM -> false;
          case AUTO, MTP -> true;
        };
    if (prediction != null && predicts) {
      bytes += prediction.newCache(1).bytesPerToken();
    }
    return bytes;
  }

  /**
   * Opens a model, a folder or a GGUF file: weights, config, tokenizer, and the chat template where
   * there is one.
   *
   * @param kernels stay the caller's, and open as long as the engine
   * @throws BadInputException if a file is missing, damaged or not supported
   */
  public static Engine open(Path path, Kernels kernels) {
    return open(path, kernels, EngineOptions.DEFAULT);
  }

  /** The same with a context and a choice of how tokens are guessed ahead. */
  public static Engine open(
      Path path, Kernels kernels, OptionalInt contextLength, Speculation speculation) {
    return open(
        path,
        kernels,
        EngineOptions.DEFAULT.withContextLength(contextLength).withSpeculation(speculation));
  }

  /** The same with options. */
  public static Engine open(Path path, Kernels kernels, EngineOptions options) {
    return open(path, kernels, options, LoadListener.NONE);
  }

  /** The same with somebody who wants to know how far it is. */
  public static Engine open(
      Path path, Kernels kernels, EngineOptions options, LoadListener listener) {
    LanguageModel model = Models.open(path, kernels, listener);
    try {
      return new Engine(model, TextFiles.open(path, model.vocabSize()), options);
    } catch (BadInputException e) {
      model.close();
      throw e;
    }
  }

  /**
   * An engine from parts, without a format for conversations.
   *
   * @param model is the engine's from now on, and closed with it
   * @param endTokens ids that end an answer
   */
  public static Engine of(LanguageModel model, Tokenizer tokenizer, Set<Integer> endTokens) {
    return of(model, tokenizer, endTokens, Speculation.AUTO);
  }

  /** The same with a choice of how tokens are guessed ahead. */
  public static Engine of(
      LanguageModel model, Tokenizer tokenizer, Set<Integer> endTokens, Speculation speculation) {
    return of(
        model,
        new TextFiles(tokenizer, null, endTokens, Sampling.RECOMMENDED),
        EngineOptions.DEFAULT.withSpeculation(speculation));
  }

  /** The same with a format for conversations. */
  public static Engine of(
      LanguageModel model, Tokenizer tokenizer, ChatFormat format, Set<Integer> endTokens) {
    return of(
        model,
        new TextFiles(tokenizer, format, endTokens, Sampling.RECOMMENDED),
        EngineOptions.DEFAULT);
  }

  /** The same with all that is known of its text. */
  public static Engine of(LanguageModel model, TextFiles text, Speculation speculation) {
    return of(model, text, EngineOptions.DEFAULT.withSpeculation(speculation));
  }

  /** The same with options. */
  public static Engine of(LanguageModel model, TextFiles text, EngineOptions options) {
    return new Engine(model, text, options);
  }

  /** Whether conversations are written as plain lines, because the model has no template. */
  public boolean writesPlainLines() {
    return chat != null && chat.isPlain();
  }

  /**
   * A conversation as the model's template writes it, so that the assistant speaks next. What the
   * messages spell never becomes a control token.
   *
   * @param thinking false ends the prompt behind a thinking that is already over and empty
   * @throws BadInputException if the model has no chat template, or it refuses the conversation
   */
  public Prompt prompt(List<Message> messages, boolean thinking) {
    if (chat == null) {
      throw new BadInputException(
          "this model has no chat template, so it only continues text; give it a raw prompt, or add a chat_template.jinja to its folder");
    }
    return chat.prompt(messages, thinking);
  }

  /**
   * Generates one answer and tells the listener as it comes, in the calling thread. Waits in line
   * however long that is.
   *
   * @throws BadInputException if the prompt does not fit into the context
   * @throws IllegalStateException if the engine is closed
   */
  public Answer generate(
      GenerationRequest request, AnswerListener listener, Cancellation cancellation) {
    return submit(request, cancellation, false).await(listener);
  }

  /** Generates one answer. */
  public Answer generate(GenerationRequest request) {
    return generate(request, AnswerListener.NONE, new Cancellation());
  }

  /**
   * Puts a request in line, to be read with {@link Generation#await} by a thread of the caller's.
   *
   * @throws BadInputException if the prompt does not fit into the context
   * @throws BusyException if the line is full
   * @throws IllegalStateException if the engine is closed, or about to be
   */
  public Generation submit(GenerationRequest request, Cancellation cancellation) {
    return submit(request, cancellation, true);
  }

  private Generation submit(
      GenerationRequest request, Cancellation cancellation, boolean isBounded) {
    check(request);
    Generation generation = new Generation(request, cancellation);
    scheduler.submit(generation, isBounded);
    return generation;
  }

  /** Generates all answers, {@code batchSize} at a time, and returns them in order. */
  public List<Answer> generateAll(List<GenerationRequest> requests, int batchSize) {
    return generateAll(requests, batchSize, (answer, index) -> {}, new Cancellation());
  }

  /**
   * Generates all answers, several stepping together.
   *
   * @param batchSize most of them in memory at the same time
   * @param finished told each answer and the index of its request, in the order they finish
   * @param cancellation ends them all
   * @return the answers in the order of the requests
   * @throws BadInputException if a prompt does not fit into the context, before anything runs
   */
  public List<Answer> generateAll(
      List<GenerationRequest> requests,
      int batchSize,
      ObjIntConsumer<Answer> finished,
      Cancellation cancellation) {
    if (batchSize < 1) {
      throw new BadInputException("batch size is %d, expected 1 or more".formatted(batchSize));
    }
    requests.forEach(this::check);
    return new GenerationRun(scheduler, requests, finished, cancellation).run(batchSize);
  }

  private void check(GenerationRequest request) {
    int[] ids = request.prompt().ids();
    if (ids.length == 0) {
      throw new BadInputException("prompt: no tokens, expected at least one");
    }
    if (ids.length > contextLength) {
      throw new BadInputException(
          "prompt: %d tokens, but the context holds %d; shorten it or open the model with a larger context"
              .formatted(ids.length, contextLength));
    }
    if (ids.length > budget.mostTokens()) {
      throw new BadInputException(
          "prompt: %d tokens take %d bytes of cache, but the engine may use %d; shorten it or allow more memory"
              .formatted(ids.length, budget.bytes(ids.length), budget.limit()));
    }
    for (int id : ids) {
      if (id < 0 || id >= model.vocabSize()) {
        throw new BadInputException(
            "prompt: token %d, expected 0 to %d".formatted(id, model.vocabSize() - 1));
      }
    }
    // Before anything runs: a bad id among many requests must not surface in the middle.
    request.sampling().checkBias(model.vocabSize());
  }

  /** Most tokens of the answer: what is asked for, and there is room for. */
  int mostTokens(GenerationRequest request) {
    int room = Math.min(contextLength, budget.mostTokens());
    return Math.min(request.maxTokens(), room - request.promptTokens());
  }

  /** Most tokens of anybody's thinking. */
  int thinkingTokens() {
    return thinkingTokens;
  }

  /** What the engine is busy with. */
  public EngineLoad load() {
    return scheduler.load();
  }

  /** The model, for those who look deeper; not to be run while the engine generates. */
  public LanguageModel model() {
    return model;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Ids that end an answer. */
  public Set<Integer> endTokens() {
    return endTokens;
  }

  /** How the model itself wants to be sampled: its {@code generation_config.json}. */
  public Sampling sampling() {
    return sampling;
  }

  /** Tokens of prompt and answer together. */
  public int contextLength() {
    return contextLength;
  }

  Candidates scratch() {
    return scratch;
  }

  /** What guesses the tokens of a sequence ahead, or null where nothing does. */
  @Nullable Drafts drafts(int[] prompt, Sampler sampler) {
    return speculation.source() == Speculation.Source.OFF
        ? null
        : new Drafts(speculation, costs, model, contextLength, prompt, sampler);
  }

  /**
   * Takes no more requests, cancels those in line, lets the running ones finish, and releases the
   * model.
   *
   * @param grace after which they are cancelled, within one step
   */
  public void stop(Duration grace) {
    scheduler.stop(grace);
  }

  /** Ends what is generating, within one step and as cancelled, and releases the model. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
