package burhan.checkpoint;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The fixtures made by reference implementations; they live beside the repository, not in it. */
final class Conformance {
  private Conformance() {}

  /** A folder of fixtures. Absent, the test is skipped with one loud line, or fails under CI. */
  static Path folder(String name) {
    Optional<Path> root = root();
    if (root.isEmpty()) {
      String message = "SKIPPED: no conformance fixtures (../shared/conformance), wanted " + name;
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      System.err.println(message);
      assumeTrue(false, message);
    }
    return root.orElseThrow().resolve(name);
  }

  private static Optional<Path> root() {
    String given = System.getProperty("burhan.conformance");
    if (given != null) {
      return Optional.of(Path.of(given));
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolveSibling("shared").resolve("conformance");
      if (at.getParent() != null && Files.isDirectory(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
