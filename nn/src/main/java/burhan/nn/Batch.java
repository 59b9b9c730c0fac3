package burhan.nn;

/**
 * The rows of one step: each a token, its position and the cache of its sequence. Knows no text and
 * no weights. Prompt rows all belong to one sequence; generated rows to one sequence each.
 */
public final class Batch {
  /** How attention is computed; decided by what a row is, never by how many share a step. */
  public enum Phase {
    /** Rows of a prompt: naive attention, cheaper when many rows share the keys. */
    PROMPT,
    /** A generated token: absorbed attention on the latents themselves. */
    GENERATE
  }

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

  /** One generated token for each of several sequences. */
  public static Batch generate(int[] tokens, KeyValueCache[] caches) {
    int[] positions = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      positions[i] = caches[i].length();
      caches[i].grow(positions[i] + 1);
    }
    return new Batch(Phase.GENERATE, tokens.clone(), positions, caches.clone());
  }

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

  KeyValueCache cache(int row) {
    return caches.length == 1 ? caches[0] : caches[row];
  }
}
