package burhan.api;

import burhan.checkpoint.AtomicFile;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The model that lies in this library's jar. Weights are mapped, and a jar cannot be, so it is
 * unpacked once into a folder whose name holds the hash of its content: another version is another
 * folder, and a folder that is there is whole.
 */
final class BoxedModel {
  static final String NAME = "burhan-nano";

  // A jar's content cannot be listed wherever a class loader got it from; a model's files are
  // known.
  private static final List<String> FILES =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "model.safetensors");

  private BoxedModel() {}

  static boolean isThere(String name) {
    return BoxedModel.class.getResource(resource(name, FILES.getFirst())) != null;
  }

  /** {@code $XDG_CACHE_HOME/burhan/models}, by default {@code ~/.cache/burhan/models}. */
  static Path userCache() {
    String given = System.getenv("XDG_CACHE_HOME");
    Path cache =
        given == null || given.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    return cache.resolve("burhan").resolve("models");
  }

  /**
   * The unpacked folder.
   *
   * @throws BadInputException if it cannot be written
   */
  static Path folder(String name, Path cache) {
    try {
      Path folder = cache.resolve(name + "-" + hash(name));
      if (!Files.isDirectory(folder)) {
        unpack(name, folder);
      }
      return folder;
    } catch (IOException e) {
      throw new BadInputException(
          "%s: cannot unpack the model %s there (%s); set XDG_CACHE_HOME to a folder with room"
              .formatted(cache, name, e.getMessage()),
          e);
    }
  }

  private static void unpack(String name, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    Path making = Files.createTempDirectory(folder.getParent(), "." + name + "-");
    try {
      for (String file : FILES) {
        try (InputStream in = open(name, file)) {
          if (in != null) {
            AtomicFile.write(
                making.resolve(file), channel -> in.transferTo(Channels.newOutputStream(channel)));
          }
        }
      }
      Files.move(making, folder);
    } catch (IOException e) {
      // Another process may have been faster; its folder is as good.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    } finally {
      delete(making);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static String hash(String name) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String file : FILES) {
        try (InputStream in = open(name, file)) {
          if (in != null) {
            digest.update(file.getBytes(StandardCharsets.UTF_8));
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static @Nullable InputStream open(String name, String file) {
    return BoxedModel.class.getResourceAsStream(resource(name, file));
  }

  private static String resource(String name, String file) {
    return "/models/" + name + "/" + file;
  }
}
