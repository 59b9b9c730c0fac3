package burhan.hub;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the hub and its cache are, as the environment says with Hugging Face's own variables:
 * {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HOME}, {@code
 * HF_HUB_CACHE}, {@code HF_HUB_OFFLINE}, {@code HF_HUB_DISABLE_IMPLICIT_TOKEN}, {@code
 * HF_HUB_DOWNLOAD_TIMEOUT}, {@code HF_HUB_ETAG_TIMEOUT}.
 *
 * @param endpoint the hub, without a slash at its end
 * @param token of the user, or null; never printed, and sent to the endpoint alone
 * @param cache the folder of all repositories
 * @param isOffline whether nothing may go out
 * @param answerTimeout until a server answers
 * @param idleTimeout without a byte, until a connection counts as broken
 * @param environment for the proxies it names
 */
public record HubSettings(
    URI endpoint,
    @Nullable String token,
    Path cache,
    boolean isOffline,
    Duration answerTimeout,
    Duration idleTimeout,
    Map<String, String> environment) {
  private static final String HUGGING_FACE = "https://huggingface.co";
  private static final Duration PATIENT = Duration.ofSeconds(30);

  /**
   * Reads them from an environment.
   *
   * @throws BadInputException if a variable cannot be understood
   */
  public static HubSettings of(Map<String, String> environment) {
    return new HubSettings(
        endpoint(environment.getOrDefault("HF_ENDPOINT", "")),
        token(environment),
        cache(environment),
        isTrue(environment.get("HF_HUB_OFFLINE")),
        seconds(environment, "HF_HUB_ETAG_TIMEOUT"),
        seconds(environment, "HF_HUB_DOWNLOAD_TIMEOUT"),
        Map.copyOf(environment));
  }

  /** The folder of all repositories, which may not exist yet. */
  public static Path cache(Map<String, String> environment) {
    String cache = environment.getOrDefault("HF_HUB_CACHE", "");
    if (cache.isEmpty()) {
      cache = environment.getOrDefault("HUGGINGFACE_HUB_CACHE", ""); // its older name
    }
    return cache.isEmpty() ? home(environment).resolve("hub") : path(environment, cache);
  }

  private static Path home(Map<String, String> environment) {
    String home = environment.getOrDefault("HF_HOME", "");
    if (!home.isEmpty()) {
      return path(environment, home);
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (caches.isEmpty() ? userHome(environment).resolve(".cache") : path(environment, caches))
        .resolve("huggingface");
  }

  private static Path path(Map<String, String> environment, String text) {
    return text.equals("~") || text.startsWith("~/")
        ? userHome(environment).resolve(text.substring(Math.min(2, text.length())))
        : Path.of(text);
  }

  private static Path userHome(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
  }

  private static URI endpoint(String text) {
    String trimmed = text.isBlank() ? HUGGING_FACE : text.strip();
    while (trimmed.endsWith("/")) {
      trimmed = trimmed.substring(0, trimmed.length() - 1);
    }
    try {
      URI uri = new URI(trimmed);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new BadInputException(
        "HF_ENDPOINT is '%s', expected the address of a hub such as %s"
            .formatted(FileNames.printable(text), HUGGING_FACE));
  }

  private static @Nullable String token(Map<String, String> environment) {
    if (isTrue(environment.get("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
      return null;
    }
    String token = environment.getOrDefault("HF_TOKEN", "").strip();
    String where = "HF_TOKEN";
    if (token.isEmpty()) {
      token = environment.getOrDefault("HUGGING_FACE_HUB_TOKEN", "").strip(); // its older name
    }
    if (token.isEmpty()) {
      String named = environment.getOrDefault("HF_TOKEN_PATH", "");
      Path file = named.isEmpty() ? home(environment).resolve("token") : path(environment, named);
      where = file.toString();
      token = read(file);
    }
    if (token.isEmpty()) {
      return null;
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new BadInputException(
          where + ": the token has characters that no token has; copy it again from the hub");
    }
    return token;
  }

  private static String read(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) < 10_000
          ? Files.readString(file).strip()
          : "";
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null && value.strip().toUpperCase(Locale.ROOT).matches("1|ON|YES|TRUE");
  }

  private static Duration seconds(Map<String, String> environment, String variable) {
    String text = environment.getOrDefault(variable, "").strip();
    if (text.isEmpty()) {
      return PATIENT;
    }
    try {
      double seconds = Double.parseDouble(text);
      if (seconds > 0 && seconds < 1e6) {
        return Duration.ofMillis(Math.max(1, (long) (1000 * seconds)));
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BadInputException(
        "%s is '%s', expected seconds such as 30".formatted(variable, FileNames.printable(text)));
  }

  /** Everything but the token. */
  @Override
  public String toString() {
    return "%s, %s token, cache %s%s"
        .formatted(endpoint, token == null ? "no" : "with a", cache, isOffline ? ", offline" : "");
  }
}
