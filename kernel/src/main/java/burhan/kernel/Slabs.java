package burhan.kernel;

import burhan.assembler.PageMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory for many packed weights out of few large pieces: a model of experts has tens of thousands
 * of matrices, more than a process may have mappings. All of it goes at once. Ends before the
 * machine's memory does: what finds no room any more stays where it is stored.
 */
final class Slabs implements AutoCloseable {
  private static final long SLAB = 32L << 20;
  // For what attention remembers, the buffers of a step, and the file's pages that are in use.
  private static final long LEFT_FREE = 512L << 20;

  private final Arena arena = Arena.ofShared();
  private final LongSupplier available;
  private MemorySegment slab = MemorySegment.NULL;
  private long used;
  private boolean isFull;

  Slabs() {
    this(MachineMemory::availableBytes);
  }

  /**
   * @param available bytes that the machine could still give
   */
  Slabs(LongSupplier available) {
    this.available = available;
  }

  /** That many bytes, zero, aligned to a line; null where memory is too short for them. */
  synchronized @Nullable MemorySegment allocate(long bytes) {
    if (isFull) {
      return null;
    }
    boolean isLarge = bytes >= SLAB / 4;
    if (isLarge || used + bytes > slab.byteSize()) {
      long wanted = isLarge ? bytes : SLAB;
      if (available.getAsLong() < wanted + LEFT_FREE) {
        isFull = true;
        System.getLogger("burhan.kernel")
            .log(
                System.Logger.Level.WARNING,
                "memory is too short to pack all weights; the rest is multiplied where it lies in"
                    + " the file, which is slower");
        return null;
      }
      MemorySegment memory = PageMemory.allocate(wanted, arena);
      if (isLarge) {
        return memory;
      }
      slab = memory;
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
