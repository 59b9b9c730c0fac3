package burhan.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool that runs one parallel region at a time: the caller takes part 0, the others spin
 * for a while and then park. Knows nothing about what a part does. Spinning costs 0.2 us a region
 * where an executor costs 3 us, and a token has hundreds of regions.
 */
public final class Workers implements AutoCloseable {
  /** One part of a region; must not throw. */
  @FunctionalInterface
  public interface Part {
    void run(int part, int parts);
  }

  // Long enough to bridge the serial work between two regions of a token, short enough that an
  // idle engine gives the core back within a fraction of a millisecond.
  private static final int SPINS = 2_000;

  // Below this many multiply-adds a parallel region costs more than it saves.
  private static final long SERIAL_WORK = 1 << 16;

  private final Thread[] threads;
  private volatile int sequence;
  private volatile boolean closed;
  private @Nullable Part part;
  private volatile @Nullable Throwable failure;
  private final AtomicInteger running = new AtomicInteger();
  private final ThreadLocal<Product[]> oneProduct =
      ThreadLocal.withInitial(() -> new Product[] {new Product()});

  /**
   * @param threads how many work at the same time, the caller included
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a pool needs at least one thread, got " + threads);
    }
    this.threads = new Thread[threads - 1];
    for (int i = 0; i < this.threads.length; i++) {
      int index = i;
      this.threads[i] =
          Thread.ofPlatform().daemon().name("burhan-worker-" + (i + 1)).start(() -> work(index));
    }
  }

  /** How many parts a region has. */
  public int size() {
    return threads.length + 1;
  }

  /** Runs {@code part} once for each index below {@link #size()}, and returns when all are done. */
  public synchronized void run(Part part) {
    if (threads.length == 0 || closed) {
      part.run(0, 1);
      return;
    }
    this.part = part;
    running.set(threads.length);
    sequence = sequence + 1; // the release: workers that see it see the part
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    part.run(0, size());
    int spins = 0;
    while (running.get() > 0) {
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(1_000); // a part that lost its core: give this one up for a moment
      }
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw new IllegalStateException("a parallel part failed", thrown);
    }
  }

  /** A product of the calling thread's own, for a region of one. */
  Product[] oneProduct() {
    return oneProduct.get();
  }

  /** Whether this many multiply-adds are done sooner by one thread. */
  boolean isTooLittle(long work) {
    return work < SERIAL_WORK || size() == 1;
  }

  /** Runs {@code body} over one range a thread, or on the caller alone if it is too little work. */
  void split(int items, long work, Kernels.RangeBody body) {
    if (isTooLittle(work)) {
      body.run(0, 0, items);
      return;
    }
    run((part, parts) -> {
      int from = (int) ((long) items * part / parts);
      int to = (int) ((long) items * (part + 1) / parts);
      if (from < to) {
        body.run(part, from, to);
      }
    });
  }

  private void work(int index) {
    int seen = 0;
    while (true) {
      int spins = 0;
      while (sequence == seen && !closed) {
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = sequence;
      Part current = part;
      try {
        if (current != null) {
          current.run(index + 1, size());
        }
      } catch (Throwable t) {
        failure = t;
      } finally {
        running.decrementAndGet();
      }
    }
  }

  /** Ends the threads; later regions run on the caller alone. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
