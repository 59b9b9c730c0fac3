package burhan.token;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fixtures made by reference implementations; they live beside the repository, not in it. */
final class Conformance {
  private static final JsonMapper JSON = JsonMapper.builder().build();

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

  static JsonNode json(Path file) {
    try {
      return JSON.readTree(bytes(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return file.toString().endsWith(".gz")
          ? new GZIPInputStream(in).readAllBytes()
          : in.readAllBytes();
    }
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
