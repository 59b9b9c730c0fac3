package burhan.hub;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The hub's protocol, one request at a time: addresses, redirects, the token, and what each status
 * means. Knows no files and no patience: what may pass is thrown as {@link TryAgain}.
 */
final class HubClient implements AutoCloseable {
  private static final int MOST_REDIRECTS = 8;
  private static final int MOST_LIST_BYTES = 64 << 20;

  private final HubSettings settings;
  private final HttpClient http;

  HubClient(HubSettings settings) {
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            // By hand, because the token must not follow.
            .followRedirects(HttpClient.Redirect.NEVER)
            // A connection per file: over one connection of HTTP/2 files would share a window.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.answerTimeout())
            .proxy(new EnvironmentProxies(settings.environment()))
            .build();
  }

  /** The body of a file from some byte on, and what the servers said about the file. */
  record Body(
      InputStream stream, boolean isPartial, OptionalLong from, OptionalLong total, String etag) {}

  /** The repository at the commit that the name's revision stands for. */
  Repository list(HubName name) throws IOException {
    URI uri =
        address(
            "/api/models/"
                + name.repo()
                + "/revision/"
                + encoded(name.wanted(), "")
                + "?blobs=true");
    try (Answer answer = follow("GET", uri, -1, false)) {
      check(answer, name, null);
      byte[] text = answer.last.body().readNBytes(MOST_LIST_BYTES + 1);
      if (text.length > MOST_LIST_BYTES) {
        throw new BadInputException(
            name.repo() + ": the list of files is longer than 64 MB, which no repository needs");
      }
      return Repository.parse(name.repo(), new String(text, StandardCharsets.UTF_8));
    }
  }

  /** Asks for the size and the identifier of a file that the list does not describe. */
  RepoFile describe(HubName name, String commit, RepoFile file) throws IOException {
    try (Answer answer = follow("HEAD", fileAddress(name.repo(), commit, file), -1, true)) {
      check(answer, name, file);
      String etag = answer.hub("x-linked-etag").or(() -> answer.hub("etag")).orElse("");
      long bytes =
          answer
              .hub("x-linked-size")
              .or(() -> answer.last.headers().firstValue("content-length"))
              .map(HubClient::number)
              .orElse(RepoFile.UNKNOWN);
      RepoFile described = new RepoFile(file.name(), bytes, Repository.etag(name.repo(), etag));
      if (!described.isComplete()) {
        throw new BadInputException(
            "%s: the server says neither size nor identity of '%s', so that it cannot be checked; use another endpoint"
                .formatted(name.repo(), file.name()));
      }
      return described;
    }
  }

  /**
   * Opens a file.
   *
   * @param from first byte wanted
   * @throws ChangedMeanwhile if the hub has another content than the listed one
   * @throws RangeRefused if there is no such byte
   */
  Body open(HubName name, String commit, RepoFile file, long from) throws IOException {
    Answer answer = follow("GET", fileAddress(name.repo(), commit, file), from, false);
    boolean isOpen = false;
    try {
      if (answer.last.statusCode() == 416) {
        throw new RangeRefused("the server has no byte " + from + " of it");
      }
      check(answer, name, file);
      String linked = answer.hub("x-linked-etag").orElse("");
      String etag = Repository.etag(name.repo(), linked);
      if (!etag.isEmpty() && !etag.equals(file.etag())) {
        throw new ChangedMeanwhile(
            "%s: '%s' changed on the server".formatted(name.repo(), file.name()));
      }
      HttpHeaders headers = answer.last.headers();
      ContentRange range = ContentRange.parse(headers.firstValue("content-range").orElse(""));
      boolean isPartial = answer.last.statusCode() == 206;
      Body body =
          new Body(
              answer.last.body(),
              isPartial,
              isPartial ? range.from() : OptionalLong.of(0),
              isPartial
                  ? range.total()
                  : optional(number(headers.firstValue("content-length").orElse(""))),
              headers.firstValue("etag").orElse(""));
      isOpen = true;
      return body;
    } finally {
      if (!isOpen) {
        answer.close();
      }
    }
  }

  /** {@code bytes 100-199/200}. */
  private record ContentRange(OptionalLong from, OptionalLong total) {
    static ContentRange parse(String header) {
      String[] parts = header.replaceFirst("(?i)^\\s*bytes\\s+", "").split("[-/]", -1);
      if (parts.length != 3) {
        return new ContentRange(OptionalLong.empty(), OptionalLong.empty());
      }
      return new ContentRange(optional(number(parts[0])), optional(number(parts[2])));
    }
  }

  private static OptionalLong optional(long n) {
    return n < 0 ? OptionalLong.empty() : OptionalLong.of(n);
  }

  private static long number(String text) {
    return text.strip().matches("\\d{1,18}") ? Long.parseLong(text.strip()) : -1;
  }

  /** The last answer after all redirects, and the headers of those that the hub itself gave. */
  private static final class Answer implements AutoCloseable {
    private final HttpResponse<InputStream> last;
    private final List<HttpHeaders> hub;

    Answer(HttpResponse<InputStream> last, List<HttpHeaders> hub) {
      this.last = last;
      this.hub = hub;
    }

    Optional<String> hub(String header) {
      return hub.stream().flatMap(h -> h.firstValue(header).stream()).findFirst();
    }

    @Override
    public void close() throws IOException {
      last.body().close();
    }
  }

  /**
   * Sends a request and follows redirects.
   *
   * @param from for a part of a file; -1 for no range
   * @param staysAtHub ends at a redirect to another host: what the hub says is enough
   */
  private Answer follow(String method, URI first, long from, boolean staysAtHub)
      throws IOException {
    URI uri = first;
    List<HttpHeaders> hub = new ArrayList<>();
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = send(request(method, uri, from));
      if (isHub(uri)) {
        hub.add(response.headers());
      }
      Optional<String> location = response.headers().firstValue("location");
      boolean isRedirect =
          switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 -> location.isPresent();
            default -> false;
          };
      if (!isRedirect) {
        return new Answer(response, hub);
      }
      URI next = target(uri, location.orElseThrow());
      if (staysAtHub && !isHub(next)) {
        return new Answer(response, hub);
      }
      response.body().close();
      uri = next;
    }
    throw new BadInputException(
        "%s: more than %d redirects; check HF_ENDPOINT".formatted(first, MOST_REDIRECTS));
  }

  private static URI target(URI from, String location) {
    URI target;
    try {
      target = from.resolve(escaped(location));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          from.getHost() + ": redirects to something that is no address", e);
    }
    String scheme = target.getScheme() == null ? "" : target.getScheme().toLowerCase(Locale.ROOT);
    boolean isWeb = scheme.equals("http") || scheme.equals("https");
    if (!isWeb || target.getHost() == null) {
      throw new BadInputException(
          from.getHost() + ": redirects to something that is no web address");
    }
    if (from.getScheme().equalsIgnoreCase("https") && scheme.equals("http")) {
      throw new BadInputException(
          from.getHost() + ": redirects from https to http, which is not followed");
    }
    return target;
  }

  /** Signed addresses hold characters that browsers accept and RFC 3986 does not. */
  private static String escaped(String location) {
    StringBuilder out = new StringBuilder();
    location
        .codePoints()
        .forEach(c -> {
          if (c > ' ' && c < 0x7f && "\"<>\\^`{|}".indexOf(c) < 0) {
            out.appendCodePoint(c);
          } else {
            out.append(encoded(Character.toString(c), ""));
          }
        });
    return out.toString();
  }

  private HttpRequest request(String method, URI uri, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(settings.answerTimeout())
            .header("User-Agent", "burhan")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    String token = settings.token();
    if (token != null && isHub(uri)) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInputException("the download was stopped; what has arrived is kept", e);
    }
  }

  /** Whether an address belongs to the endpoint itself: scheme, host and port. */
  private boolean isHub(URI uri) {
    URI hub = settings.endpoint();
    return uri.getScheme().equalsIgnoreCase(hub.getScheme())
        && uri.getHost().equalsIgnoreCase(hub.getHost())
        && port(uri) == port(hub);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  private URI fileAddress(String repo, String commit, RepoFile file) {
    return address(
        "/" + repo + "/resolve/" + encoded(commit, "") + "/" + encoded(file.name(), "/"));
  }

  private URI address(String path) {
    return URI.create(settings.endpoint() + path);
  }

  /** Percent-encodes everything but letters, digits, {@code -._~} and {@code kept}. */
  private static String encoded(String text, String kept) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean isPlain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || ("-._~" + kept).indexOf(c) >= 0;
      out.append(isPlain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return out.toString();
  }

  /** One sentence for every status that is not success. */
  private void check(Answer answer, HubName name, @Nullable RepoFile file) throws IOException {
    int status = answer.last.statusCode();
    if (status / 100 == 2 || status / 100 == 3) {
      return;
    }
    String error = answer.hub("x-error-code").orElse("");
    if (error.equals("GatedRepo") && (status == 401 || status == 403)) {
      throw new BadInputException(gated(name));
    }
    String host = answer.last.uri().getHost();
    switch (status) {
      case 401 -> throw new BadInputException(unauthorised(name));
      case 403 -> {
        // A signed address of the delivery network has run out; the hub gives a new one.
        if (!isHub(answer.last.uri())) {
          throw new TryAgain("%s refuses (403)".formatted(host), null);
        }
        throw new BadInputException(gated(name));
      }
      case 404 -> throw new BadInputException(missing(name, file, error));
      case 408, 425, 429, 500, 502, 503, 504 ->
          throw new TryAgain(
              status == 429
                  ? host + " has had too many requests (429)"
                  : "%s is not ready (%d)".formatted(host, status),
              wish(answer.last.headers()));
      default ->
          throw new BadInputException(
              "%s: %s answers %d, expected 200; check HF_ENDPOINT"
                  .formatted(name.repo(), host, status));
    }
  }

  private String gated(HubName name) {
    String hub = settings.endpoint().toString();
    return settings.token() == null
        ? "%s: its licence must be accepted first; do so at %s/%s, make a token at %s/settings/tokens and set HF_TOKEN"
            .formatted(name.repo(), hub, name.repo(), hub)
        : "%s: this token may not read it; accept its licence at %s/%s, and let the token of HF_TOKEN read gated repositories"
            .formatted(name.repo(), hub, name.repo());
  }

  private String unauthorised(HubName name) {
    return settings.token() == null
        ? "%s: there is no such repository, or it is private; check the name at %s, or set HF_TOKEN"
            .formatted(name.repo(), settings.endpoint())
        : "%s: the token is refused; make a new one at %s/settings/tokens and set HF_TOKEN"
            .formatted(name.repo(), settings.endpoint());
  }

  private String missing(HubName name, @Nullable RepoFile file, String error) {
    if (file != null) {
      return "%s: '%s' is listed but not there; pull again".formatted(name.repo(), file.name());
    }
    if (error.equals("RevisionNotFound")
        || (name.revision() != null && !error.equals("RepoNotFound"))) {
      return "%s: no revision '%s'; leave @%s out for the newest"
          .formatted(name.repo(), name.wanted(), name.wanted());
    }
    return "%s: no such repository at %s; check the name"
        .formatted(name.repo(), settings.endpoint());
  }

  private static @Nullable Duration wish(HttpHeaders headers) {
    String text = headers.firstValue("retry-after").orElse("").strip();
    if (text.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), until);
      return left.isNegative() ? null : left;
    } catch (DateTimeException e) {
      return null;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
