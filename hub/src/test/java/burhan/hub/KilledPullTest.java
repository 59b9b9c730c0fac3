package burhan.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pull in a process of its own, killed in the middle of a file without any warning. */
class KilledPullTest {
  private static final int BYTES = 400_000;

  @TempDir Path cache;

  /** The process: pulls what its argument names, with settings of its environment. */
  static final class Puller {
    public static void main(String[] args) {
      try (Hub hub = new Hub(HubSettings.of(System.getenv()))) {
        hub.pull(HubName.parse(args[0]), Long.MAX_VALUE - 1, PullListener.NONE);
      }
    }
  }

  private Process start(FakeHub hub) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Puller.class.getName(),
            PullTest.REPO);
    builder
        .environment()
        .putAll(Map.of("HF_ENDPOINT", hub.endpoint(), "HF_HOME", cache.toString()));
    builder.environment().keySet().removeAll(java.util.List.of("HF_HUB_CACHE", "HF_HUB_OFFLINE"));
    return builder.inheritIO().start();
  }

  @Test
  void theNextPullGoesOnWhereItWasKilled() throws Exception {
    try (FakeHub hub = new FakeHub(PullTest.REPO).with("m-Q4_0.gguf", BYTES)) {
      hub.fault("m-Q4_0.gguf", FakeHub.stall(BYTES / 2, 120_000));
      Path folder = cache.resolve("hub/models--org--model");
      String etag = FakeHub.etag(hub.files.get("m-Q4_0.gguf"));
      Path partial = folder.resolve("blobs").resolve(etag + ".incomplete");
      Process killed = start(hub);
      for (int i = 0;
          i < 4000 && !(Files.exists(partial) && Files.size(partial) == BYTES / 2);
          i++) {
        FakeHub.pause(20);
      }
      assertTrue(killed.isAlive(), "it is in the middle");
      killed.destroyForcibly();
      assertTrue(killed.waitFor(1, TimeUnit.MINUTES));
      assertEquals(BYTES / 2, Files.size(partial));
      assertTrue(new HubCache(cache.resolve("hub")).model(HubName.parse(PullTest.REPO)).isEmpty());

      Process next = start(hub);
      assertTrue(next.waitFor(2, TimeUnit.MINUTES));
      assertEquals(0, next.exitValue());
      assertEquals("bytes=" + BYTES / 2 + "-", hub.seen("cdn", "m-Q4_0.gguf").getLast().range());
      Path model =
          new HubCache(cache.resolve("hub")).model(HubName.parse(PullTest.REPO)).orElseThrow();
      assertArrayEquals(hub.files.get("m-Q4_0.gguf"), Files.readAllBytes(model));
    }
  }
}
