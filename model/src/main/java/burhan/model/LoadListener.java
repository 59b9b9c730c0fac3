package burhan.model;

/** Told how far the opening of a model is. Told by the thread that opens it, often. */
@FunctionalInterface
public interface LoadListener {
  /** Does not want to know. */
  LoadListener NONE = (bytes, allBytes) -> {};

  /**
   * So much is ready to compute with; when all is, it is told so.
   *
   * @param bytes of the stored weights
   * @param allBytes of them
   */
  void loaded(long bytes, long allBytes);
}
