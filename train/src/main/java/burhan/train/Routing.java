package burhan.train;

import org.jspecify.annotations.Nullable;

/**
 * The expert choices of one forward pass, layer by layer: recorded, or repeated from an earlier
 * pass (a gradient can be compared with differences only while the choice stands still).
 */
final class Routing {
  private final int[] @Nullable [] choices;
  private final long[][] load;
  private final boolean frozen;

  Routing(int layers, int experts) {
    this(new int[layers][], new long[layers][experts], false);
  }

  private Routing(int[] @Nullable [] choices, long[][] load, boolean frozen) {
    this.choices = choices;
    this.load = load;
    this.frozen = frozen;
  }

  /** The same choices, to be repeated. */
  Routing frozen() {
    return new Routing(choices, new long[load.length][load[0].length], true);
  }

  /** Choices to repeat in a layer, or null when the router decides. */
  int @Nullable [] repeated(int layer) {
    return frozen ? choices[layer] : null;
  }

  /**
   * @param chosen [rows, k]
   * @param document [rows], -1 for padding, which does not count as load
   */
  void record(int layer, int[] chosen, int[] document) {
    choices[layer] = chosen;
    int k = chosen.length / document.length;
    for (int j = 0; j < chosen.length; j++) {
      if (document[j / k] >= 0) {
        load[layer][chosen[j]]++;
      }
    }
  }

  /** [layers][experts] tokens sent to each expert. */
  long[][] load() {
    return load;
  }

  int @Nullable [] choices(int layer) {
    return choices[layer];
  }
}
