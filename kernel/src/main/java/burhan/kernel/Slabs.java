package burhan.kernel;

import burhan.assembler.PageMemory;
import java.lang.foreign.MemorySegment;

/**
 * Memory for many packed weights out of few large pieces: a model of experts has tens of thousands
 * of matrices, more than a process may have mappings. A piece goes when its last weight goes.
 */
final class Slabs {
  private static final long SLAB = 32L << 20;

  private MemorySegment slab = MemorySegment.NULL;
  private long used;

  /** That many bytes, zero, aligned to a line. */
  synchronized MemorySegment allocate(long bytes) {
    if (bytes >= SLAB / 4) {
      return PageMemory.allocate(bytes);
    }
    if (used + bytes > slab.byteSize()) {
      slab = PageMemory.allocate(SLAB);
      used = 0;
    }
    MemorySegment room = slab.asSlice(used, bytes);
    used = Math.ceilDiv(used + bytes, PackedFormat.LINE) * PackedFormat.LINE;
    return room;
  }
}
