package burhan.token;

/**
 * A token that is recognised in the text itself, before any splitting.
 *
 * @param id its id
 * @param content what is recognised
 * @param special a control token; note that many control tokens of DeepSeek are not marked so
 * @param normalized recognised in the normalised text rather than in the text as given
 * @param lstrip swallows the white space before it
 * @param rstrip swallows the white space behind it
 * @param singleWord only where no word character touches it
 */
public record AddedToken(
    int id,
    String content,
    boolean special,
    boolean normalized,
    boolean lstrip,
    boolean rstrip,
    boolean singleWord) {

  /** A control token without frills, as models mark theirs. */
  public static AddedToken control(int id, String content) {
    return new AddedToken(id, content, true, false, false, false, false);
  }
}
