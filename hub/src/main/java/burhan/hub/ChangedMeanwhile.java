package burhan.hub;

import java.io.IOException;

/** The server has another content than the one it listed. */
final class ChangedMeanwhile extends IOException {
  private static final long serialVersionUID = 1L;

  ChangedMeanwhile(String message) {
    super(message);
  }
}
