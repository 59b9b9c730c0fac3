package burhan.assembler;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Large memory straight from the operating system: zero, taken page by page as it is touched, and
 * given back when nobody can reach it any more. Java's own native memory is written with zeros at
 * once and counts against a limit as large as the heap. Knows nothing of what lies in it.
 */
public final class PageMemory {
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x4022;

  private PageMemory() {}

  /** That many bytes, aligned to a page; from Java's own native memory where this is not Linux. */
  public static MemorySegment allocate(long bytes) {
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
      return reinterpret(address, bytes);
    } catch (ExecutableMemoryException e) {
      return Arena.ofAuto().allocate(bytes, 64);
    }
  }

  @SuppressWarnings("restricted") // mmap gave exactly these bytes
  private static MemorySegment reinterpret(long address, long bytes) {
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, Arena.ofAuto(), memory -> ExecutableMemory.unmap(memory.address(), bytes));
  }
}
