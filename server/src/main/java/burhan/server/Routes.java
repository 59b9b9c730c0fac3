package burhan.server;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Which endpoint answers which method and path. */
final class Routes {
  private final Map<String, Map<String, Endpoint>> byPath = new LinkedHashMap<>();

  /** Adds an endpoint; paths are exact. */
  Routes add(String method, String path, Endpoint endpoint) {
    byPath.computeIfAbsent(path, key -> new LinkedHashMap<>()).put(method, endpoint);
    return this;
  }

  /**
   * Has the endpoint answer.
   *
   * @throws ApiException 404 or 405 if there is none
   */
  void answer(Exchange exchange) throws IOException {
    Map<String, Endpoint> byMethod = byPath.get(exchange.path());
    if (byMethod == null) {
      throw ApiException.notFound("unknown_url", "unknown path %s".formatted(exchange.path()));
    }
    Endpoint endpoint = byMethod.get(exchange.method().equals("HEAD") ? "GET" : exchange.method());
    if (endpoint == null) {
      exchange.setHeader("allow", String.join(", ", new TreeSet<>(byMethod.keySet())));
      throw new ApiException(
          405,
          "invalid_request_error",
          "method_not_allowed",
          null,
          "%s does not take %s, only %s"
              .formatted(exchange.path(), exchange.method(), String.join(", ", byMethod.keySet())));
    }
    endpoint.answer(exchange);
  }
}
