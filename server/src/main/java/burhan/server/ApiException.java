package burhan.server;

import org.jspecify.annotations.Nullable;

/** A request that is refused: the status, and the words and codes that OpenAI's clients know. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String type;
  private final @Nullable String code;
  private final @Nullable String param;

  private final long retryAfterSeconds;

  ApiException(
      int status, String type, @Nullable String code, @Nullable String param, String message) {
    this(status, type, code, param, message, 0);
  }

  ApiException(
      int status,
      String type,
      @Nullable String code,
      @Nullable String param,
      String message,
      long retryAfterSeconds) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
  }

  /** The request itself is at fault. */
  static ApiException invalid(@Nullable String param, String message) {
    return new ApiException(400, "invalid_request_error", null, param, message);
  }

  static ApiException notFound(@Nullable String code, String message) {
    return new ApiException(404, "invalid_request_error", code, null, message);
  }

  /** When to try again; 0 where that would not help. */
  long retryAfterSeconds() {
    return retryAfterSeconds;
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  @Nullable String code() {
    return code;
  }

  @Nullable String param() {
    return param;
  }
}
