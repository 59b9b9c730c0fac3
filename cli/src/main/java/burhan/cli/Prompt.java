package burhan.cli;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A text given as words, as {@code -} for standard input, or as a file. */
final class Prompt {
  private static final long LARGEST = 64L << 20;

  // What a person means as an option, unlike the question "-3 + 5".
  private static final Pattern OPTION = Pattern.compile("-[A-Za-z]|--[A-Za-z][\\w-]*(=.*)?");

  @Parameters(
      arity = "0..*",
      paramLabel = "TEXT",
      description = "The text; - reads standard input.")
  private List<String> words = List.of();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Read the text from a file.")
  private @Nullable Path file;

  boolean isGiven() {
    return !words.isEmpty() || file != null;
  }

  /**
   * The text.
   *
   * @throws UsageException if there is none or more than one
   */
  String text(Console console) {
    for (String word : words) {
      if (OPTION.matcher(word).matches()) {
        throw new UsageException(
            "unknown option: '"
                + word
                + "'; --help lists the options, quotes hold a text together");
      }
    }
    if (file != null && !words.isEmpty()) {
      throw new UsageException("a text and -f " + file + " are given, expected one of them");
    }
    if (file != null) {
      return read(file);
    }
    if (words.isEmpty()) {
      throw new UsageException("no text is given; write it, give - for standard input, or -f FILE");
    }
    return words.equals(List.of("-")) ? console.readAll() : String.join(" ", words);
  }

  /** A file of text. */
  static String read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new BadInputException(
            "%s: %d bytes of text, at most %d are read".formatted(file, Files.size(file), LARGEST));
      }
      return Console.text(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new BadInputException(file + ": no such file", e);
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }
}
