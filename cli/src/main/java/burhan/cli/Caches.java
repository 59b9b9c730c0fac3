package burhan.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where things lie that can be made again: {@code ~/.cache/burhan}. */
final class Caches {
  private Caches() {}

  /** The folder of that name, which may not exist yet. */
  static Path folder(Map<String, String> environment, String name) {
    String given = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        given.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache")
            : Path.of(given);
    return caches.resolve("burhan").resolve(name);
  }
}
