package burhan.token;

import java.util.Arrays;

/**
 * Which two tokens join to which, and which pair goes first. Two pairs may have one priority: then
 * the leftmost place in the text goes first.
 *
 * @param lefts by pair: id on the left
 * @param rights by pair: id on the right
 * @param joined by pair: id of the two together
 * @param priorities by pair: lower joins first
 */
record Merges(int[] lefts, int[] rights, int[] joined, int[] priorities) {

  /** Merges as {@code tokenizer.json} lists them, the first joining first. */
  static Merges ranked(int[] lefts, int[] rights, int[] joined) {
    int[] priorities = new int[joined.length];
    Arrays.setAll(priorities, rank -> rank);
    return new Merges(lefts, rights, joined, priorities);
  }

  int count() {
    return joined.length;
  }
}
