package burhan.token;

import java.util.Arrays;

/**
 * Byte-pair encoding (Sennrich et al. 2016): starts from the smallest tokens of a piece and joins
 * the pair with the lowest rank until none is left. Knows bytes and ids; no text rules, no added
 * tokens. Immutable; the working memory of one call is a {@link Scratch}.
 */
final class BpeModel {
  /** Up to this many symbols a scan for the lowest rank beats a heap. */
  private static final int SMALL = 48;

  private static final int NO_RANK = Integer.MAX_VALUE;

  private final TokenBytes tokens;
  private final LongIntMap rankOfPair; // left << 32 | right -> rank
  private final int[] merged; // rank -> id of the joined token
  private final int[] byteIds; // byte -> id: of the byte itself, or its fallback; -1 where none
  private final boolean ofBytes; // smallest tokens are bytes; otherwise characters
  private final int unknownId; // -1 where none
  private final boolean fuseUnknown;
  private final boolean ignoreMerges;
  private final boolean[] whole; // id -> merging its own bytes gives just this token

  /**
   * @param tokens bytes of each token, by id; empty where no piece can become it
   * @param merges pairs of ids by rank: left at 2r, right at 2r + 1
   * @param merged by rank: the id of the joined token
   * @param byteIds by byte: its id, or -1
   * @param ofBytes whether the smallest tokens are bytes; else characters, with bytes as fallback
   */
  BpeModel(
      byte[][] tokens,
      int[] merges,
      int[] merged,
      int[] byteIds,
      boolean ofBytes,
      int unknownId,
      boolean fuseUnknown,
      boolean ignoreMerges) {
    this.tokens = new TokenBytes(tokens);
    this.merged = merged;
    this.byteIds = byteIds;
    this.ofBytes = ofBytes;
    this.unknownId = unknownId;
    this.fuseUnknown = fuseUnknown;
    this.ignoreMerges = ignoreMerges;
    this.rankOfPair = new LongIntMap(merged.length);
    for (int rank = 0; rank < merged.length; rank++) {
      rankOfPair.put(pair(merges[2 * rank], merges[2 * rank + 1]), rank);
    }
    this.whole = new boolean[tokens.length];
    findWhole(tokens);
  }

  /** The memory one encoding works in; it grows to the longest piece and belongs to one thread. */
  static final class Scratch {
    byte[] bytes = new byte[256];
    int[] symbols = new int[64]; // id at the place where it begins
    int[] ranks = new int[64]; // of the pair that begins here
    int[] previous = new int[0];
    int[] next = new int[0];
    long[] heap = new long[0];
    int heapSize;

    byte[] bytes(int n) {
      if (bytes.length < n) {
        bytes = new byte[Math.max(n, bytes.length * 2)];
      }
      return bytes;
    }

    void symbols(int n) {
      if (symbols.length < n) {
        symbols = new int[Math.max(n, symbols.length * 2)];
        ranks = new int[symbols.length];
      }
      if (n > SMALL && next.length < symbols.length) {
        next = new int[symbols.length];
        previous = new int[symbols.length];
      }
    }
  }

  /** Appends the ids of the piece that is bytes[0, n) of the scratch. */
  void encode(Scratch scratch, int n, Ids out) {
    int id = tokens.id(scratch.bytes, 0, n);
    if (id >= 0 && (ignoreMerges || whole[id])) {
      out.add(id);
      return;
    }
    merge(scratch, n, out);
  }

  private void merge(Scratch scratch, int n, Ids out) {
    scratch.symbols(n);
    int count = ofBytes ? byteSymbols(scratch, n) : charSymbols(scratch, n);
    if (count <= SMALL) {
      count = mergeByScan(scratch.symbols, scratch.ranks, count);
      for (int i = 0; i < count; i++) {
        out.add(scratch.symbols[i]);
      }
    } else {
      mergeByHeap(scratch, count, out);
    }
  }

  private int byteSymbols(Scratch scratch, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      int id = byteIds[scratch.bytes[i] & 0xFF];
      if (id >= 0) {
        scratch.symbols[count++] = id;
      } else if (unknownId >= 0) {
        count = unknown(scratch.symbols, count);
      }
    }
    return count;
  }

  private int charSymbols(Scratch scratch, int n) {
    int count = 0;
    for (int i = 0; i < n; ) {
      int length = Utf8.length(scratch.bytes[i]);
      int id = tokens.id(scratch.bytes, i, length);
      if (id >= 0) {
        scratch.symbols[count++] = id;
      } else if (hasBytes(scratch.bytes, i, length)) {
        for (int k = i; k < i + length; k++) {
          scratch.symbols[count++] = byteIds[scratch.bytes[k] & 0xFF];
        }
      } else if (unknownId >= 0) {
        count = unknown(scratch.symbols, count);
      }
      i += length;
    }
    return count;
  }

  private boolean hasBytes(byte[] bytes, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (byteIds[bytes[i] & 0xFF] < 0) {
        return false;
      }
    }
    return true;
  }

  private int unknown(int[] symbols, int count) {
    boolean fused = fuseUnknown && count > 0 && symbols[count - 1] == unknownId;
    if (!fused) {
      symbols[count] = unknownId;
    }
    return fused ? count : count + 1;
  }

  private int mergeByScan(int[] symbols, int[] ranks, int symbolCount) {
    int count = symbolCount;
    for (int i = 0; i + 1 < count; i++) {
      ranks[i] = rank(symbols[i], symbols[i + 1]);
    }
    while (count > 1) {
      int best = 0;
      for (int i = 1; i < count - 1; i++) {
        best = ranks[i] < ranks[best] ? i : best;
      }
      if (ranks[best] == NO_RANK) {
        break;
      }
      symbols[best] = merged[ranks[best]];
      int tail = count - best - 2;
      System.arraycopy(symbols, best + 2, symbols, best + 1, tail);
      System.arraycopy(ranks, best + 2, ranks, best + 1, Math.max(tail - 1, 0));
      count--;
      if (best + 1 < count) {
        ranks[best] = rank(symbols[best], symbols[best + 1]);
      }
      if (best > 0) {
        ranks[best - 1] = rank(symbols[best - 1], symbols[best]);
      }
    }
    return count;
  }

  // A doubly linked list of symbols and a heap of (rank, place): n log n for a word of any length.
  // An entry is stale when the pair at its place has another rank by now.
  private void mergeByHeap(Scratch s, int count, Ids out) {
    s.heapSize = 0;
    for (int i = 0; i < count; i++) {
      s.previous[i] = i - 1;
      s.next[i] = i + 1 < count ? i + 1 : -1;
      s.ranks[i] = NO_RANK;
    }
    for (int i = 0; i + 1 < count; i++) {
      offer(s, i);
    }
    while (s.heapSize > 0) {
      long top = RankHeap.poll(s);
      int at = (int) top;
      int rank = (int) (top >>> 32);
      if (s.ranks[at] != rank) {
        continue;
      }
      int gone = s.next[at];
      int after = s.next[gone];
      s.symbols[at] = merged[rank];
      s.ranks[gone] = NO_RANK;
      s.next[at] = after;
      if (after >= 0) {
        s.previous[after] = at;
      }
      offer(s, at);
      if (s.previous[at] >= 0) {
        offer(s, s.previous[at]);
      }
    }
    for (int i = count > 0 ? 0 : -1; i >= 0; i = s.next[i]) {
      out.add(s.symbols[i]);
    }
  }

  private void offer(Scratch s, int at) {
    int right = s.next[at];
    int rank = right < 0 ? NO_RANK : rank(s.symbols[at], s.symbols[right]);
    s.ranks[at] = rank;
    if (rank != NO_RANK) {
      RankHeap.add(s, (long) rank << 32 | at);
    }
  }

  private int rank(int left, int right) {
    int rank = rankOfPair.get(pair(left, right));
    return rank < 0 ? NO_RANK : rank;
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  // Nearly every token is what merging its own bytes gives; for these one look-up replaces the
  // merging of a whole piece.
  private void findWhole(byte[][] all) {
    Scratch scratch = new Scratch();
    Ids out = new Ids(16);
    for (int id = 0; id < all.length; id++) {
      if (all[id].length == 0) {
        continue;
      }
      byte[] bytes = scratch.bytes(all[id].length);
      System.arraycopy(all[id], 0, bytes, 0, all[id].length);
      out.clear();
      merge(scratch, all[id].length, out);
      whole[id] = out.size() == 1 && out.at(0) == id;
    }
  }

  /** A binary heap of longs in a scratch: least rank first, then leftmost place. */
  private static final class RankHeap {
    private RankHeap() {}

    static void add(Scratch s, long entry) {
      if (s.heapSize == s.heap.length) {
        s.heap = Arrays.copyOf(s.heap, Math.max(256, s.heapSize * 2));
      }
      long[] heap = s.heap;
      int at = s.heapSize++;
      while (at > 0) {
        int parent = (at - 1) >> 1;
        if (heap[parent] <= entry) {
          break;
        }
        heap[at] = heap[parent];
        at = parent;
      }
      heap[at] = entry;
    }

    static long poll(Scratch s) {
      long[] heap = s.heap;
      long top = heap[0];
      int size = --s.heapSize;
      long entry = heap[size];
      int at = 0;
      while (2 * at + 1 < size) {
        int child = 2 * at + 1;
        child += child + 1 < size && heap[child + 1] < heap[child] ? 1 : 0;
        if (heap[child] >= entry) {
          break;
        }
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = entry;
      return top;
    }
  }
}
