package burhan.assembler;

/** This machine or its rules give no executable memory; the message says why in one sentence. */
public final class ExecutableMemoryException extends Exception {
  private static final long serialVersionUID = 1L;

  public ExecutableMemoryException(String message) {
    super(message);
  }
}
