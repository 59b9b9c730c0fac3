package burhan.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Whether a content is the one that its identifier names. Knows hashes, no network. */
final class Checksum {
  private static final int CHUNK = 1 << 20;

  private final RepoFile file;
  private @Nullable MessageDigest digest; // null where the identifier is no hash
  private long position; // bytes that the digest has seen
  private String got = "";

  private Checksum(RepoFile file) {
    this.file = file;
    this.digest = begun(file);
  }

  static Checksum of(RepoFile file) {
    return new Checksum(file);
  }

  private static @Nullable MessageDigest begun(RepoFile file) {
    return switch (file.check()) {
      case SHA256 -> digest("SHA-256");
      case GIT_SHA1 -> {
        MessageDigest git = digest("SHA-1");
        // Git names a file by the hash of its kind, its length and its content.
        git.update(("blob " + file.bytes() + "\0").getBytes(StandardCharsets.US_ASCII));
        yield git;
      }
      case NONE -> null;
    };
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has both
    }
  }

  /**
   * Sees bytes as they are written, so that they need not be read again. Bytes that do not follow
   * on the ones before are left to {@link #finish}.
   *
   * @param from where they lie in the content
   */
  void written(long from, byte[] bytes, int count) {
    if (digest != null && from == position) {
      digest.update(bytes, 0, count);
      position += count;
    }
  }

  /** The content was thrown away. */
  void restart() {
    digest = begun(file);
    position = 0;
  }

  /** Bytes that {@link #finish} would have to read. */
  long unseenBytes(long size) {
    return digest == null ? 0 : size - position;
  }

  /** Reads what has not passed {@link #written}, up to the end of the content. */
  void read(FileChannel content) throws IOException {
    if (digest == null) {
      return;
    }
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (int n; (n = content.read(chunk, position)) >= 0; chunk.clear()) {
      digest.update(chunk.flip());
      position += n;
    }
  }

  /** Ends it; the content must be whole. */
  void finish(FileChannel content) throws IOException {
    read(content);
    if (digest != null) {
      got = HexFormat.of().formatHex(digest.digest());
    }
  }

  boolean isRight() {
    return digest == null || got.equals(file.etag());
  }

  String got() {
    return got;
  }
}
