package burhan.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Finds the pair of symbols that occurs most often in counted words, joins it everywhere, and so on
 * (Sennrich et al. 2016, algorithm 1). Knows ids, neither bytes nor text.
 */
final class MergeLearner {
  private final List<int[]> words = new ArrayList<>(); // symbols of each distinct word
  private final List<Long> counts = new ArrayList<>(); // how often the word occurs
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();
  private final LongPredicate allowed;
  private boolean allNoted;

  /**
   * @param allowed whether a pair {@code left << 32 | right} may be joined
   */
  MergeLearner(LongPredicate allowed) {
    this.allowed = allowed;
  }

  private static final class Pair {
    private final Set<Integer> words = new HashSet<>(); // where it occurs or once occurred
    private long count;
  }

  /** A pair with the count it had when noted; ties go to the lower ids, so the order is fixed. */
  private record Candidate(long pair, long count) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : Long.compare(pair, other.pair);
    }
  }

  /** Takes a word as its symbols. */
  void add(int[] symbols, long count) {
    words.add(symbols);
    counts.add(count);
    tally(words.size() - 1, count, new HashSet<>());
  }

  /** Joins the pair everywhere, frequent or not. */
  void join(long pair, int merged) {
    Pair joined = pairs.get(pair);
    if (joined == null) {
      return;
    }
    Set<Long> touched = new HashSet<>();
    for (int word : List.copyOf(joined.words)) {
      int[] before = words.get(word);
      int[] after = join(before, pair, merged);
      if (after.length < before.length) {
        tally(word, -counts.get(word), touched);
        words.set(word, after);
        tally(word, counts.get(word), touched);
      }
    }
    pairs.remove(pair);
    for (long changed : touched) {
      note(changed);
    }
  }

  /** The most frequent allowed pair with at least this count, or -1. */
  long best(long leastCount) {
    // Not "while none are noted": forced joins have noted what they touched, and only that.
    if (!allNoted) {
      pairs.keySet().forEach(this::note);
      allNoted = true;
    }
    while (!candidates.isEmpty()) {
      Candidate candidate = candidates.poll();
      Pair pair = pairs.get(candidate.pair());
      long now = pair == null ? 0 : pair.count;
      if (now == candidate.count() && now >= leastCount) {
        return candidate.pair();
      }
      if (now > 0 && now < candidate.count()) {
        candidates.add(new Candidate(candidate.pair(), now));
      }
      if (candidate.count() < leastCount) {
        return -1;
      }
    }
    return -1;
  }

  private void note(long pair) {
    Pair noted = pairs.get(pair);
    if (noted != null && noted.count > 0 && allowed.test(pair)) {
      candidates.add(new Candidate(pair, noted.count));
    }
  }

  private void tally(int word, long change, Set<Long> touched) {
    int[] symbols = words.get(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      long key = pair(symbols[i], symbols[i + 1]);
      Pair pair = pairs.computeIfAbsent(key, _ -> new Pair());
      pair.count += change;
      if (change > 0) {
        pair.words.add(word);
      }
      touched.add(key);
    }
  }

  static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /** The symbols with the pair joined wherever it stands, from left to right. */
  static int[] join(int[] symbols, long pair, int merged) {
    Ids out = new Ids(symbols.length);
    for (int i = 0; i < symbols.length; i++) {
      boolean joins = i + 1 < symbols.length && pair(symbols[i], symbols[i + 1]) == pair;
      out.add(joins ? merged : symbols[i]);
      i += joins ? 1 : 0;
    }
    return out.toArray();
  }
}
