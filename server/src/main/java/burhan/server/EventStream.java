package burhan.server;

import burhan.checkpoint.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Server-sent events, each flushed when it is written. */
final class EventStream {
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;

  private EventStream(OutputStream out) {
    this.out = out;
  }

  /** Begins the response. */
  static EventStream begin(Exchange exchange) throws IOException {
    exchange.setHeader("cache-control", "no-cache");
    exchange.setHeader("x-accel-buffering", "no");
    return new EventStream(exchange.stream(200, "text/event-stream; charset=utf-8"));
  }

  void data(JsonNode event) throws IOException {
    data(Json.mapper().writeValueAsBytes(event));
  }

  /** The line that ends OpenAI's streams. */
  void done() throws IOException {
    data("[DONE]".getBytes(StandardCharsets.US_ASCII));
    out.close();
  }

  private void data(byte[] line) throws IOException {
    out.write(DATA);
    out.write(line);
    out.write(END);
    out.flush();
  }

  /** A comment, which clients skip: the answer still comes. */
  void keepAlive() throws IOException {
    out.write(KEEP_ALIVE);
    out.flush();
  }
}
