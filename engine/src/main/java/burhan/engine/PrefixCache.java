package burhan.engine;

import burhan.kernel.MemoryBlock;
import burhan.nn.KeyValueCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of sequences that are over, or past their prompt, for those that begin alike: a
 * tree of blocks for each tenant, whose edges are the blocks' tokens. The longest match wins, also
 * one that ends inside a block; where a conversation branches, the branches share all whole blocks
 * before. Least recently used leaves go first; what a running sequence stands on stays. Knows
 * tokens and bytes, no text. Not for several threads.
 */
final class PrefixCache {
  private static final int BLOCK = KeyValueCache.BLOCK_TOKENS;

  /** A block and what it continues; a block with children is whole. */
  private static final class Node {
    final @Nullable Node parent; // null for a root
    final int[] tokens;
    final @Nullable MemoryBlock block; // null for a root
    final List<Node> children = new ArrayList<>();
    int users; // sequences that stand here or further down
    long used; // when, in steps of the clock; no two nodes alike

    Node(@Nullable Node parent, int[] tokens, @Nullable MemoryBlock block) {
      this.parent = parent;
      this.tokens = tokens;
      this.block = block;
    }

    long bytes() {
      return block == null ? 0 : block.bytes();
    }
  }

  /** Where a sequence stands in the tree: what is there stays as long as it does. */
  static final class Match {
    private Node node;
    private final List<MemoryBlock> blocks;
    private final int tokens;
    private final long wholeBytes;

    private Match(Node node, List<MemoryBlock> blocks, int tokens, long wholeBytes) {
      this.node = node;
      this.blocks = blocks;
      this.tokens = tokens;
      this.wholeBytes = wholeBytes;
    }

    /** From the beginning; of the last one maybe only some tokens. */
    List<MemoryBlock> blocks() {
      return blocks;
    }

    /** How many match. */
    int tokens() {
      return tokens;
    }

    /** Of the blocks that match as a whole, which the tree answers for and not the sequence. */
    long wholeBytes() {
      return wholeBytes;
    }
  }

  private final long limit;
  private final Map<String, Node> roots = new HashMap<>();
  private final TreeMap<Long, Node> leaves = new TreeMap<>(); // those that may go, by last use
  private long bytes;
  private long usedBytes; // of nodes with users
  private long clock = 1; // roots stay at 0

  /**
   * @param limit most bytes; 0 keeps nothing
   */
  PrefixCache(long limit) {
    this.limit = limit;
  }

  /** Bytes of all blocks. */
  long bytes() {
    return bytes;
  }

  /** Bytes that {@link #evict} can free. */
  long evictableBytes() {
    return bytes - usedBytes;
  }

  /**
   * The longest beginning that is known. It stays until {@link #leave}.
   *
   * @param most tokens that may match
   */
  Match enter(String tenant, int[] tokens, int most) {
    Node node = roots.computeIfAbsent(tenant, name -> new Node(null, new int[0], null));
    List<MemoryBlock> blocks = new ArrayList<>();
    long wholeBytes = 0;
    int at = 0;
    boolean goesOn = true;
    while (goesOn) {
      int end = Math.min(at + BLOCK, most);
      Node best = null;
      int common = 0;
      for (Node child : node.children) {
        int length = common(child.tokens, tokens, at, end);
        if (length > common) {
          common = length;
          best = child;
        }
      }
      goesOn = false;
      if (best != null && best.block != null) {
        blocks.add(best.block);
        at += common;
        touch(best);
        if (common == BLOCK) {
          node = best;
          wholeBytes += best.bytes();
          goesOn = true;
        }
      }
    }
    use(node, 1);
    return new Match(node, blocks, at, wholeBytes);
  }

  /** How many tokens of a block are those of a sequence from {@code at} on. */
  private static int common(int[] block, int[] tokens, int at, int end) {
    int length = Math.min(block.length, end - at);
    int differs = Arrays.mismatch(block, 0, length, tokens, at, at + length);
    return differs < 0 ? length : differs;
  }

  /** The sequence is over. */
  void leave(Match match) {
    use(match.node, -1);
  }

  /**
   * Keeps what a sequence has computed; it stands at the end of that from then on.
   *
   * @param match of that sequence
   * @param tokens whose keys and values are settled are the first {@code count}
   * @return bytes that the tree answers for from now on, and the sequence does not
   */
  long add(String tenant, Match match, int[] tokens, int count, KeyValueCache cache) {
    Node node = roots.computeIfAbsent(tenant, name -> new Node(null, new int[0], null));
    use(node, 1);
    long added = 0;
    boolean fits = true;
    for (int at = 0; at < count && fits; at += BLOCK) {
      int[] own = Arrays.copyOfRange(tokens, at, Math.min(at + BLOCK, count));
      Node next = child(node, own);
      if (next == null) {
        next = make(node, own, cache.share(at / BLOCK));
        added += next == null ? 0 : next.bytes();
      }
      fits = next != null;
      if (next != null) {
        touch(next);
        if (own.length == BLOCK) {
          // In this order, so that the way there never has no user.
          use(next, 1);
          use(node, -1);
          node = next;
        }
      }
    }
    use(match.node, -1);
    match.node = node;
    return added;
  }

  /** The child that holds these tokens, and maybe more behind them. */
  private static @Nullable Node child(Node node, int[] own) {
    for (Node child : node.children) {
      if (common(child.tokens, own, 0, own.length) == own.length) {
        return child;
      }
    }
    return null;
  }

  /** A new child, in place of those whose tokens it begins with; null if there is no room. */
  private @Nullable Node make(Node parent, int[] own, MemoryBlock block) {
    for (Node child : List.copyOf(parent.children)) {
      boolean isShorter = common(child.tokens, own, 0, own.length) == child.tokens.length;
      if (isShorter && child.users == 0) {
        remove(child);
      }
    }
    while (bytes + block.bytes() > limit && evict()) {
      // One leaf less each time.
    }
    if (bytes + block.bytes() > limit) {
      block.close();
      return null;
    }
    Node child = new Node(parent, own, block);
    child.used = clock++;
    leaves.remove(parent.used);
    parent.children.add(child);
    leaves.put(child.used, child);
    bytes += block.bytes();
    return child;
  }

  /** Lets the leaf go that was not used for longest; false if there is none that may. */
  boolean evict() {
    if (leaves.isEmpty()) {
      return false;
    }
    remove(leaves.firstEntry().getValue());
    return true;
  }

  private void remove(Node leaf) {
    leaves.remove(leaf.used);
    Node parent = leaf.parent;
    if (parent == null || leaf.block == null) {
      throw new IllegalStateException("a root is no leaf");
    }
    bytes -= leaf.bytes();
    leaf.block.close();
    parent.children.remove(leaf);
    offer(parent);
  }

  /** Nobody is left, nothing stays. */
  void clear() {
    while (evict()) {
      // One leaf less each time.
    }
    roots.values().removeIf(root -> root.children.isEmpty());
  }

  private void touch(Node node) {
    boolean wasLeaf = leaves.remove(node.used) != null;
    node.used = clock++;
    if (wasLeaf) {
      leaves.put(node.used, node);
    }
  }

  /** One user more or less, on the whole way to the root. */
  private void use(Node node, int change) {
    Node step = node;
    while (step != null) {
      if (step.users == 0) {
        usedBytes += step.bytes();
        leaves.remove(step.used);
      }
      step.users += change;
      if (step.users == 0) {
        usedBytes -= step.bytes();
        offer(step);
      }
      step = step.parent;
    }
  }

  /** May go if nobody needs it; a root that holds nothing goes at once. */
  private void offer(Node node) {
    if (node.users > 0 || !node.children.isEmpty()) {
      return;
    }
    if (node.parent == null) {
      roots.values().removeIf(root -> root.equals(node));
    } else {
      leaves.put(node.used, node);
    }
  }
}
