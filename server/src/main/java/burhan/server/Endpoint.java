package burhan.server;

import java.io.IOException;

/** What answers requests for a path. */
@FunctionalInterface
interface Endpoint {
  /**
   * Answers.
   *
   * @throws ApiException if the request cannot be answered
   * @throws IOException if the client is gone
   */
  void answer(Exchange exchange) throws IOException;
}
