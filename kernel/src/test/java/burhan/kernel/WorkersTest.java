package burhan.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final long MUCH = 1L << 40;

  @Test
  void everyItemOnceInEveryRegionWhateverTheNumberOfThreads() {
    for (int threads : new int[] {1, 2, 3, 8}) { // 8 are more than most machines here have cores
      try (Workers workers = new Workers(threads)) {
        int[] seen = new int[1000]; // unsynchronised: a region's end must make it visible
        for (int region = 1; region <= 2000; region++) {
          int items = 1 + region % seen.length;
          workers.split(
              items,
              MUCH,
              (part, from, to) -> {
                for (int i = from; i < to; i++) {
                  seen[i]++;
                }
              });
        }
        int[] expected = new int[1000];
        for (int region = 1; region <= 2000; region++) {
          for (int i = 0; i < 1 + region % 1000; i++) {
            expected[i]++;
          }
        }
        assertEquals(IntStream.of(expected).boxed().toList(), IntStream.of(seen).boxed().toList());
      }
    }
  }

  @Test
  void rangesOfOnePartNeverRunAtTheSameTime() {
    try (Workers workers = new Workers(3)) {
      AtomicIntegerArray inside = new AtomicIntegerArray(3);
      AtomicInteger clashes = new AtomicInteger();
      for (int region = 0; region < 3000; region++) {
        workers.split(
            64,
            MUCH,
            (part, from, to) -> {
              if (inside.getAndSet(part, 1) != 0) {
                clashes.incrementAndGet();
              }
              Thread.onSpinWait();
              inside.set(part, 0);
            });
      }
      assertEquals(0, clashes.get());
    }
  }

  /** A worker that gets no core holds up one piece; everything else is done without him. */
  @Test
  void othersTakeWhatAHeldUpThreadHasNotBegun() throws InterruptedException {
    try (Workers workers = new Workers(2)) {
      for (int round = 0; round < 20; round++) {
        Thread caller = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger others = new AtomicInteger();
        CountDownLatch allOthers = new CountDownLatch(1);
        AtomicInteger stuck = new AtomicInteger();
        workers.run((part, parts) -> {
          if (Thread.currentThread() == caller) {
            await(begun); // so that the worker has a piece in hand
          } else if (begun.getCount() > 0) {
            begun.countDown();
            if (!await(allOthers)) {
              stuck.incrementAndGet();
            }
            return;
          }
          if (others.incrementAndGet() == parts - 1) {
            allOthers.countDown();
          }
        });
        assertEquals(0, stuck.get());
        assertTrue(others.get() > 0);
      }
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void partsAndRangesDependOnTheNumberOfThreadsAlone() {
    try (Workers workers = new Workers(2)) {
      String first = ranges(workers);
      for (int i = 0; i < 200; i++) {
        assertEquals(first, ranges(workers));
      }
    }
  }

  private static String ranges(Workers workers) {
    int[] ends = new int[777];
    workers.split(777, MUCH, (part, from, to) -> ends[from] = to);
    return IntStream.of(ends).boxed().toList().toString();
  }

  @Test
  void aFailureIsReportedAndTheNextRegionRuns() {
    try (Workers workers = new Workers(2)) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  workers.run((part, parts) -> {
                    if (part == parts - 1) {
                      throw new UnsupportedOperationException("last");
                    }
                  }));
      assertEquals("last", thrown.getCause().getMessage());
      AtomicInteger ran = new AtomicInteger();
      workers.run((part, parts) -> ran.incrementAndGet());
      assertTrue(ran.get() > 1);
    }
  }

  @Test
  void littleWorkStaysWithTheCallerAndAClosedPoolWorksOn() {
    Thread caller = Thread.currentThread();
    Workers workers = new Workers(2);
    workers.split(
        10,
        10,
        (part, from, to) -> {
          assertEquals(caller, Thread.currentThread());
          assertEquals(10, to - from);
        });
    assertFalse(workers.isTooLittle(MUCH));
    workers.close();
    AtomicInteger items = new AtomicInteger();
    workers.split(10, MUCH, (part, from, to) -> items.addAndGet(to - from));
    assertEquals(10, items.get());
  }
}
