package burhan.checkpoint;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps a whole file for reading and hands it to whoever knows its format. */
final class MappedFile {
  private MappedFile() {}

  /** Reads the format. */
  @FunctionalInterface
  interface Parser<T> {
    /**
     * @param arena of the mapping; the result owns it from now on
     */
    T parse(Path file, Arena arena, MemorySegment bytes);
  }

  /**
   * @param least bytes that every file of the format has
   * @throws BadInputException if the file is missing, too short, unreadable or refused
   */
  static <T> T open(Path file, String format, long least, Parser<T> parser) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < least) {
        throw new BadInputException(
            "%s: %d bytes are too few for a %s file; download it again"
                .formatted(file, size, format));
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return parser.parse(file, arena, bytes);
    } catch (NoSuchFileException e) {
      arena.close();
      throw new BadInputException("%s: no such file".formatted(file), e);
    } catch (IOException e) {
      arena.close();
      throw new BadInputException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }
}
