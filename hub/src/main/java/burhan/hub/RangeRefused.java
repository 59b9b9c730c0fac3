package burhan.hub;

import java.io.IOException;

/** The server cannot go on where an earlier attempt stopped. */
final class RangeRefused extends IOException {
  private static final long serialVersionUID = 1L;

  RangeRefused(String message) {
    super(message);
  }
}
