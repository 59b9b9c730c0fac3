package burhan.kernel;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sixty-four tokens of an {@link AttentionMemory}, all layers and heads, held by whoever reads
 * them. Knows how many hold it, not what is in it. Its memory goes with the last holder.
 */
public abstract sealed class MemoryBlock implements AutoCloseable
    permits PackedMemory.PackedBlock, RowMemory.RowBlock {
  private final AtomicInteger holders = new AtomicInteger(1);

  /** Bytes it takes. */
  public abstract long bytes();

  /** One more holder, who will close it too. */
  final void hold() {
    if (holders.getAndIncrement() < 1) {
      throw new IllegalStateException("the block is gone");
    }
  }

  /** One holder less; behind the last the memory is free. */
  @Override
  public final void close() {
    int left = holders.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("the block is gone already");
    }
    if (left == 0) {
      free();
    }
  }

  abstract void free();
}
