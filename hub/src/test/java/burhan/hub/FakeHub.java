package burhan.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * A hub on this machine: one server lists and redirects, another one on another port delivers large
 * files, as the real one does. It can be told to misbehave.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final int LARGE = 1000;

  /** One misbehaviour: answers a request for a file from a byte on. */
  interface Fault {
    void serve(HttpExchange exchange, byte[] content, int from) throws IOException;
  }

  /** A request as a server saw it. */
  record Seen(String server, String method, String path, String range, String token) {}

  final Map<String, byte[]> files = new LinkedHashMap<>();
  final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final String repo;
  Fault listFault;
  String commit = COMMIT;
  boolean describes = true;

  private final HttpServer hub = start();
  private final HttpServer cdn = start();
  private final List<ServerSocket> sockets = new ArrayList<>();

  FakeHub(String repo) {
    this.repo = repo;
    hub.createContext("/", this::hub);
    cdn.createContext("/", this::cdn);
  }

  private static HttpServer start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  FakeHub with(String name, int bytes) {
    byte[] content = new byte[bytes];
    new Random(name.hashCode()).nextBytes(content);
    files.put(name, content);
    return this;
  }

  FakeHub with(String name, String text) {
    files.put(name, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** The next requests for the file go wrong in these ways, one each. */
  FakeHub fault(String name, Fault... these) {
    faults.computeIfAbsent(name, k -> new ArrayDeque<>()).addAll(List.of(these));
    return this;
  }

  String endpoint() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  HubSettings settings(java.nio.file.Path cache, String token) {
    return new HubSettings(
        URI.create(endpoint()),
        token,
        cache,
        false,
        Duration.ofSeconds(60),
        Duration.ofSeconds(60), // so long that a busy machine is not taken for a broken connection
        Map.of());
  }

  /** Requests that one of the servers saw for a file. */
  List<Seen> seen(String server, String name) {
    return seen.stream()
        .filter(s -> s.server().equals(server) && s.path().endsWith("/" + name))
        .toList();
  }

  static String etag(byte[] content) {
    return content.length >= LARGE
        ? hash("SHA-256", content)
        : hash(
            "SHA-1",
            ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII),
            content);
  }

  private static String hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void note(String server, HttpExchange exchange) {
    seen.add(
        new Seen(
            server,
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            header(exchange, "Range"),
            header(exchange, "Authorization")));
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private void hub(HttpExchange exchange) throws IOException {
    note("hub", exchange);
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/api/models/" + repo + "/revision/")) {
        if (listFault != null) {
          listFault.serve(exchange, new byte[0], 0);
        } else {
          send(exchange, 200, list().getBytes(StandardCharsets.UTF_8));
        }
        return;
      }
      String prefix = "/" + repo + "/resolve/" + commit + "/";
      byte[] content = path.startsWith(prefix) ? files.get(path.substring(prefix.length())) : null;
      if (content == null) {
        exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
        send(exchange, 404, new byte[0]);
        return;
      }
      exchange.getResponseHeaders().set("X-Repo-Commit", commit);
      if (content.length < LARGE) {
        exchange.getResponseHeaders().set("ETag", "\"" + etag(content) + "\"");
        deliver(exchange, path.substring(prefix.length()), content);
        return;
      }
      exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + etag(content) + "\"");
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
      exchange
          .getResponseHeaders()
          .set(
              "Location",
              "http://127.0.0.1:%d/cdn/%s"
                  .formatted(cdn.getAddress().getPort(), path.substring(prefix.length())));
      exchange.sendResponseHeaders(302, -1);
    }
  }

  private void cdn(HttpExchange exchange) throws IOException {
    note("cdn", exchange);
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring("/cdn/".length());
      exchange.getResponseHeaders().set("ETag", "\"cdn-" + name.length() + "\"");
      deliver(exchange, name, files.get(name));
    }
  }

  private void deliver(HttpExchange exchange, String name, byte[] content) throws IOException {
    String range = header(exchange, "Range");
    int from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    Deque<Fault> planned = faults.get(name);
    Fault fault = planned == null ? null : planned.poll();
    if (fault == null) {
      part(exchange, content, from);
    } else {
      fault.serve(exchange, content, from);
    }
  }

  static void part(HttpExchange exchange, byte[] content, int from) throws IOException {
    begin(exchange, content, from);
    if (!exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseBody().write(content, from, content.length - from);
    }
  }

  /** Sends the headers of a right answer. */
  static void begin(HttpExchange exchange, byte[] content, int from) throws IOException {
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    boolean hasBody = content.length > from && !exchange.getRequestMethod().equals("HEAD");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, hasBody ? content.length - from : -1);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** Ends the connection after some bytes. */
  static Fault cut(int bytes) {
    return (exchange, content, from) -> {
      begin(exchange, content, from);
      exchange.getResponseBody().write(content, from, bytes);
      exchange.getResponseBody().flush();
    };
  }

  /** Sends all of it although a part was asked for. */
  static Fault ignoresRange() {
    return (exchange, content, from) -> part(exchange, content, 0);
  }

  /** Sends bytes that are not those of the file. */
  static Fault wrongBytes() {
    return (exchange, content, from) -> {
      byte[] wrong = content.clone();
      wrong[from] ^= 1;
      part(exchange, wrong, from);
    };
  }

  /** Says no; headers as name and value by turns. */
  static Fault status(int status, String... headers) {
    return (exchange, content, from) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      send(exchange, status, new byte[0]);
    };
  }

  /** Sends some bytes and then nothing more, without ending the connection. */
  static Fault stall(int bytes, long millis) {
    return (exchange, content, from) -> {
      begin(exchange, content, from);
      exchange.getResponseBody().write(content, from, bytes);
      exchange.getResponseBody().flush();
      pause(millis);
    };
  }

  /** Sends a bit at a time. */
  static Fault trickle(int bytes, long millis) {
    return (exchange, content, from) -> {
      begin(exchange, content, from);
      OutputStream out = exchange.getResponseBody();
      for (int at = from; at < content.length; at += bytes) {
        out.write(content, at, Math.min(bytes, content.length - at));
        out.flush();
        pause(millis);
      }
    };
  }

  /** Redirects to a server that answers with some bytes and resets the connection. */
  Fault reset(int bytes) {
    return (exchange, content, from) -> {
      ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(server);
      Thread.ofVirtual().start(() -> resetOnce(server, content, from, bytes));
      exchange
          .getResponseHeaders()
          .set("Location", "http://127.0.0.1:" + server.getLocalPort() + "/x");
      exchange.sendResponseHeaders(302, -1);
    };
  }

  private static void resetOnce(ServerSocket server, byte[] content, int from, int bytes) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().read(new byte[4096]);
      String head =
          "HTTP/1.1 %s\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n"
              .formatted(
                  from > 0 ? "206 Partial Content" : "200 OK",
                  from,
                  content.length - 1,
                  content.length,
                  content.length - from);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(content, from, bytes);
      socket.getOutputStream().flush();
      pause(100);
      socket.setSoLinger(true, 0); // closing now is a reset
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs something and then answers rightly. */
  static Fault after(Supplier<Object> action) {
    return (exchange, content, from) -> {
      action.get();
      part(exchange, content, from);
    };
  }

  private String list() {
    StringBuilder json = new StringBuilder();
    json.append("{\"id\": \"%s\", \"sha\": \"%s\", \"gated\": false,".formatted(repo, commit));
    json.append("\"cardData\": {\"license\": \"mit\"}, \"siblings\": [");
    String comma = "";
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      json.append(comma).append("{\"rfilename\": ").append(quoted(file.getKey()));
      if (describes) {
        byte[] content = file.getValue();
        String etag = etag(content);
        json.append(", \"size\": ").append(content.length);
        json.append(
            content.length >= LARGE
                ? ", \"blobId\": \"%s\", \"lfs\": {\"sha256\": \"%s\", \"size\": %d}"
                    .formatted("f".repeat(40), etag, content.length)
                : ", \"blobId\": \"" + etag + "\"");
      }
      json.append("}");
      comma = ", ";
    }
    return json.append("]}").toString();
  }

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      out.append(c < ' ' || c == '"' || c == '\\' || c > '~' ? "\\u%04x".formatted((int) c) : c);
    }
    return out.append('"').toString();
  }

  @Override
  public void close() throws IOException {
    hub.stop(0);
    cdn.stop(0);
    for (ServerSocket socket : sockets) {
      socket.close();
    }
  }
}
