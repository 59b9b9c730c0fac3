package burhan.kernel;

import burhan.assembler.PageMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for many packed weights out of few large pieces: a model of experts has tens of thousands
 * of matrices, more than a process may have mappings. All of it goes at once.
 */
final class Slabs implements AutoCloseable {
  private static final long SLAB = 32L << 20;

  private final Arena arena = Arena.ofShared();
  private MemorySegment slab = MemorySegment.NULL;
  private long used;

  /** That many bytes, zero, aligned to a line. */
  synchronized MemorySegment allocate(long bytes) {
    if (bytes >= SLAB / 4) {
      return PageMemory.allocate(bytes, arena);
    }
    if (used + bytes > slab.byteSize()) {
      slab = PageMemory.allocate(SLAB, arena);
      used = 0;
    }
    MemorySegment room = slab.asSlice(used, bytes);
    used = Math.ceilDiv(used + bytes, PackedFormat.LINE) * PackedFormat.LINE;
    return room;
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
