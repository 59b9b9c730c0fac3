package burhan.hub;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A file of a repository as the hub describes it.
 *
 * @param name path below the repository, with slashes
 * @param bytes its size; {@link #UNKNOWN} until the server is asked
 * @param etag what identifies its content and names it in the cache: SHA-256 of a large file, Git's
 *     SHA-1 of a small one; empty until the server is asked
 */
public record RepoFile(String name, long bytes, String etag) {
  static final long UNKNOWN = -1;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

  /** How its content can be checked. */
  enum Check {
    SHA256,
    GIT_SHA1,
    NONE
  }

  Check check() {
    if (!HEX.matcher(etag).matches()) {
      return Check.NONE;
    }
    return switch (etag.length()) {
      case 64 -> Check.SHA256;
      case 40 -> Check.GIT_SHA1;
      default -> Check.NONE;
    };
  }

  boolean isComplete() {
    return bytes >= 0 && !etag.isEmpty();
  }

  boolean endsWith(String ending) {
    return name.toLowerCase(Locale.ROOT).endsWith(ending);
  }

  boolean isAtRoot() {
    return name.indexOf('/') < 0;
  }
}
