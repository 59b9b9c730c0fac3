package burhan.server;

import burhan.tensor.BadInputException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * How a server listens, and whom it answers.
 *
 * @param host address or name to listen on
 * @param port 0 for any that is free
 * @param apiKeys a request must carry one of them; without any, everybody on this machine may ask
 * @param mostBodyBytes of a request
 * @param maxTokens of an answer whose request does not say; memory for so many is set aside
 * @param keepAlive how long a client hears nothing before it is told that its answer still comes
 * @param grace for running answers when the server stops
 */
public record ServerOptions(
    String host,
    int port,
    List<String> apiKeys,
    int mostBodyBytes,
    int maxTokens,
    Duration keepAlive,
    Duration grace) {
  /** Loopback, port 8080, no key. */
  public static final ServerOptions DEFAULT =
      new ServerOptions(
          "127.0.0.1",
          8080,
          List.of(),
          16 << 20,
          16_384,
          Duration.ofSeconds(10),
          Duration.ofSeconds(20));

  private static final int LARGEST_PORT = 65535;

  /**
   * @throws BadInputException if a value is out of range, or strangers could ask without a key
   */
  public ServerOptions {
    apiKeys = List.copyOf(apiKeys);
    if (port < 0 || port > LARGEST_PORT) {
      throw new BadInputException("port is %d, expected 0 to %d".formatted(port, LARGEST_PORT));
    }
    if (apiKeys.stream().anyMatch(key -> key.isBlank())) {
      throw new BadInputException("an API key is empty, expected some letters");
    }
    if (apiKeys.isEmpty() && !isLoopback(host)) {
      throw new BadInputException(
          "host %s is not only this machine, so whoever reaches it could use the model; give an --api-key, or listen on 127.0.0.1"
              .formatted(host));
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new BadInputException("host %s is not known here".formatted(host), e);
    }
  }

  public ServerOptions withHost(String value) {
    return new ServerOptions(value, port, apiKeys, mostBodyBytes, maxTokens, keepAlive, grace);
  }

  public ServerOptions withPort(int value) {
    return new ServerOptions(host, value, apiKeys, mostBodyBytes, maxTokens, keepAlive, grace);
  }

  public ServerOptions withApiKeys(List<String> value) {
    return new ServerOptions(host, port, value, mostBodyBytes, maxTokens, keepAlive, grace);
  }

  public ServerOptions withMostBodyBytes(int value) {
    return new ServerOptions(host, port, apiKeys, value, maxTokens, keepAlive, grace);
  }

  public ServerOptions withKeepAlive(Duration value) {
    return new ServerOptions(host, port, apiKeys, mostBodyBytes, maxTokens, value, grace);
  }
}
