package burhan.server;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. A page of another site must not talk to this machine, not even under a name that
 * leads here (DNS rebinding): so a request's Host is an address of ours, and its Origin, where a
 * browser sends one, a page of this machine. Where keys are set, a request carries one.
 */
final class Gate implements Endpoint {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> WITHOUT_KEY = Set.of("/health", "/ready");

  private final Endpoint inside;
  private final boolean isLocal; // else any Host may lead here, and the key is what counts
  private final List<byte[]> keyHashes;

  Gate(ServerOptions options, Endpoint inside) {
    this.inside = inside;
    this.keyHashes = options.apiKeys().stream().map(Gate::hash).toList();
    this.isLocal = keyHashes.isEmpty();
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    String host = exchange.header("host");
    if (isLocal && (host == null || !LOOPBACK.contains(withoutPort(host)))) {
      throw forbidden("host_not_allowed", "Host is %s, which is not this machine".formatted(host));
    }
    String origin = exchange.header("origin");
    if (origin != null) {
      if (!isLoopbackPage(origin)) {
        throw forbidden(
            "origin_not_allowed",
            "Origin is %s; only pages of this machine may ask".formatted(origin));
      }
      exchange.setHeader("access-control-allow-origin", origin);
      exchange.setHeader("vary", "origin");
    }
    if (exchange.method().equals("OPTIONS")) {
      preflight(exchange);
      return;
    }
    if (!keyHashes.isEmpty() && !WITHOUT_KEY.contains(exchange.path())) {
      checkKey(exchange);
    }
    inside.answer(exchange);
  }

  private static String withoutPort(String host) {
    int bracket = host.lastIndexOf(']');
    int colon = host.indexOf(':', Math.max(0, bracket));
    return (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  private static boolean isLoopbackPage(String origin) {
    try {
      URI uri = new URI(origin);
      return uri.getHost() != null && LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static ApiException forbidden(String code, String message) {
    return new ApiException(403, "invalid_request_error", code, null, message);
  }

  /** What a browser asks before it sends JSON from another port. */
  private static void preflight(Exchange exchange) throws IOException {
    exchange.setHeader("access-control-allow-methods", "GET, POST, OPTIONS");
    String wanted = exchange.header("access-control-request-headers");
    exchange.setHeader("access-control-allow-headers", wanted == null ? "content-type" : wanted);
    exchange.setHeader("access-control-max-age", "600");
    exchange.respond(204, "text/plain", new byte[0]);
  }

  private void checkKey(Exchange exchange) {
    String key = key(exchange);
    byte[] hash = hash(key == null ? "" : key);
    boolean isKnown = false;
    for (byte[] known : keyHashes) {
      isKnown |= MessageDigest.isEqual(known, hash); // all of them, in constant time
    }
    if (!isKnown) {
      throw new ApiException(
          401,
          "authentication_error",
          "invalid_api_key",
          null,
          key == null
              ? "no API key; send it as 'Authorization: Bearer KEY'"
              : "this API key is not known here");
    }
  }

  private static @Nullable String key(Exchange exchange) {
    String authorization = exchange.header("authorization");
    if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return authorization.substring(7).strip();
    }
    return exchange.header("x-api-key");
  }
}
