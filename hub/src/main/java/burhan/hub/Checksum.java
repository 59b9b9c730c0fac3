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

  private final String expected;
  private final @Nullable MessageDigest digest; // null where the identifier is no hash
  private String got = "";

  private Checksum(String expected, @Nullable MessageDigest digest) {
    this.expected = expected;
    this.digest = digest;
  }

  static Checksum of(RepoFile file) {
    return switch (file.check()) {
      case SHA256 -> new Checksum(file.etag(), digest("SHA-256"));
      case GIT_SHA1 -> {
        MessageDigest git = digest("SHA-1");
        // Git names a file by the hash of its kind, its length and its content.
        git.update(("blob " + file.bytes() + "\0").getBytes(StandardCharsets.US_ASCII));
        yield new Checksum(file.etag(), git);
      }
      case NONE -> new Checksum(file.etag(), null);
    };
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has both
    }
  }

  /** Reads all of the content. */
  void read(FileChannel content) throws IOException {
    if (digest == null) {
      return;
    }
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    content.position(0);
    while (content.read(chunk) >= 0) {
      digest.update(chunk.flip());
      chunk.clear();
    }
    got = HexFormat.of().formatHex(digest.digest());
  }

  boolean isRight() {
    return digest == null || got.equals(expected);
  }

  String got() {
    return got;
  }
}
