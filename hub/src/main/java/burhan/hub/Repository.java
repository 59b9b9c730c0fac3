package burhan.hub;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A repository at one commit, as the hub lists it. Everything in it comes from the server and is
 * checked here: names, sizes, identifiers.
 *
 * @param repo {@code org/repo}
 * @param commit that the revision stood for
 * @param files of that commit
 * @param license as its card says; empty if it does not
 */
record Repository(String repo, String commit, List<RepoFile> files, String license) {
  private static final int MOST_FILES = 100_000;
  private static final Pattern COMMIT = Pattern.compile("[0-9A-Za-z]{1,64}");
  private static final Pattern ETAG = Pattern.compile("\\w[\\w.-]{0,127}");

  /**
   * Reads the answer of {@code /api/models/REPO/revision/REVISION?blobs=true}.
   *
   * @throws BadInputException if it is not such an answer, or hostile
   */
  static Repository parse(String repo, String text) {
    Json json = Json.parse(repo + ": list of files", text);
    String commit = json.text("sha");
    if (!COMMIT.matcher(commit).matches()) {
      throw new BadInputException(
          "%s: the server names the commit '%s', expected a hash"
              .formatted(repo, FileNames.printable(commit)));
    }
    JsonNode siblings = json.node().path("siblings");
    if (!siblings.isArray() || siblings.size() > MOST_FILES) {
      throw new BadInputException(
          "%s: 'siblings' is not a list of at most %d files".formatted(json.where(), MOST_FILES));
    }
    List<RepoFile> files = new ArrayList<>();
    for (JsonNode sibling : siblings) {
      files.add(file(Json.of(json.where(), sibling)));
    }
    FileNames.checkAll(repo, files.stream().map(RepoFile::name).toList());
    return new Repository(repo, commit, List.copyOf(files), license(json));
  }

  private static RepoFile file(Json sibling) {
    Json lfs = sibling.objectOrNull("lfs");
    String sha256 = lfs == null ? "" : lfs.text("sha256", lfs.text("oid", ""));
    String etag = sha256.isEmpty() ? sibling.text("blobId", "") : sha256;
    JsonNode size = sibling.node().get("size");
    if (size == null && lfs != null) {
      size = lfs.node().get("size");
    }
    return new RepoFile(sibling.text("rfilename"), bytes(sibling, size), etag(sibling, etag));
  }

  private static long bytes(Json sibling, @Nullable JsonNode size) {
    if (size == null || size.isNull()) {
      return RepoFile.UNKNOWN;
    }
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
      throw new BadInputException(
          "%s: 'size' is %s, expected bytes"
              .formatted(sibling.where(), FileNames.printable(size.toString())));
    }
    return size.longValue();
  }

  /** An identifier without the marks of HTTP; it becomes a file name, so its form is checked. */
  static String etag(String where, String header) {
    String etag = header.startsWith("W/") ? header.substring(2) : header;
    if (etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")) {
      etag = etag.substring(1, etag.length() - 1);
    }
    if (!etag.isEmpty() && !ETAG.matcher(etag).matches()) {
      throw new BadInputException(
          "%s: the server identifies a file as '%s', expected a hash"
              .formatted(where, FileNames.printable(etag)));
    }
    return etag.matches("[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}") ? etag.toLowerCase(Locale.ROOT) : etag;
  }

  private static String etag(Json sibling, String etag) {
    return etag(sibling.where(), etag);
  }

  private static String license(Json json) {
    JsonNode license = json.node().path("cardData").path("license");
    return license.isString() ? FileNames.printable(license.stringValue()) : "";
  }
}
