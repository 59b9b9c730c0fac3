package burhan.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool that runs one parallel region at a time, the caller included. A region is cut into a
 * few pieces a thread, always the same ones; whoever is done with his own takes those that nobody
 * has begun, so that a thread whose core another program has taken holds up one piece, not its
 * whole share. Threads spin for a while and then park. Knows nothing about what a piece does.
 * Spinning costs 0.2 us a region where an executor costs 3 us, and a token has hundreds of regions.
 */
public final class Workers implements AutoCloseable {
  /** One piece of a region; must not throw. Its index decides what it does, not who runs it. */
  @FunctionalInterface
  public interface Part {
    void run(int part, int parts);
  }

  /** The same for work that needs a scratch area of its own. */
  @FunctionalInterface
  private interface Piece {
    /**
     * @param thread below {@link #size()}, no other piece runs with it at the same time
     */
    void run(int thread, int piece, int pieces);
  }

  // Enough that the last one is short beside the region, few enough that cutting costs nothing.
  private static final int PIECES = 4;

  // Long enough to bridge the serial work between two regions of a token, short enough that an
  // idle engine gives the core back within a fraction of a millisecond.
  private static final int LONGEST_SPIN = 5_000;
  private static final int SHORTEST_SPIN = 200;

  // Whoever waits for longer than his own share took, and than this, waits for a lost core.
  private static final long LEAST_PATIENCE_NANOS = 50_000;
  private static final int SPINS_A_LOOK = 64; // at the clock

  // Below this many multiply-adds a parallel region costs more than it saves.
  private static final long SERIAL_WORK = 1 << 16;

  // Counters of two threads in one cache line would slow both down.
  private static final int PAD = 16;

  private final Thread[] threads;
  private volatile int sequence;
  private volatile boolean closed;
  private @Nullable Piece piece;
  private int piecesEach;
  private volatile @Nullable Throwable failure;
  // Of each thread: the region, and how many of his pieces nobody has begun.
  private final AtomicLongArray left;
  private final AtomicIntegerArray parked;
  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile @Nullable Thread waiting;
  // How long it pays to spin: shorter while other programs keep our threads from their cores.
  private volatile int spin = LONGEST_SPIN;
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
    this.left = new AtomicLongArray(threads * PAD);
    this.parked = new AtomicIntegerArray(threads);
    for (int i = 0; i < this.threads.length; i++) {
      int thread = i + 1;
      this.threads[i] =
          Thread.ofPlatform().daemon().name("burhan-worker-" + thread).start(() -> work(thread));
    }
  }

  /** How many threads there are. */
  public int size() {
    return threads.length + 1;
  }

  /**
   * Runs {@code part} once for each index below the number of parts that it is told, and returns
   * when all are done.
   */
  public void run(Part part) {
    run(PIECES, (thread, index, count) -> part.run(index, count));
  }

  /** A product of the calling thread's own, for a region of one. */
  Product[] oneProduct() {
    return oneProduct.get();
  }

  /** Whether this many multiply-adds are done sooner by one thread. */
  boolean isTooLittle(long work) {
    return work < SERIAL_WORK || size() == 1;
  }

  /**
   * Runs {@code body} over ranges that cover the items, or on the caller alone if it is too little
   * work. Its part is the thread: ranges of one part never run at the same time.
   */
  void split(int items, long work, Kernels.RangeBody body) {
    if (isTooLittle(work)) {
      body.run(0, 0, items);
      return;
    }
    int each = Math.clamp(work / SERIAL_WORK / size(), 1, PIECES);
    run(
        each,
        (thread, index, count) -> {
          int from = (int) ((long) items * index / count);
          int to = (int) ((long) items * (index + 1) / count);
          if (from < to) {
            body.run(thread, from, to);
          }
        });
  }

  private synchronized void run(int each, Piece body) {
    if (threads.length == 0 || closed) {
      body.run(0, 0, 1);
      return;
    }
    // 1. Lay the pieces out.
    int region = sequence + 1;
    piece = body;
    piecesEach = each;
    unfinished.set(size() * each);
    for (int t = 0; t < size(); t++) {
      left.set(t * PAD, region(region) + each);
    }
    // 2. The release: workers that see the region see its pieces.
    sequence = region;
    for (int t = 1; t < size(); t++) {
      if (parked.get(t) != 0) {
        LockSupport.unpark(threads[t - 1]);
      }
    }
    // 3. Work, and wait for what others have begun.
    long began = System.nanoTime();
    work(0, region);
    awaitOthers(System.nanoTime() - began);
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw new IllegalStateException("a parallel part failed", thrown);
    }
  }

  private void awaitOthers(long ownNanos) {
    long end = System.nanoTime() + Math.max(ownNanos, LEAST_PATIENCE_NANOS);
    do {
      for (int i = 0; i < SPINS_A_LOOK; i++) {
        if (unfinished.get() == 0) {
          spin = Math.min(LONGEST_SPIN, spin + spin / 8 + 1);
          return;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() < end);
    // Somebody has lost his core in the middle of a piece. Parked, this thread leaves him its own.
    spin = Math.max(SHORTEST_SPIN, spin / 2);
    waiting = Thread.currentThread();
    while (unfinished.get() > 0) {
      LockSupport.park(this);
    }
    waiting = null;
  }

  /** The pieces of this thread, then those that others have not begun. */
  private void work(int thread, int region) {
    for (int i = 0; i < size(); i++) {
      int owner = (thread + i) % size();
      for (int index = take(owner, region); index >= 0; index = take(owner, region)) {
        try {
          Piece body = piece;
          if (body != null) {
            body.run(thread, owner * piecesEach + index, size() * piecesEach);
          }
        } catch (Throwable t) {
          failure = t;
        } finally {
          finish();
        }
      }
    }
  }

  /**
   * The next piece of that thread in that region; -1 if all are begun. A region that is over has
   * none left, so whoever comes late with its number cannot take one of the next.
   */
  private int take(int owner, int region) {
    long seen = left.get(owner * PAD);
    while (seen > region(region) && seen <= region(region) + PIECES) {
      long witness = left.compareAndExchange(owner * PAD, seen, seen - 1);
      if (witness == seen) {
        return piecesEach - (int) (seen - region(region));
      }
      seen = witness;
    }
    return -1;
  }

  private static long region(int number) {
    return Integer.toUnsignedLong(number) * 2 * PIECES;
  }

  private void finish() {
    if (unfinished.decrementAndGet() == 0) {
      Thread sleeper = waiting;
      if (sleeper != null) {
        LockSupport.unpark(sleeper);
      }
    }
  }

  private void work(int thread) {
    int seen = 0;
    while (true) {
      int spins = 0;
      while (sequence == seen && !closed) {
        if (++spins < spin) {
          Thread.onSpinWait();
        } else {
          parked.set(thread, 1);
          if (sequence == seen && !closed) {
            LockSupport.park(this);
          }
          parked.set(thread, 0);
        }
      }
      if (closed) {
        return;
      }
      seen = sequence;
      work(thread, seen);
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
