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
      return reinterpret(address, bytes, arena);
    } catch (ExecutableMemoryException e) {
      return arena.allocate(bytes, 64);
    }
  }

  @SuppressWarnings("restricted") // mmap gave exactly these bytes
  private static MemorySegment reinterpret(long address, long bytes, Arena arena) {
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, arena, memory -> ExecutableMemory.unmap(memory.address(), bytes));
  }
}
