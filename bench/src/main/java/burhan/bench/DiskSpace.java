package burhan.bench;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether a file of gigabytes fits, asked before a minute is spent on writing it. */
final class DiskSpace {
  private static final long SPARE = 1L << 30;

  private DiskSpace() {}

  /**
   * Creates the folder.
   *
   * @throws BadInputException if its disk has no room for so many bytes and a spare gigabyte
   */
  static void require(Path folder, long bytes) throws IOException {
    Files.createDirectories(folder);
    long free = Files.getFileStore(folder).getUsableSpace();
    if (bytes > free - SPARE) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%s: this model takes %.1f GB, but the disk has only %.1f GB left; free some or"
                  + " choose a smaller --type",
              folder,
              bytes / 1e9,
              free / 1e9));
    }
  }
}
