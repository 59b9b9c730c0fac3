package burhan.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * What this machine could do at best with a number of threads: bytes read from memory and float
 * multiply-adds. Measured, because a data sheet knows neither the guest's share nor the memory's
 * fill. In machine code where that may run, else in plain loops that the compiler vectorises by
 * itself and that reach less of the multiply-adds; knows no model and no kernel.
 *
 * @param bytesPerSecond read from memory, not from a cache
 * @param flopsPerSecond float32 multiplications and additions, each counted
 */
public record Roofline(double bytesPerSecond, double flopsPerSecond) {
  // Well beyond every last-level cache that one process can have to itself.
  private static final int READ_LONGS = 32 << 20;
  private static final int PASSES = 6;

  // 4 KB of floats stay in the first-level cache; the chain per element hides its load and store.
  private static final int FLOATS = 1024;
  private static final int CHAIN = 32;
  private static final int ROUNDS = 4000;
  private static final long EMITTED_ROUNDS = 20_000_000;

  /** Measures both with so many threads; takes a second or two. */
  public static Roofline measure(int threads) {
    try (EmittedLoops loops = EmittedLoops.open()) {
      return loops == null
          ? new Roofline(readSpeed(threads), multiplyAddSpeed(threads))
          : new Roofline(readSpeed(loops, threads), multiplyAddSpeed(loops, threads));
    }
  }

  private static double readSpeed(EmittedLoops loops, int threads) {
    long all = Math.min(8L * READ_LONGS, Runtime.getRuntime().maxMemory());
    long bytes = all / threads / loops.step() * loops.step();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment[] parts = new MemorySegment[threads];
      Arrays.setAll(parts, thread -> arena.allocate(bytes, loops.step()));
      double seconds =
          best(
              threads,
              thread -> {
                loops.read(parts[thread]);
                return 0;
              });
      return (double) bytes * threads / seconds;
    }
  }

  private static double multiplyAddSpeed(EmittedLoops loops, int threads) {
    double seconds =
        best(
            threads,
            thread -> {
              loops.multiplyAdd(EMITTED_ROUNDS);
              return 0;
            });
    return loops.flops(EMITTED_ROUNDS) * threads / seconds;
  }

  /** Bytes per second read from memory alone; takes a fraction of a second. */
  public static double readBytesPerSecond(int threads) {
    return readSpeed(threads);
  }

  private static double readSpeed(int threads) {
    // A quarter of a small heap: less than fits is measured rather than nothing.
    long longs = Math.min(READ_LONGS, Runtime.getRuntime().maxMemory() / 4 / Long.BYTES);
    long[][] parts = new long[threads][(int) (longs / threads)];
    double seconds = best(threads, thread -> sum(parts[thread]));
    return 8.0 * parts[0].length * threads / seconds;
  }

  private static double multiplyAddSpeed(int threads) {
    float[][] values = new float[threads][FLOATS];
    double seconds = best(threads, thread -> multiplyAdd(values[thread]));
    return 2.0 * FLOATS * CHAIN * ROUNDS * threads / seconds;
  }

  /** Work of one thread; the result keeps the compiler from leaving the work out. */
  private interface Work {
    long run(int thread);
  }

  /** The time of the fastest of several passes in which all threads work at once. */
  private static double best(int threads, Work work) {
    double best = Double.MAX_VALUE;
    for (int pass = 0; pass < PASSES; pass++) {
      CountDownLatch start = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(threads);
      long[] results = new long[threads];
      for (int t = 0; t < threads; t++) {
        int thread = t;
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              awaitQuietly(start);
              results[thread] = work.run(thread);
              done.countDown();
            });
      }
      long began = System.nanoTime();
      start.countDown();
      awaitQuietly(done);
      double seconds = (System.nanoTime() - began) / 1e9;
      long kept = 0;
      for (long result : results) {
        kept ^= result;
      }
      best = kept == 42 ? best : Math.min(best, seconds);
    }
    return best;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  private static long multiplyAdd(float[] values) {
    for (int round = 0; round < ROUNDS; round++) {
      chain(values, 0.5f, 1f);
    }
    return (long) values[7];
  }

  private static void chain(float[] values, float factor, float term) {
    for (int i = 0; i < values.length; i++) {
      float a = values[i];
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      a = Math.fma(a, factor, term);
      values[i] = Math.fma(a, factor, term);
    }
  }
}
