package burhan.nn;

import burhan.kernel.Phase;
import java.util.Arrays;

/**
 * The rows of one step: each a token, its position and the cache of its sequence. Knows no text and
 * no weights. Prompt rows all belong to one sequence. Of generated rows a sequence has one, or
 * several that follow each other: its last token and guesses of the next ones.
 */
public final class Batch {
  private final Phase phase;
  private final int[] tokens;
  private final int[] positions;
  private final KeyValueCache[] caches;

  private Batch(Phase phase, int[] tokens, int[] positions, KeyValueCache[] caches) {
    this.phase = phase;
    this.tokens = tokens;
    this.positions = positions;
    this.caches = caches;
  }

  /** The next {@code count} tokens of a prompt, behind what {@code cache} has seen. */
  public static Batch prompt(int[] tokens, int from, int count, KeyValueCache cache) {
    int[] part = new int[count];
    int[] positions = new int[count];
    int start = cache.length();
    for (int i = 0; i < count; i++) {
      part[i] = tokens[from + i];
      positions[i] = start + i;
    }
    cache.grow(start + count);
    return new Batch(Phase.PROMPT, part, positions, new KeyValueCache[] {cache});
  }

  /** One generated token for each of several sequences, or several where a cache comes again. */
  public static Batch generate(int[] tokens, KeyValueCache[] caches) {
    return generate(tokens, caches, tokens.length);
  }

  /**
   * The same of the first {@code rows} of longer arrays. A cache that comes again puts its row one
   * position behind the row before, which it sees: every layer remembers all rows before any of
   * them attends. {@link KeyValueCache#truncate} forgets those that were wrong.
   */
  public static Batch generate(int[] tokens, KeyValueCache[] caches, int rows) {
    int[] positions = new int[rows];
    for (int i = 0; i < rows; i++) {
      positions[i] = caches[i].length();
      caches[i].grow(positions[i] + 1);
    }
    return new Batch(
        Phase.GENERATE, Arrays.copyOf(tokens, rows), positions, Arrays.copyOf(caches, rows));
  }

  /** What the rows belong to; it decides the kernels, never how many rows share a step. */
  public Phase phase() {
    return phase;
  }

  public int size() {
    return tokens.length;
  }

  public int token(int row) {
    return tokens[row];
  }

  public int position(int row) {
    return positions[row];
  }

  /** How many rows from each multiple of this on may attend together, at most {@code most}. */
  int tile(int most) {
    return phase == Phase.PROMPT ? Math.max(1, most) : 1;
  }

  /** Positions that all rows see, summed. */
  long visible() {
    long sum = 0;
    for (int position : positions) {
      sum += position + 1;
    }
    return sum;
  }

  KeyValueCache cache(int row) {
    return caches.length == 1 ? caches[0] : caches[row];
  }
}
