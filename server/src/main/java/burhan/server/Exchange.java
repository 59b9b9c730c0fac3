package burhan.server;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request and the way back to whoever sent it: all that endpoints know of HTTP. Belongs to one
 * virtual thread, which may block.
 */
interface Exchange {
  String method();

  /** Decoded, without the query, with a leading slash and no empty segments. */
  String path();

  /** A header's first value, or null. */
  @Nullable String header(String name);

  /**
   * The whole body.
   *
   * @throws ApiException 413 if it is larger than the server accepts, 408 if it does not come
   */
  byte[] body() throws IOException;

  /** Sets a header of the response, which must not have begun. */
  void setHeader(String name, String value);

  /** Sends a whole response. */
  void respond(int status, String type, byte[] body) throws IOException;

  /** Begins a response that goes out as it is flushed. */
  OutputStream stream(int status, String type) throws IOException;

  /** Whether a response has begun, so that no other can be sent. */
  boolean hasBegun();
}
