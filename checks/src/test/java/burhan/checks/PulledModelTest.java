package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.bench.RandomModel;
import burhan.bench.Shape;
import burhan.tensor.DType;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a newcomer as processes: pull a model by its name, then ask it with the hub gone. */
class PulledModelTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path model;
  @TempDir Path home;
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    RandomModel.write(model, Shape.NANO.config(), DType.BF16, 1);
    List<String> siblings = new ArrayList<>();
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        byte[] content = Files.readAllBytes(file);
        siblings.add(
            "{\"rfilename\": \"%s\", \"size\": %d, \"lfs\": {\"sha256\": \"%s\"}}"
                .formatted(
                    file.getFileName(),
                    content.length,
                    HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content))));
      }
    }
    String list = "{\"sha\": \"%s\", \"siblings\": %s}".formatted(COMMIT, siblings);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          String path = exchange.getRequestURI().getPath();
          byte[] body =
              path.startsWith("/api/")
                  ? list.getBytes(StandardCharsets.UTF_8)
                  : Files.readAllBytes(model.resolve(path.substring(path.lastIndexOf('/') + 1)));
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String burhan(String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "burhan.cli.Burhan"));
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("BURHAN_") || name.startsWith("HF_"));
    builder.environment().put("XDG_CONFIG_HOME", home.toString());
    builder.environment().put("HF_HOME", home.toString());
    builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
    Path err = home.resolve("stderr");
    builder.redirectError(err.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "still running");
    assertEquals(0, process.exitValue(), Files.readString(err));
    return out;
  }

  @Test
  void pullThenAsk() throws Exception {
    String path = burhan("pull", "org/nano").strip();
    assertEquals(home.resolve("hub/models--org--nano/snapshots").resolve(COMMIT), Path.of(path));
    int asked = requests.get();
    assertTrue(asked > 3, "the list and every file");
    String[] logits = {"logits", "--kernels", "scalar", "--tokens", "1,2,3", "-m"};
    String pulled = burhan(append(logits, "org/nano"));
    assertEquals(burhan(append(logits, model.toString())), pulled);
    assertEquals(asked, requests.get(), "opening a model asks nobody");
  }

  private static String[] append(String[] args, String last) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = last;
    return all;
  }
}
