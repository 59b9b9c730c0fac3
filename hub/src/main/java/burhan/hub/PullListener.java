package burhan.hub;

/** Hears how far a pull is; called from several threads, never from two at once for one file. */
public interface PullListener {
  /** Hears nothing. */
  PullListener NONE = new PullListener() {};

  /** What will be fetched is known; called again if the repository changed meanwhile. */
  default void planned(PullPlan plan) {}

  /**
   * Bytes have arrived.
   *
   * @param bytes more than before; negative when a file is started over
   */
  default void arrived(long bytes) {}

  /** A file is checked and in its place. */
  default void finished(RepoFile file) {}

  /** One sentence about a wait or a new beginning. */
  default void notice(String sentence) {}
}
