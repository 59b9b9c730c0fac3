package burhan.assembler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Large memory straight from the operating system: zero, taken page by page as it is touched.
 * Java's own native memory is written with zeros at once and counts against a limit as large as the
 * heap. Knows nothing of what lies in it.
 */
public final class PageMemory {
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x4022;

  private static final int MADV_HUGEPAGE = 14;
  private static final long LEAST_LARGE = 8L << 20; // a few large pages

  private PageMemory() {}

  /**
   * That many bytes, aligned to a page; from Java's own native memory where this is not Linux.
   *
   * @param arena gives them back
   */
  public static MemorySegment allocate(long bytes, Arena arena) {
    try {
      Libc.requireLinuxX86();
      long address =
          Libc.call(
              "mmap",
              ValueLayout.JAVA_LONG,
              "no memory",
              0,
              bytes,
              READ_WRITE,
              PRIVATE_ANONYMOUS_NORESERVE,
              -1,
              0);
      MemorySegment memory = reinterpret(address, bytes, arena);
      if (bytes >= LEAST_LARGE) {
        askForLargePages(address, bytes);
      }
      return memory;
    } catch (ExecutableMemoryException e) {
      return arena.allocate(bytes, 64);
    }
  }

  /** Fewer entries of the page table for the same stream; a system that has none may refuse. */
  private static void askForLargePages(long address, long bytes) {
    try {
      Libc.call("madvise", ValueLayout.JAVA_INT, "no large pages", address, bytes, MADV_HUGEPAGE);
    } catch (ExecutableMemoryException e) {
      System.getLogger("burhan.assembler").log(System.Logger.Level.TRACE, e.getMessage());
    }
  }

  @SuppressWarnings("restricted") // mmap gave exactly these bytes
  private static MemorySegment reinterpret(long address, long bytes, Arena arena) {
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, arena, memory -> ExecutableMemory.unmap(memory.address(), bytes));
  }
}
