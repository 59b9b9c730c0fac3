package burhan.api;

import burhan.engine.Answer;
import burhan.engine.AnswerListener;
import burhan.engine.Cancellation;
import burhan.engine.Engine;
import burhan.engine.EngineOptions;
import burhan.engine.Generation;
import burhan.engine.GenerationRequest;
import burhan.engine.Sampling;
import burhan.kernel.Kernels;
import burhan.kernel.Workers;
import burhan.tensor.BadInputException;

/**
 * A model that answers. Open it once, ask it from any thread (answers are generated together),
 * close it. Knows names and options; everything else is the engine's.
 *
 * <pre>{@code
 * try (Model model = Model.open("burhan-nano")) {
 *   Answer answer = model.chat("What is 17 + 25?");
 *   System.out.println(answer.thinking());
 *   System.out.println(answer.text());
 * }
 * }</pre>
 *
 * Whatever is wrong with what it is given, it says in one sentence, as a {@link BadInputException}.
 */
public final class Model implements AutoCloseable {
  private final Engine engine;
  private final Workers workers;
  private final String kernels;

  private Model(Engine engine, Workers workers, String kernels) {
    this.engine = engine;
    this.workers = workers;
    this.kernels = kernels;
  }

  /** Opens a model with the fastest kernels, on all cores. */
  public static Model open(String pathOrName) {
    return open(pathOrName, OpenOptions.DEFAULT);
  }

  /**
   * Opens a model.
   *
   * @param pathOrName a model folder, or the name of a model: below the folder that the system
   *     property {@code burhan.models} names, or in this library's own jar
   * @throws BadInputException if there is no such model, it cannot be used, or Java was started
   *     without what the kernels need
   */
  public static Model open(String pathOrName, OpenOptions options) {
    Workers workers = new Workers(options.threads());
    try {
      Kernels kernels = options.kernels().kernels(workers, options.repack(), options.cacheType());
      Engine engine =
          Engine.open(
              ModelNames.path(pathOrName),
              kernels,
              EngineOptions.DEFAULT
                  .withContextLength(options.contextLength())
                  .withSpeculation(options.speculation()),
              options.loadListener());
      return new Model(engine, workers, kernels.name());
    } catch (RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /** Answers a question. */
  public Answer chat(String question) {
    return chat(ChatRequest.of(question));
  }

  /** Answers a conversation. */
  public Answer chat(ChatRequest request) {
    return stream(request, AnswerListener.NONE, new Cancellation());
  }

  /**
   * Answers while a listener hears the pieces, in the calling thread.
   *
   * @param cancellation ends the answer within one step when cancelled, from whatever thread
   * @throws BadInputException if the conversation does not fit into the context, or the model has
   *     no chat template
   * @throws IllegalStateException if the model is closed
   */
  public Answer stream(ChatRequest request, AnswerListener listener, Cancellation cancellation) {
    return engine.generate(generation(request), listener, cancellation);
  }

  /**
   * Puts a conversation in line, for a server that may refuse it.
   *
   * @throws BadInputException if the conversation does not fit into the context, or the model has
   *     no chat template
   * @throws burhan.engine.BusyException if the line is full
   * @throws IllegalStateException if the model is closed
   */
  public Generation submit(ChatRequest request, Cancellation cancellation) {
    return engine.submit(generation(request), cancellation);
  }

  private GenerationRequest generation(ChatRequest request) {
    Sampling sampling = request.sampling();
    return new GenerationRequest(
            engine.prompt(request.messages(), request.thinking().isOn()),
            request.maxTokens(),
            request.stop(),
            sampling == null ? engine.sampling() : sampling)
        .withThinkingTokens(request.thinking().mostTokens());
  }

  /** What computes, such as {@code vector-256} or {@code scalar}. */
  public String kernelNames() {
    return kernels;
  }

  /** What is behind this boundary, for those who look deeper. */
  public Engine engine() {
    return engine;
  }

  /** Ends what is being answered, as cancelled, and releases the weights. */
  @Override
  public void close() {
    engine.close();
    workers.close();
  }
}
