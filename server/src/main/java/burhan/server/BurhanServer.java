package burhan.server;

import burhan.api.Model;
import burhan.checkpoint.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model behind HTTP, for clients of OpenAI's and DeepSeek's APIs.
 *
 * <pre>{@code
 * try (Model model = Model.open("burhan-nano");
 *     BurhanServer server = BurhanServer.start(model, "burhan-nano", ServerOptions.DEFAULT)) {
 *   System.out.println(server.uri());
 *   Thread.currentThread().join();
 * }
 * }</pre>
 */
public final class BurhanServer implements AutoCloseable {
  private static final String JSON = "application/json";

  private final JettyServer http;

  private BurhanServer(JettyServer http) {
    this.http = http;
  }

  /**
   * Listens, and answers until it is closed.
   *
   * @param model stays the caller's
   * @param name what clients call it
   * @throws burhan.tensor.BadInputException if it cannot listen there
   */
  public static BurhanServer start(Model model, String name, ServerOptions options) {
    Routes routes = new Routes();
    long created = Instant.now().getEpochSecond();
    ChatCompletions chat = new ChatCompletions(model, name, options);
    for (String prefix : new String[] {"", "/v1", "/beta"}) {
      routes.add("POST", prefix + "/chat/completions", chat);
      routes.add("GET", prefix + "/models", exchange -> models(exchange, name, created));
    }
    routes.add("GET", "/health", exchange -> status(exchange, "ok"));
    routes.add("GET", "/ready", exchange -> status(exchange, "ready"));
    return new BurhanServer(
        new JettyServer(options, new Errors(new Gate(options, routes::answer))));
  }

  private static void models(Exchange exchange, String name, long created) throws IOException {
    ObjectNode body = Json.mapper().createObjectNode().put("object", "list");
    body.putArray("data")
        .addObject()
        .put("id", name)
        .put("object", "model")
        .put("created", created)
        .put("owned_by", "burhan");
    exchange.respond(200, JSON, Json.mapper().writeValueAsBytes(body));
  }

  private static void status(Exchange exchange, String status) throws IOException {
    ObjectNode body = Json.mapper().createObjectNode().put("status", status);
    exchange.respond(200, JSON, Json.mapper().writeValueAsBytes(body));
  }

  /** Where it listens. */
  public URI uri() {
    return http.uri();
  }

  /** Takes no more requests and waits for the running answers, as long as the grace. */
  @Override
  public void close() {
    http.close();
  }
}
