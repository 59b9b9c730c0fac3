package burhan.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Where the lines of a conversation come from: an editor on a terminal, or a pipe. */
interface Lines extends AutoCloseable {
  /** The next line without surrounding space, or null at the end. */
  @Nullable String next();

  /** Runs {@code work}; Ctrl-C meanwhile calls {@code interrupt} instead of ending the program. */
  <T> T whileAnswering(Runnable interrupt, Supplier<T> work);

  @Override
  void close() throws IOException;

  static Lines open(Console console) throws IOException {
    return console.inIsTerminal() && console.outIsTerminal()
        ? new Edited(console)
        : new Piped(console);
  }

  /** Lines of a person, with editing and a history that outlives the program. */
  final class Edited implements Lines {
    private final Terminal terminal;
    private final LineReader reader;

    Edited(Console console) throws IOException {
      Path history = Caches.folder(console.environment(), "chat-history");
      Files.createDirectories(history.toAbsolutePath().getParent());
      terminal = TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build();
      reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("burhan")
              .variable(LineReader.HISTORY_FILE, history)
              // "3! = ?" is a question, not an event of the history.
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
    }

    @Override
    public @Nullable String next() {
      while (true) {
        try {
          return reader.readLine("> ").strip();
        } catch (UserInterruptException e) {
          // Ctrl-C throws the line away, not the conversation.
        } catch (EndOfFileException e) {
          return null;
        }
      }
    }

    @Override
    public <T> T whileAnswering(Runnable interrupt, Supplier<T> work) {
      Terminal.SignalHandler before =
          terminal.handle(Terminal.Signal.INT, signal -> interrupt.run());
      try {
        return work.get();
      } finally {
        terminal.handle(Terminal.Signal.INT, before);
      }
    }

    @Override
    public void close() throws IOException {
      terminal.close();
    }
  }

  /** Lines of a pipe or a file. */
  final class Piped implements Lines {
    private final BufferedReader reader;

    Piped(Console console) {
      reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable String next() {
      try {
        String line = reader.readLine();
        return line == null ? null : line.strip();
      } catch (IOException e) {
        return null; // the pipe broke: there is no next line
      }
    }

    @Override
    public <T> T whileAnswering(Runnable interrupt, Supplier<T> work) {
      return work.get();
    }

    @Override
    public void close() {
      // Standard input is the process's, not ours.
    }
  }
}
