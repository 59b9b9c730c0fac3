package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.kernel.AttentionMemory;
import burhan.kernel.ScalarKernels;
import burhan.nn.KeyValueCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree of beginnings against a plain list of all that was ever kept. */
class PrefixCacheTest {
  private static final int BLOCK_BYTES = 64 * 12;

  private static KeyValueCache cache(PrefixCache.Match match, int tokens) {
    AttentionMemory.Shape shape = new AttentionMemory.Shape(1, 1, 1, 2, false);
    KeyValueCache cache = new KeyValueCache(new ScalarKernels().newMemory(shape), 10_000);
    cache.begin(match.blocks(), match.tokens());
    cache.grow(tokens);
    return cache;
  }

  /** Runs a sequence through and keeps it; returns how many of its tokens were known. */
  private static int run(PrefixCache prefixes, String tenant, int[] tokens) {
    PrefixCache.Match match = prefixes.enter(tenant, tokens, tokens.length - 1);
    int known = match.tokens();
    try (KeyValueCache cache = cache(match, tokens.length)) {
      prefixes.add(tenant, match, tokens, tokens.length, cache);
    }
    prefixes.leave(match);
    return known;
  }

  private static int[] tokens(int length, int value) {
    int[] out = new int[length];
    Arrays.fill(out, value);
    return out;
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  @Test
  void earlierThinkingMayGoAndTheRestIsFound() {
    PrefixCache prefixes = new PrefixCache(Long.MAX_VALUE);
    int[] question = tokens(100, 1);
    int[] thinking = tokens(300, 2);
    int[] answer = tokens(30, 3);
    assertEquals(0, run(prefixes, "", joined(question, thinking, answer)));
    // The next turn's history has no thinking: the tree branches behind the question.
    int[] second = joined(question, answer, tokens(80, 4));
    assertEquals(100, run(prefixes, "", joined(second, tokens(50, 5))));
    assertEquals(second.length, run(prefixes, "", joined(second, tokens(9, 6))));
    // Where the thinking is kept, between tool calls, all of it is found.
    assertEquals(430, run(prefixes, "", joined(question, thinking, answer, tokens(5, 7))));
    assertEquals(0, run(prefixes, "another", question), "nobody else's");
  }

  @Test
  void aLongerTailTakesTheShorterOnesPlace() {
    PrefixCache prefixes = new PrefixCache(Long.MAX_VALUE);
    for (int length : new int[] {10, 50, 64, 70}) {
      run(prefixes, "", tokens(length, 1));
      assertEquals(Math.ceilDiv(length, 64) * BLOCK_BYTES, prefixes.bytes());
    }
    assertEquals(69, run(prefixes, "", tokens(70, 1)), "one token is left to be computed");
    prefixes.clear();
    assertEquals(0, prefixes.bytes());
  }

  @Test
  void whoIsUsedStaysAndTheOldestGoes() {
    PrefixCache prefixes = new PrefixCache(4 * BLOCK_BYTES);
    run(prefixes, "", tokens(128, 1));
    run(prefixes, "", tokens(128, 2));
    PrefixCache.Match one = prefixes.enter("", tokens(100, 1), 100);
    assertEquals(100, one.tokens());
    assertEquals(BLOCK_BYTES, one.wholeBytes());
    run(prefixes, "", tokens(64, 3));
    run(prefixes, "", tokens(64, 4));
    run(prefixes, "", tokens(64, 5));
    assertEquals(4 * BLOCK_BYTES, prefixes.bytes());
    assertEquals(3 * BLOCK_BYTES, prefixes.evictableBytes());
    assertEquals(63, run(prefixes, "", tokens(64, 1)), "somebody stands on it");
    assertEquals(0, prefixes.enter("", tokens(64, 2), 63).tokens());
    prefixes.leave(one);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomConversations(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long limit = seed % 2 == 0 ? Long.MAX_VALUE : (5 + seed) * BLOCK_BYTES;
    PrefixCache prefixes = new PrefixCache(limit);
    Map<String, List<int[]>> kept = new HashMap<>();
    List<int[]> seen = new ArrayList<>(List.of(new int[] {0}));
    List<PrefixCache.Match> running = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      // A conversation goes on, branches, or begins anew.
      int[] base = seen.get(random.nextInt(seen.size()));
      int[] head = Arrays.copyOf(base, random.nextInt(base.length + 1));
      int[] tokens = joined(head, random.ints(1 + random.nextInt(150), 0, 3).toArray());
      tokens = tokens.length > 1000 ? Arrays.copyOf(tokens, 1000) : tokens;
      seen.add(tokens);
      String tenant = "t" + random.nextInt(2);
      int naive = 0;
      for (int[] other : kept.getOrDefault(tenant, List.of())) {
        int differs = Arrays.mismatch(other, tokens);
        int common = differs < 0 ? tokens.length : differs;
        naive = Math.max(naive, Math.min(common, tokens.length - 1));
      }
      PrefixCache.Match match = prefixes.enter(tenant, tokens, tokens.length - 1);
      assertTrue(match.tokens() <= naive, "never more than was kept");
      if (limit == Long.MAX_VALUE) {
        assertEquals(naive, match.tokens());
      }
      assertEquals(match.tokens() / 64 * BLOCK_BYTES, match.wholeBytes());
      try (KeyValueCache cache = cache(match, tokens.length)) {
        long before = prefixes.bytes();
        long added = prefixes.add(tenant, match, tokens, tokens.length, cache);
        assertTrue(limit < Long.MAX_VALUE || added >= prefixes.bytes() - before);
      }
      kept.computeIfAbsent(tenant, name -> new ArrayList<>()).add(tokens);
      running.add(match);
      while (running.size() > random.nextInt(4)) {
        prefixes.leave(running.remove(random.nextInt(running.size())));
      }
      assertTrue(prefixes.bytes() <= limit);
      assertTrue(prefixes.evictableBytes() >= 0);
    }
    running.forEach(prefixes::leave);
    assertEquals(prefixes.bytes(), prefixes.evictableBytes());
    prefixes.clear();
    assertEquals(0, prefixes.bytes());
    assertEquals(0, prefixes.evictableBytes());
  }
}
