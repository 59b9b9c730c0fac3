package burhan.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The variables of the environment that other tools read, too. */
class HubSettingsTest {
  @TempDir Path home;

  private HubSettings of(String... variables) {
    Map<String, String> environment = new java.util.HashMap<>(Map.of("HOME", home.toString()));
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return HubSettings.of(environment);
  }

  @Test
  void theCacheLiesWhereOthersHaveIt() {
    assertEquals(home.resolve(".cache/huggingface/hub"), of().cache());
    assertEquals(Path.of("/c/huggingface/hub"), of("XDG_CACHE_HOME", "/c").cache());
    assertEquals(Path.of("/h/hub"), of("HF_HOME", "/h", "XDG_CACHE_HOME", "/c").cache());
    assertEquals(Path.of("/x"), of("HF_HUB_CACHE", "/x", "HF_HOME", "/h").cache());
    assertEquals(home.resolve("m"), of("HF_HUB_CACHE", "~/m").cache());
  }

  @Test
  void theTokenComesFromTheEnvironmentOrItsFile() throws IOException {
    assertNull(of().token());
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "hf_file\n");
    assertEquals("hf_file", of().token());
    assertEquals("hf_env", of("HF_TOKEN", " hf_env\n").token());
    assertNull(of("HF_TOKEN", "hf_env", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token());
    Path other = Files.writeString(home.resolve("t"), "hf_other");
    assertEquals("hf_other", of("HF_TOKEN_PATH", other.toString()).token());
    String sentence =
        assertThrows(BadInputException.class, () -> of("HF_TOKEN", "hf_a\nX-Evil: b")).getMessage();
    assertTrue(!sentence.contains("hf_a") && sentence.contains("HF_TOKEN"), sentence);
  }

  @Test
  void endpointAndTimesAreChecked() {
    assertEquals(URI.create("https://huggingface.co"), of().endpoint());
    assertEquals(URI.create("http://m:8/x"), of("HF_ENDPOINT", "http://m:8/x/").endpoint());
    assertEquals(Duration.ofMillis(2500), of("HF_HUB_DOWNLOAD_TIMEOUT", "2.5").idleTimeout());
    assertTrue(of("HF_HUB_OFFLINE", "true").isOffline());
    for (String bad : new String[] {"ftp://x", "mirror", "http://", "http://a@b", "http://a b"}) {
      assertThrows(BadInputException.class, () -> of("HF_ENDPOINT", bad), bad);
    }
    assertThrows(BadInputException.class, () -> of("HF_HUB_ETAG_TIMEOUT", "soon"));
  }

  @Test
  void proxiesOfTheEnvironment() {
    EnvironmentProxies proxies =
        new EnvironmentProxies(
            Map.of("HTTPS_PROXY", "http://proxy:3128", "no_proxy", "intra.net, .other.org"));
    assertEquals(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy", 3128)),
        proxies.select(URI.create("https://huggingface.co/x")).getFirst());
    for (String direct :
        new String[] {
          "http://huggingface.co",
          "https://127.0.0.1:9/x",
          "https://a.intra.net",
          "https://other.org"
        }) {
      assertEquals(Proxy.NO_PROXY, proxies.select(URI.create(direct)).getFirst(), direct);
    }
    EnvironmentProxies broken = new EnvironmentProxies(Map.of("all_proxy", "socks5://u:pw@x:1"));
    String sentence =
        assertThrows(BadInputException.class, () -> broken.select(URI.create("http://x.org")))
            .getMessage();
    assertTrue(!sentence.contains("pw"), sentence);
  }
}
