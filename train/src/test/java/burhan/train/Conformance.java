package burhan.train;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Finds the fixtures of the reference implementations; absent, the test skips loudly. */
final class Conformance {
  private Conformance() {}

  static Path folder(String name) {
    String given = System.getProperty("burhan.conformance");
    Path root = given == null ? find() : Path.of(given);
    if (root != null && Files.isDirectory(root.resolve(name))) {
      return root.resolve(name);
    }
    String sentence =
        "SKIPPED: no conformance fixtures '%s' beside the project; set -Dburhan.conformance=FOLDER"
            .formatted(name);
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(sentence);
    }
    System.err.println(sentence);
    Assumptions.abort(sentence);
    throw new AssertionError("unreachable");
  }

  private static @Nullable Path find() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolveSibling("shared").resolve("conformance");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
