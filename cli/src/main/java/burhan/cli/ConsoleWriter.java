package burhan.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Standard output as a writer, for libraries that print. */
final class ConsoleWriter extends Writer {
  private final Console console;

  ConsoleWriter(Console console) {
    this.console = console;
  }

  /** One for picocli, which takes a failure as its own unless the writer keeps it to itself. */
  static PrintWriter silent(Console console) {
    return new PrintWriter(new ConsoleWriter(console), true);
  }

  @Override
  public void write(char[] chars, int from, int count) throws IOException {
    try {
      console.print(new String(chars, from, count));
    } catch (Console.ReaderGone e) {
      throw new IOException(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      console.flush();
    } catch (Console.ReaderGone e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
