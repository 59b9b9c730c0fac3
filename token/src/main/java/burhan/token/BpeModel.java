package burhan.token;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding (Sennrich et al. 2016): starts from the smallest tokens of a piece and joins
 * the pair with the lowest rank until none is left. Knows bytes and ids; no text rules, no added
 * tokens. Immutable; the working memory of one call is a {@link Scratch}.
 */
final class BpeModel {
  /** Up to this many symbols a scan for the lowest rank beats a heap. */
  private static final int SMALL = 48;

  private static final int NO_RANK = Integer.MAX_VALUE;

  /** Pieces up to this many bytes are not worth cutting. */
  private static final int SHORT = 24;

  private static final byte WHOLE = 1;
  private static final byte NOT_WHOLE = 2;

  private final TokenBytes tokens;
  private final LongIntMap pairs; // left << 32 | right -> index into joined and priorities
  private final int[] joined;
  private final int[] priorities;
  private final int[] byteIds; // byte -> id: of the byte itself, or its fallback; -1 where none
  private final boolean ofBytes; // smallest tokens are bytes; otherwise characters
  private final int unknownId; // -1 where none
  private final boolean fuseUnknown;
  private final boolean ignoreMerges;
  private final int size; // symbols from here on are only steps: what is left of them is spelled
  private final boolean mayCut;

  // Made when the first long piece comes, which many an opened vocabulary never sees.
  private volatile @Nullable Neighbours neighbours;

  // id -> WHOLE where merging its own bytes gives just this token, NOT_WHOLE, or 0: untried. Found
  // out at first use, so that
  // opening a vocabulary is cheap; threads that race write the same answer.
  private final byte[] whole;

  /**
   * @param tokens bytes of each token, by id; empty where no piece can become it
   * @param size how many of them are ids; the rest are characters without a token of their own
   * @param byteIds by byte: its id, or -1
   * @param ofBytes whether the smallest tokens are bytes; else characters, with bytes as fallback
   */
  BpeModel(
      byte[][] tokens,
      int size,
      Merges merges,
      int[] byteIds,
      boolean ofBytes,
      int unknownId,
      boolean fuseUnknown,
      boolean ignoreMerges) {
    this.tokens = new TokenBytes(tokens);
    this.joined = merges.joined();
    this.priorities = merges.priorities();
    this.size = size;
    this.byteIds = byteIds;
    this.ofBytes = ofBytes;
    this.unknownId = unknownId;
    this.fuseUnknown = fuseUnknown;
    this.ignoreMerges = ignoreMerges;
    this.pairs = new LongIntMap(merges.count());
    for (int i = 0; i < merges.count(); i++) {
      pairs.put(pair(merges.lefts()[i], merges.rights()[i]), i);
    }
    this.whole = new byte[tokens.length];
    this.mayCut = mayCut(merges);
  }

  // What the neighbours say holds for symbols that are spelled by tokens. Dropped and fused
  // symbols, and merges of fallback bytes or of the unknown token, know no such borders.
  private boolean mayCut(Merges merges) {
    BitSet outside = new BitSet();
    boolean complete = true;
    for (int id : byteIds) {
      complete &= id >= 0;
      if (id >= 0 && !ofBytes) {
        outside.set(id);
      }
    }
    if (unknownId >= 0) {
      outside.set(unknownId);
    }
    boolean may = complete || (unknownId >= 0 && !fuseUnknown);
    for (int i = 0; may && !outside.isEmpty() && i < merges.count(); i++) {
      may = !outside.get(merges.lefts()[i]) && !outside.get(merges.rights()[i]);
    }
    return may;
  }

  /** The memory one encoding works in; it grows to the longest piece and belongs to one thread. */
  static final class Scratch {
    byte[] bytes = new byte[256];
    int[] symbols = new int[64]; // id at the place where it begins
    int[] ranks = new int[64]; // priority of the pair that begins here
    int[] joined = new int[64]; // what that pair would become
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
        joined = new int[symbols.length];
      }
      if (n > SMALL && next.length < symbols.length) {
        next = new int[symbols.length];
        previous = new int[symbols.length];
      }
    }
  }

  /** Appends the ids of the piece that is bytes[0, n) of the scratch. */
  void encode(Scratch scratch, int n, Ids out) {
    if (ignoreMerges) {
      int id = tokens.id(scratch.bytes, 0, n);
      if (id >= 0) {
        out.add(id);
        return;
      }
    }
    if (!mayCut || n <= SHORT) {
      part(scratch, 0, n, out);
      return;
    }
    Neighbours known = neighbours();
    for (int from = 0; from < n; ) {
      int to = known.end(scratch.bytes, from, n);
      part(scratch, from, to, out);
      from = to;
    }
  }

  private Neighbours neighbours() {
    Neighbours known = neighbours;
    if (known == null) {
      known = new Neighbours(tokens, ofBytes);
      neighbours = known;
    }
    return known;
  }

  // Nearly every token is what merging its own bytes gives; for these one look-up replaces the
  // merging.
  private void part(Scratch scratch, int from, int to, Ids out) {
    int id = to - from <= tokens.longest() ? tokens.id(scratch.bytes, from, to - from) : -1;
    if (id < 0 || whole[id] == NOT_WHOLE) {
      merge(scratch, from, to, out);
    } else if (whole[id] == WHOLE) {
      out.add(id);
    } else {
      int before = out.size();
      merge(scratch, from, to, out);
      boolean isWhole = out.size() == before + 1 && out.at(before) == id;
      whole[id] = isWhole ? WHOLE : NOT_WHOLE;
    }
  }

  private void merge(Scratch scratch, int from, int to, Ids out) {
    scratch.symbols(to - from);
    int count = ofBytes ? byteSymbols(scratch, from, to) : charSymbols(scratch, from, to);
    if (count <= SMALL) {
      count = mergeByScan(scratch, count);
      for (int i = 0; i < count; i++) {
        emit(scratch.symbols[i], out);
      }
    } else {
      mergeByHeap(scratch, count, out);
    }
  }

  private int byteSymbols(Scratch scratch, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      int id = byteIds[scratch.bytes[i] & 0xFF];
      if (id >= 0) {
        scratch.symbols[count++] = id;
      } else if (unknownId >= 0) {
        count = unknown(scratch.symbols, count);
      }
    }
    return count;
  }

  private int charSymbols(Scratch scratch, int from, int to) {
    int count = 0;
    for (int i = from; i < to; ) {
      int length = Math.min(Utf8.length(scratch.bytes[i]), to - i);
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

  private int mergeByScan(Scratch s, int symbolCount) {
    int count = symbolCount;
    int[] symbols = s.symbols;
    int[] ranks = s.ranks;
    for (int i = 0; i + 1 < count; i++) {
      rank(s, i, symbols[i], symbols[i + 1]);
    }
    while (count > 1) {
      int best = 0;
      for (int i = 1; i < count - 1; i++) {
        best = ranks[i] < ranks[best] ? i : best;
      }
      if (ranks[best] == NO_RANK) {
        break;
      }
      symbols[best] = s.joined[best];
      int tail = count - best - 2;
      System.arraycopy(symbols, best + 2, symbols, best + 1, tail);
      if (tail > 1) {
        System.arraycopy(ranks, best + 2, ranks, best + 1, tail - 1);
        System.arraycopy(s.joined, best + 2, s.joined, best + 1, tail - 1);
      }
      count--;
      if (best + 1 < count) {
        rank(s, best, symbols[best], symbols[best + 1]);
      }
      if (best > 0) {
        rank(s, best - 1, symbols[best - 1], symbols[best]);
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
      s.symbols[at] = s.joined[at];
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
      emit(s.symbols[i], out);
    }
  }

  private void emit(int symbol, Ids out) {
    if (symbol < size) {
      out.add(symbol);
      return;
    }
    byte[] bytes = new byte[4];
    int length = tokens.copy(symbol, bytes);
    boolean spells = hasBytes(bytes, 0, length);
    for (int i = 0; spells && i < length; i++) {
      out.add(byteIds[bytes[i] & 0xFF]);
    }
    if (!spells && unknownId >= 0) {
      out.add(unknownId);
    }
  }

  private void offer(Scratch s, int at) {
    int right = s.next[at];
    if (right < 0) {
      s.ranks[at] = NO_RANK;
      return;
    }
    rank(s, at, s.symbols[at], s.symbols[right]);
    if (s.ranks[at] != NO_RANK) {
      RankHeap.add(s, (long) s.ranks[at] << 32 | at);
    }
  }

  private void rank(Scratch s, int at, int left, int right) {
    int pair = pairs.get(pair(left, right));
    if (pair < 0) {
      s.ranks[at] = NO_RANK;
    } else {
      s.ranks[at] = priorities[pair];
      s.joined[at] = joined[pair];
    }
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
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
