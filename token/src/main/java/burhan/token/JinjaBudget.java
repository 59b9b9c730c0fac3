package burhan.token;

/**
 * Bounds what one rendering may do. A template is code that arrives inside a model file: work,
 * memory and depth are counted, and a template that wants too much ends in an error.
 */
final class JinjaBudget {
  /** Longest range, widest indentation, most items made by one call. */
  static final int LARGEST = 100_000;

  private static final long MOST_WORK = 10_000_000;
  private static final long MOST_CHARS = 64_000_000;
  private static final int DEEPEST = 500;
  private static final int CHARS_PER_WORK = 32;

  private long work;
  private long chars;
  private int depth;

  /** One more step. */
  void step() {
    work(1);
  }

  /** So many steps at once. */
  void work(long steps) {
    work += steps;
    if (work > MOST_WORK) {
      throw JinjaOperators.error("takes more than " + MOST_WORK + " steps");
    }
  }

  /** Looks at so many characters. */
  void read(long count) {
    work(1 + count / CHARS_PER_WORK);
  }

  /** Makes a text or list of this size; asked before it is made. */
  void make(long count) {
    chars += count;
    if (chars > MOST_CHARS) {
      throw JinjaOperators.error("makes more than " + MOST_CHARS + " characters of text");
    }
    read(count);
  }

  void enter() {
    step();
    if (++depth > DEEPEST) {
      throw JinjaOperators.error("nests deeper than " + DEEPEST + " levels");
    }
  }

  void leave() {
    depth--;
  }
}
