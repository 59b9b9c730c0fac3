package burhan.hub;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that may pass by itself: a busy server, a cut connection. */
final class TryAgain extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Duration wish;

  /**
   * @param wish how long the server asks to wait, or null
   */
  TryAgain(String message, @Nullable Duration wish) {
    super(message);
    this.wish = wish;
  }

  @Nullable Duration wish() {
    return wish;
  }
}
