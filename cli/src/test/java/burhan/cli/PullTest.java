package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.hub.Catalogue;
import burhan.hub.HubName;
import burhan.hub.PullPlan;
import burhan.hub.RepoFile;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The pull command: what it prints where, and its progress. What it fetches is tested in hub. */
class PullTest {
  private static final String LIST =
      """
      {"sha": "0123456789abcdef0123456789abcdef01234567", "cardData": {"license": "mit"},
       "siblings": [{"rfilename": "m-Q4_0.gguf", "size": 5,
         "blobId": "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"}]}
      """;

  @TempDir Path cache;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/api/models/org/m/revision/main", LIST);
    answer("/org/m/resolve/0123456789abcdef0123456789abcdef01234567/m-Q4_0.gguf", "hello");
    server.start();
  }

  private void answer(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Called pull(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "pull";
    System.arraycopy(args, 0, all, 1, args.length);
    Map<String, String> environment =
        Map.of(
            "HF_ENDPOINT",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "HF_HUB_CACHE",
            cache.toString());
    return Called.with(environment, "", all);
  }

  @Test
  void aPipeGetsThePathAlone() throws IOException {
    Called called = pull("org/m:Q4_0");
    assertEquals(0, called.code(), called.err());
    Path path = Path.of(called.out().strip());
    assertEquals("m-Q4_0.gguf", path.getFileName().toString());
    assertEquals("hello", Files.readString(path));
    assertEquals("org/m:Q4_0: 5 bytes in 1 file, licence mit\n", called.err());
    Called again = pull("org/m:Q4_0");
    assertEquals(called.out(), again.out());
    assertEquals("", again.err());
  }

  @Test
  void jsonAndDryRun() throws IOException {
    Called dry = pull("--dry-run", "org/m");
    assertTrue(
        dry.out().startsWith("   5 bytes  m-Q4_0.gguf\n   5 bytes  in all, 0 bytes"), dry.out());
    assertEquals(0, Files.list(cache).count());
    JsonNode node = Json.parse("out", pull("--json", "org/m").out()).node();
    assertEquals("mit", node.get("licence").stringValue());
    assertEquals(5, node.get("fetched_bytes").intValue());
    assertEquals("m-Q4_0.gguf", node.get("files").get(0).get("name").stringValue());
    assertTrue(Files.exists(Path.of(node.get("path").stringValue())));
  }

  @Test
  void whatCannotBePulledIsOneSentence() {
    for (String name : List.of("org/m:Q8_0", "org", "../m", "org/m@v2")) {
      Called called = pull(name);
      assertEquals(1, called.code(), name);
      assertEquals("", called.out());
      assertEquals(1, called.err().lines().count(), called.err());
      assertTrue(called.err().startsWith("burhan: "), called.err());
    }
  }

  @Test
  void withoutANameModelsThatFit() {
    CatalogueTable table = new CatalogueTable(Catalogue.load(), 8_000_000_000L, 15e9);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console =
        new Console(new ByteArrayInputStream(new byte[0]), out, out, Map.of(), false, true, true);
    table.print(console, false);
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("As of 20"), text);
    assertTrue(text.contains("8.00 GB of memory, read with 15.0 GB per second"), text);
    String row = text.lines().filter(l -> l.startsWith("R1 Distill Llama 8B ")).findFirst().get();
    // 7.505 B active parameters of 4.9 bits are 4.60 GB per token.
    assertTrue(row.matches(".* 4.92 GB +131072 +3\\.3 +mit.*-Llama-8B-GGUF:Q4_K_M"), row);
    assertFalse(text.contains("671B"), text);
    assertTrue(text.contains("more need more memory; --all"), text);
    out.reset();
    table.print(console, true);
    text = out.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("\u001b[2mDeepSeek R1 671B"), text);
  }

  @Test
  void theCatalogueAsJson() {
    JsonNode node = Json.parse("out", pull("--json", "--all").out()).node();
    assertEquals(Catalogue.load().models().size(), node.get("models").size());
    JsonNode first = node.get("models").get(0);
    assertEquals("Qwen/Qwen3-0.6B-GGUF:Q8_0", first.get("pull").stringValue());
    assertEquals(
        node.get("memory_bytes_per_second").doubleValue()
            / (first.get("active_parameters").doubleValue() * 8.5 / 8),
        first.get("most_tokens_per_second").doubleValue(),
        0.1);
    assertTrue(first.get("fits").booleanValue());
    assertEquals(2, pull("--dry-run").code());
  }

  private static final class Screen {
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final AtomicLong nanos = new AtomicLong();
    final PullProgress progress;

    Screen(boolean terminal) {
      Console console =
          new Console(
              new ByteArrayInputStream(new byte[0]),
              new ByteArrayOutputStream(),
              err,
              Map.of(),
              false,
              terminal,
              terminal);
      progress = new PullProgress(console, 2_000_000_000L, nanos::get);
      progress.planned(
          new PullPlan(
              HubName.parse("org/m"),
              "abc",
              "",
              List.of(new RepoFile("m.gguf", 4_000_000_000L, "e")),
              4_000_000_000L,
              1_000_000_000L));
    }

    String after(double seconds, long bytes) {
      err.reset();
      nanos.addAndGet((long) (seconds * 1e9));
      progress.arrived(bytes);
      return err.toString(StandardCharsets.UTF_8);
    }
  }

  @Test
  void aTerminalSeesABarWithRateAndTimeLeft() {
    Screen screen = new Screen(true);
    assertEquals(
        "org/m: 4.00 GB in 1 file, 1.00 GB of it here already\n"
            + "org/m: that is more than the 2.00 GB of memory here,"
            + " it will be read from the disk for every token\n",
        screen.err.toString(StandardCharsets.UTF_8));
    assertEquals("", screen.after(0.1, 10_000_000));
    assertEquals(
        "\r\u001b[K[######..................] 1.03 GB of 4.00 GB  25 %  100.0 MB/s  0m29s left",
        screen.after(0.2, 20_000_000));
    String slower = screen.after(1, 0);
    assertTrue(slower.contains("88.2 MB/s"), slower);
    String gone = screen.after(400, -1_000_000_000);
    assertTrue(gone.contains("30.0 MB of 4.00 GB  0 %") && gone.contains("waiting"), gone);
  }

  @Test
  void aFileSeesALineNowAndThen() {
    Screen screen = new Screen(false);
    assertEquals("", screen.after(5, 500_000_000));
    assertEquals(
        "2.00 GB of 4.00 GB  50 %  100.0 MB/s  0m20s left  0 of 1 files\n",
        screen.after(5, 500_000_000));
  }
}
