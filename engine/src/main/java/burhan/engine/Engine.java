package burhan.engine;

import burhan.kernel.Kernels;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.tensor.BadInputException;
import burhan.token.ChatFormat;
import burhan.token.Message;
import burhan.token.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Requests to answers: a model, its tokenizer and chat template, and what ends an answer. Knows no
 * HTTP and no terminal. Safe for use by several threads, which take turns.
 */
public final class Engine implements AutoCloseable {
  private static final int WAIT_MILLIS = 20; // between looks at the cancellation

  private final LanguageModel model;
  private final Tokenizer tokenizer;
  private final Set<Integer> endTokens;
  private final Sampling sampling;
  private final int contextLength;
  private final @Nullable ChatPrompts chat;
  private final Candidates scratch;
  private final Speculation speculation;
  private final StepCosts costs = new StepCosts(ContinuousBatch.MOST_ROWS);
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile boolean closing;
  private boolean isClosed; // guarded by turn

  private Engine(LanguageModel model, TextFiles text, int contextLength, Speculation speculation) {
    if (contextLength < 1 || contextLength > model.contextLength()) {
      throw new BadInputException(
          "context is %d tokens, but this model holds 1 to %d"
              .formatted(contextLength, model.contextLength()));
    }
    if (speculation.source() == Speculation.Source.MTP && model.multiTokenPrediction() == null) {
      throw new BadInputException(
          "speculate is mtp, but this model has no multi-token prediction; choose auto or ngram");
    }
    this.model = model;
    this.speculation = speculation;
    this.tokenizer = text.tokenizer();
    this.endTokens = Set.copyOf(text.endTokens());
    this.sampling = text.sampling();
    this.contextLength = contextLength;
    this.chat = text.format() == null ? null : new ChatPrompts(text.format(), tokenizer);
    this.scratch = new Candidates(model.vocabSize());
  }

  /**
   * Opens a model, a folder or a GGUF file: weights, config, tokenizer, and the chat template where
   * there is one.
   *
   * @param kernels stay the caller's, and open as long as the engine
   * @throws BadInputException if a file is missing, damaged or not supported
   */
  public static Engine open(Path path, Kernels kernels) {
    return open(path, kernels, OptionalInt.empty());
  }

  /** The same with a smaller context than the model's own. */
  public static Engine open(Path path, Kernels kernels, OptionalInt contextLength) {
    return open(path, kernels, contextLength, Speculation.AUTO);
  }

  /** The same with a choice of how tokens are guessed ahead. */
  public static Engine open(
      Path path, Kernels kernels, OptionalInt contextLength, Speculation speculation) {
    LanguageModel model = Models.open(path, kernels);
    try {
      TextFiles text = TextFiles.open(path, model.vocabSize());
      return new Engine(model, text, contextLength.orElse(model.contextLength()), speculation);
    } catch (BadInputException e) {
      model.close();
      throw e;
    }
  }

  /**
   * An engine from parts.
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
    TextFiles text = new TextFiles(tokenizer, null, endTokens, Sampling.RECOMMENDED);
    return new Engine(model, text, model.contextLength(), speculation);
  }

  /** The same with a format for conversations. */
  public static Engine of(
      LanguageModel model, Tokenizer tokenizer, ChatFormat format, Set<Integer> endTokens) {
    TextFiles text = new TextFiles(tokenizer, format, endTokens, Sampling.RECOMMENDED);
    return new Engine(model, text, model.contextLength(), Speculation.AUTO);
  }

  /** The same with all that is known of its text. */
  public static Engine of(LanguageModel model, TextFiles text, Speculation speculation) {
    return new Engine(model, text, model.contextLength(), speculation);
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
   * Generates one answer and tells the listener as it comes.
   *
   * @throws BadInputException if the prompt does not fit into the context
   * @throws IllegalStateException if the engine is closed
   */
  public Answer generate(
      GenerationRequest request, AnswerListener listener, Cancellation cancellation) {
    return run(List.of(request), 1, List.of(listener), cancellation).getFirst();
  }

  /** Generates one answer. */
  public Answer generate(GenerationRequest request) {
    return generate(request, AnswerListener.NONE, new Cancellation());
  }

  /** Generates all answers, {@code batchSize} at a time, and returns them in order. */
  public List<Answer> generateAll(List<GenerationRequest> requests, int batchSize) {
    return generateAll(requests, batchSize, (answer, index) -> {}, new Cancellation());
  }

  /**
   * Generates all answers, several stepping together. A greedy answer is the same as alone.
   *
   * @param batchSize most sequences in memory at the same time
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
    List<AnswerListener> listeners =
        IntStream.range(0, requests.size())
            .<AnswerListener>mapToObj(index ->
                new AnswerListener() {
                  @Override
                  public void finish(Answer answer) {
                    finished.accept(answer, index);
                  }
                })
            .toList();
    return run(requests, batchSize, listeners, cancellation);
  }

  private List<Answer> run(
      List<GenerationRequest> requests,
      int batchSize,
      List<AnswerListener> listeners,
      Cancellation cancellation) {
    requests.forEach(this::check);
    Answer[] answers = new Answer[requests.size()];
    if (!takeTurn(cancellation)) {
      Arrays.setAll(answers, i -> Answer.cancelled(requests.get(i).prompt().ids().length));
      return List.of(answers);
    }
    try {
      boolean guesses = Math.min(batchSize, requests.size()) <= ContinuousBatch.MOST_GUESSING;
      ContinuousBatch batch = new ContinuousBatch(model, batchSize, () -> closing, costs);
      for (int i = 0; i < answers.length; i++) {
        int index = i;
        Consumer<Answer> finished =
            answer -> {
              answers[index] = answer;
              listeners.get(index).finish(answer);
            };
        batch.add(() ->
            new Sequence(
                this, requests.get(index), guesses, listeners.get(index), cancellation, finished));
      }
      boolean more = true;
      while (more) {
        more = batch.step();
      }
      return List.of(answers);
    } finally {
      endTurn();
    }
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
    for (int id : ids) {
      if (id < 0 || id >= model.vocabSize()) {
        throw new BadInputException(
            "prompt: token %d, expected 0 to %d".formatted(id, model.vocabSize() - 1));
      }
    }
    // Before anything runs: a bad id among many requests must not surface in the middle.
    request.sampling().checkBias(model.vocabSize());
  }

  /** Waits for other threads' generations; false if cancelled meanwhile. */
  private boolean takeTurn(Cancellation cancellation) {
    if (turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("a listener cannot generate: its own answer is not finished");
    }
    try {
      while (!turn.tryLock(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        if (cancellation.isCancelled()) {
          return false;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    if (isClosed) {
      turn.unlock();
      throw new IllegalStateException("the engine is closed");
    }
    return true;
  }

  private void endTurn() {
    if (closing) {
      closeModel();
    }
    turn.unlock();
  }

  private void closeModel() {
    if (!isClosed) {
      isClosed = true;
      model.close();
    }
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

  /** Ends what is generating, within one step and as cancelled, and releases the model. */
  @Override
  public void close() {
    closing = true;
    if (turn.isHeldByCurrentThread()) {
      return; // a listener closes: its own generation does the rest when it ends
    }
    turn.lock();
    endTurn();
  }
}
