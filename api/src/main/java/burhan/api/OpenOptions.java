package burhan.api;

import burhan.engine.Speculation;
import burhan.kernel.CacheType;
import burhan.kernel.KernelChoice;
import burhan.model.LoadListener;
import burhan.tensor.BadInputException;
import java.util.OptionalInt;

/**
 * How a model is opened.
 *
 * @param threads that compute; all cores by default
 * @param kernels the inner loops; a policy of the machine may narrow them
 * @param repack whether weights are copied into a faster order; otherwise they are multiplied where
 *     they lie in the file, which takes no memory and more time
 * @param cacheType what attention remembers numbers as; not every set of kernels keeps every one
 * @param contextLength most tokens of prompt and answer together; the model's own by default
 * @param speculation how tokens are guessed ahead; no answer depends on it
 * @param loadListener told how far the opening is
 */
public record OpenOptions(
    int threads,
    KernelChoice kernels,
    boolean repack,
    CacheType cacheType,
    OptionalInt contextLength,
    Speculation speculation,
    LoadListener loadListener) {
  private static final int MOST_THREADS = 1024;

  /** All cores, the fastest kernels, the model's own context. */
  public static final OpenOptions DEFAULT =
      new OpenOptions(
          Runtime.getRuntime().availableProcessors(),
          KernelChoice.AUTO,
          true,
          CacheType.AUTO,
          OptionalInt.empty(),
          Speculation.AUTO,
          LoadListener.NONE);

  /**
   * @throws BadInputException if the number of threads makes no sense
   */
  public OpenOptions {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new BadInputException(
          "threads is %d, expected 1 to %d".formatted(threads, MOST_THREADS));
    }
  }

  public OpenOptions withThreads(int value) {
    return new OpenOptions(
        value, kernels, repack, cacheType, contextLength, speculation, loadListener);
  }

  public OpenOptions withKernels(KernelChoice value) {
    return new OpenOptions(
        threads, value, repack, cacheType, contextLength, speculation, loadListener);
  }

  public OpenOptions withRepack(boolean value) {
    return new OpenOptions(
        threads, kernels, value, cacheType, contextLength, speculation, loadListener);
  }

  public OpenOptions withCacheType(CacheType value) {
    return new OpenOptions(
        threads, kernels, repack, value, contextLength, speculation, loadListener);
  }

  public OpenOptions withContextLength(int value) {
    return new OpenOptions(
        threads, kernels, repack, cacheType, OptionalInt.of(value), speculation, loadListener);
  }

  public OpenOptions withSpeculation(Speculation value) {
    return new OpenOptions(threads, kernels, repack, cacheType, contextLength, value, loadListener);
  }

  public OpenOptions withLoadListener(LoadListener value) {
    return new OpenOptions(threads, kernels, repack, cacheType, contextLength, speculation, value);
  }
}
