package burhan.server;

import burhan.checkpoint.Json;
import burhan.engine.BusyException;
import burhan.tensor.BadInputException;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns what went wrong into the envelope that OpenAI's clients read; tells nobody a stack trace.
 */
final class Errors implements Endpoint {
  private static final System.Logger LOG = System.getLogger("burhan.server");

  private final Endpoint inside;

  Errors(Endpoint inside) {
    this.inside = inside;
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    try {
      inside.answer(exchange);
    } catch (RuntimeException e) {
      if (exchange.hasBegun()) {
        throw e;
      }
      ApiException error = of(e);
      if (error.retryAfterSeconds() > 0) {
        exchange.setHeader("retry-after", String.valueOf(error.retryAfterSeconds()));
      }
      exchange.respond(
          error.status(), "application/json", Json.mapper().writeValueAsBytes(body(error)));
    }
  }

  /** Which refusal a failure is. */
  static ApiException of(RuntimeException e) {
    return switch (e) {
      case ApiException refusal -> refusal;
      case BusyException busy ->
          new ApiException(
              429, "rate_limit_error", "busy", null, message(busy), busy.retryAfter().toSeconds());
      case BadInputException bad -> ApiException.invalid(null, message(bad));
      default -> {
        LOG.log(System.Logger.Level.ERROR, "a request failed", e);
        yield new ApiException(
            500,
            "server_error",
            null,
            null,
            "something went wrong here; the server's log says what");
      }
    };
  }

  private static String message(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }

  static ObjectNode body(ApiException error) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.putObject("error")
        .put("message", error.getMessage())
        .put("type", error.type())
        .put("param", error.param())
        .put("code", error.code());
    return body;
  }
}
