package burhan.train;

/**
 * One training document.
 *
 * @param tokens ids, begin- and end-of-sentence included
 * @param learn for each token whether predicting it counts towards the loss; the first never does
 */
public record Sample(int[] tokens, boolean[] learn) {
  public Sample {
    if (tokens.length != learn.length || tokens.length < 2) {
      throw new IllegalArgumentException(tokens.length + " tokens, " + learn.length + " marks");
    }
  }

  public int length() {
    return tokens.length;
  }
}
