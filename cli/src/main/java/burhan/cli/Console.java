package burhan.cli;

import burhan.tensor.BadInputException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The three streams of the process, UTF-8 whatever the locale says, and the environment. Knows
 * whether a person sees the output; knows no command.
 */
final class Console {
  /** The reader of standard output has gone away: a reason to end, not a failure. */
  static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReaderGone(IOException cause) {
      super(cause);
    }
  }

  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final Map<String, String> environment;
  private final boolean inIsTerminal;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;

  Console(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean inIsTerminal,
      boolean outIsTerminal,
      boolean errIsTerminal) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.inIsTerminal = inIsTerminal;
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
  }

  /**
   * That of this process. The launcher says which streams are terminals, because the JDK only knows
   * about all of them together; started without it, none is.
   */
  static Console system() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        isTerminal("stdin"),
        isTerminal("stdout"),
        isTerminal("stderr"));
  }

  private static boolean isTerminal(String stream) {
    return Boolean.getBoolean("burhan." + stream + ".terminal");
  }

  Map<String, String> environment() {
    return environment;
  }

  InputStream in() {
    return in;
  }

  boolean inIsTerminal() {
    return inIsTerminal;
  }

  boolean outIsTerminal() {
    return outIsTerminal;
  }

  boolean errIsTerminal() {
    return errIsTerminal;
  }

  /** Writes to standard output; it may wait in a buffer until {@link #flush}. */
  void print(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ReaderGone(e);
    }
  }

  void println(String line) {
    print(line + "\n");
    flush();
  }

  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new ReaderGone(e);
    }
  }

  /** Standard output for code that prints by itself. */
  PrintStream stream() {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  /** Writes a line to standard error. */
  void error(String line) {
    errorText(line + "\n");
  }

  /** Writes to standard error without ending the line: progress. */
  void errorText(String text) {
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // Nobody reads the errors, and there is no other place to say so.
    }
  }

  /** Whether escape sequences are welcome on standard output. */
  boolean isStyled() {
    return outIsTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** The text as a terminal shows it faintly; unchanged where there is none. */
  String dim(String text) {
    return isStyled() ? DIM + text + PLAIN : text;
  }

  /**
   * All of standard input.
   *
   * @throws BadInputException if it is not UTF-8
   */
  String readAll() {
    try {
      return text(in.readAllBytes(), "standard input");
    } catch (IOException e) {
      throw new BadInputException("standard input: cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /**
   * Bytes as text.
   *
   * @throws BadInputException if they are not UTF-8
   */
  static String text(byte[] bytes, String where) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new BadInputException(where + ": not UTF-8 text; convert it to UTF-8 first", e);
    }
  }
}
