package burhan.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.api.Model;
import burhan.api.OpenOptions;
import burhan.kernel.KernelChoice;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a library for HTTP must do here, asked by sockets that behave well and badly. */
class HttpTest {
  private static final int PATIENCE = 20_000;
  private static Model model;
  private static BurhanServer server;

  @BeforeAll
  static void start() {
    model = Model.open("burhan-nano", OpenOptions.DEFAULT.withKernels(KernelChoice.SCALAR));
    server = BurhanServer.start(model, "burhan-nano", options());
  }

  private static ServerOptions options() {
    return ServerOptions.DEFAULT.withPort(0).withMostBodyBytes(64 << 10);
  }

  @AfterAll
  static void stop() {
    server.close();
    model.close();
  }

  private static Socket connect(BurhanServer to) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.uri().getPort());
    socket.setSoTimeout(PATIENCE);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** All that comes until the server closes. */
  private static String exchange(String request) throws IOException {
    try (Socket socket = connect(server)) {
      send(socket, request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n";
  }

  private static String question(String fields) {
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"(8+5)*(7-3)\"}]" + fields + "}";
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void aConnectionThatShallCloseIsClosed() throws IOException {
    String response = exchange(get("/health", "Host: localhost\r\n"));
    assertTrue(response.startsWith("HTTP/1.1 200"), response);
    assertTrue(response.endsWith("{\"status\":\"ok\"}"), response);
  }

  @Test
  void otherHostsAndPagesAreRefused() throws IOException {
    assertTrue(exchange(get("/health", "Host: evil.example\r\n")).startsWith("HTTP/1.1 403"));
    String local = "Host: 127.0.0.1:8080\r\n";
    assertTrue(
        exchange(get("/health", local + "Origin: https://evil.example\r\n"))
            .startsWith("HTTP/1.1 403"));
    assertTrue(exchange(get("/health", local + "Origin: null\r\n")).startsWith("HTTP/1.1 403"));
    String page = exchange(get("/health", local + "Origin: http://localhost:3000\r\n"));
    assertTrue(page.startsWith("HTTP/1.1 200"), page);
    assertTrue(page.contains("http://localhost:3000"), page);
  }

  @Test
  void floodsAreRefused() throws IOException {
    String flood = "Host: localhost\r\nX-Flood: " + "x".repeat(40_000) + "\r\n";
    assertTrue(exchange(get("/health", flood)).startsWith("HTTP/1.1 431"));
    String large =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n";
    assertTrue(exchange(large).startsWith("HTTP/1.1 413"));
  }

  @Test
  void whatIsNotHttpIsRefusedAsAllElse() throws IOException {
    String local = "Host: localhost\r\n";
    for (String request :
        List.of(
            get("/../../etc/passwd", local),
            get("/v1%2fmodels", local),
            get("/health", local).replace("HTTP/1.1", "HTTP/9"),
            get("/health", local + "Content-Length: -3\r\n"))) {
      String response = exchange(request);
      assertTrue(response.matches("(?s)HTTP/1.1 (400|505) .*"), response);
      assertTrue(response.contains("{\"error\":{\"message\":"), response);
    }
  }

  @Test
  void aClientThatIsGoneFreesItsPlace() throws Exception {
    try (Socket socket = connect(server)) {
      send(socket, question(",\"stream\":true,\"temperature\":1.5,\"seed\":3"));
      assertTrue(socket.getInputStream().read() >= 0);
      assertTrue(model.engine().load().running() > 0);
      socket.setSoLinger(true, 0);
    }
    long began = System.nanoTime();
    while (model.engine().load().running() > 0) {
      assertTrue(System.nanoTime() - began < PATIENCE * 1_000_000L, "still generating");
      Thread.sleep(5);
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
    try (Socket slow = connect(server)) {
      slow.setReceiveBufferSize(1024);
      send(slow, question(",\"stream\":true"));
      String answer = exchange(question("").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }
  }

  @Test
  void whoRunsWhenTheServerStopsIsAnswered() throws Exception {
    BurhanServer other = BurhanServer.start(model, "burhan-nano", options());
    try (ExecutorService background = Executors.newSingleThreadExecutor();
        Socket socket = connect(other)) {
      send(socket, question(",\"stream\":true,\"temperature\":0"));
      InputStream in = socket.getInputStream();
      assertTrue(in.read() >= 0);
      Future<?> closed = background.submit(other::close);
      String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(rest.contains("[DONE]"), rest);
      closed.get();
    }
    assertThrows(IOException.class, () -> connect(other).close());
  }

  @Test
  void aKeyIsAskedForWhereOneIsSet() throws Exception {
    ServerOptions withKey = options().withApiKeys(List.of("secret"));
    try (BurhanServer locked = BurhanServer.start(model, "burhan-nano", withKey)) {
      assertEquals("401", status(locked, ""));
      assertEquals("401", status(locked, "Authorization: Bearer wrong\r\n"));
      assertEquals("200", status(locked, "Authorization: Bearer secret\r\n"));
      assertEquals("200", status(locked, "X-Api-Key: secret\r\n"));
    }
    BadInputException open =
        assertThrows(BadInputException.class, () -> ServerOptions.DEFAULT.withHost("0.0.0.0"));
    assertTrue(String.valueOf(open.getMessage()).contains("--api-key"));
  }

  private static String status(BurhanServer of, String headers) throws IOException {
    try (Socket socket = connect(of)) {
      send(socket, get("/v1/models", "Host: somewhere\r\n" + headers));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .substring(9, 12);
    }
  }

  @Test
  void whoeverWaitsHearsThatTheAnswerStillComes() throws IOException {
    ServerOptions impatient = options().withKeepAlive(Duration.ofNanos(1));
    try (BurhanServer chatty = BurhanServer.start(model, "burhan-nano", impatient);
        Socket socket = connect(chatty)) {
      send(
          socket,
          question(",\"stream\":true,\"max_tokens\":4")
              .replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(all.contains(": keep-alive"), all);
      assertTrue(all.contains("[DONE]"), all);
      assertFalse(all.contains("error"), all);
    }
  }

  @Test
  void aTakenPortIsOneSentence() {
    BadInputException taken =
        assertThrows(
            BadInputException.class,
            () ->
                BurhanServer.start(
                    model, "x", ServerOptions.DEFAULT.withPort(server.uri().getPort())));
    assertTrue(String.valueOf(taken.getMessage()).contains("choose another --port"));
  }
}
