package burhan.tensor;

/**
 * The input is at fault, not the program: a file, an option, a request. The message is one sentence
 * for the person who gave it: what, where, got, expected, next step. The command prints it without
 * a stack trace.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadInputException(String message) {
    super(message);
  }

  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
