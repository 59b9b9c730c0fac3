package burhan.server;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * HTTP by Jetty: a virtual thread for each request, limits on headers, bodies and silence, and an
 * end that lets running answers finish. The only class that knows Jetty, and it knows nothing else.
 */
final class JettyServer implements AutoCloseable {
  private static final int MOST_HEADER_BYTES = 16 << 10;
  private static final int MOST_REQUESTS = 1024; // more wait for a thread
  private static final int BACKLOG = 256;
  // Silence of a client that sends a request, or does not read its answer.
  private static final long IDLE_MILLIS = 30_000;

  // For connections that wait for another request when the server stops.
  private static final long CLOSING_MILLIS = 200;

  // Its remarks on starting and stopping are nobody's business here. A field: else it is forgotten.
  private static final Logger REMARKS = Logger.getLogger("org.eclipse.jetty");

  private final Server server;
  private final ServerConnector connector;
  private final URI uri;

  /**
   * Listens.
   *
   * @throws BadInputException if the port is taken or not allowed
   */
  JettyServer(ServerOptions options, Endpoint endpoint) {
    REMARKS.setLevel(Level.WARNING);
    VirtualThreadPool threads = new VirtualThreadPool(MOST_REQUESTS);
    threads.setName("burhan-http");
    this.server = new Server(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    configuration.setRequestHeaderSize(MOST_HEADER_BYTES);
    configuration.setResponseHeaderSize(MOST_HEADER_BYTES);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setShutdownIdleTimeout(CLOSING_MILLIS);
    server.addConnector(connector);
    server.setHandler(new GracefulHandler(new Answering(endpoint, options.mostBodyBytes())));
    server.setErrorHandler(new Refusal());
    server.setStopTimeout(options.grace().toMillis());
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw cannotListen(options, e);
    }
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    this.uri = URI.create("http://%s:%d".formatted(host, connector.getLocalPort()));
  }

  private static BadInputException cannotListen(ServerOptions options, Exception e) {
    Throwable cause = e;
    while (!(cause instanceof BindException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new BadInputException(
        "cannot listen on %s port %d: %s; choose another --port"
            .formatted(options.host(), options.port(), cause.getMessage()),
        e);
  }

  /** Where it listens, or listened. */
  URI uri() {
    return uri;
  }

  /** Takes no more requests, and waits for those that run, as long as the grace. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      System.getLogger("burhan.server").log(System.Logger.Level.DEBUG, "while stopping", e);
    }
  }

  /** Hands requests to the endpoint and completes them, whatever it does. */
  private static final class Answering extends Handler.Abstract {
    private final Endpoint endpoint;
    private final int mostBodyBytes;

    Answering(Endpoint endpoint, int mostBodyBytes) {
      this.endpoint = endpoint;
      this.mostBodyBytes = mostBodyBytes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      try {
        endpoint.answer(new JettyExchange(request, response, mostBodyBytes));
        callback.succeeded();
      } catch (IOException | RuntimeException e) {
        callback.failed(e);
      }
      return true;
    }
  }

  /** What Jetty itself refuses, in the envelope of all other errors. */
  private static final class Refusal extends ErrorHandler {
    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        String message,
        @Nullable Throwable cause,
        Callback callback) {
      ApiException error =
          new ApiException(
              code,
              "invalid_request_error",
              null,
              null,
              "the request is not HTTP as this server takes it: " + message);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      byte[] body = Json.mapper().writeValueAsBytes(Errors.body(error));
      response.write(true, ByteBuffer.wrap(body), callback);
    }
  }

  private record JettyExchange(Request request, Response response, int mostBodyBytes)
      implements Exchange {
    @Override
    public String method() {
      return request.getMethod();
    }

    @Override
    public String path() {
      String path = request.getHttpURI().getCanonicalPath();
      return path == null ? "/" : path;
    }

    @Override
    public @Nullable String header(String name) {
      return request.getHeaders().get(name);
    }

    @Override
    public byte[] body() throws IOException {
      if (request.getLength() > mostBodyBytes) {
        throw tooLarge();
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (InputStream in = Request.asInputStream(request)) {
        byte[] some = new byte[8192];
        for (int n = in.read(some); n >= 0; n = in.read(some)) {
          if (bytes.size() + n > mostBodyBytes) {
            throw tooLarge();
          }
          bytes.write(some, 0, n);
        }
      }
      return bytes.toByteArray();
    }

    private ApiException tooLarge() {
      // What is still coming is not worth reading.
      setHeader("connection", "close");
      return new ApiException(
          413,
          "invalid_request_error",
          "request_too_large",
          null,
          "the request's body is larger than the %d bytes that are read".formatted(mostBodyBytes));
    }

    @Override
    public void setHeader(String name, String value) {
      response.getHeaders().put(name, value);
    }

    @Override
    public void respond(int status, String type, byte[] body) throws IOException {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      Callback.Completable written = new Callback.Completable();
      boolean isHead = method().equals("HEAD");
      response.write(true, isHead ? null : ByteBuffer.wrap(body), written);
      await(written);
    }

    private static void await(Callback.Completable written) throws IOException {
      try {
        written.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while writing", e);
      } catch (ExecutionException e) {
        throw new IOException("the client is gone", e);
      }
    }

    @Override
    public OutputStream stream(int status, String type) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
      return Content.Sink.asOutputStream(response);
    }

    @Override
    public boolean hasBegun() {
      return response.isCommitted();
    }
  }
}
