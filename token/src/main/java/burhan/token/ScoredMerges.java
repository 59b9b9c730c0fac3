package burhan.token;

import burhan.checkpoint.GgufMetadata;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * SentencePiece's merging as pairs: two neighbours join whenever their text together is a token,
 * the token with the best score first, of equals the leftmost. Every way to cut a token into two
 * tokens is such a pair. Knows no text.
 */
final class ScoredMerges {
  /** SentencePiece makes pieces of 16 characters; cutting takes quadratic time in the length. */
  private static final int LONGEST = 512;

  private static final int INVERSE_31 = 0xBDEF7BDF; // modulo 2^32

  private final Vocabulary vocabulary;
  private final IntPredicate isText;
  private final int[] places; // by id that is a token: how many different scores are better
  private final Ids lefts = new Ids(1 << 17);
  private final Ids rights = new Ids(1 << 17);
  private final Ids joined = new Ids(1 << 17);
  private final Ids priorities = new Ids(1 << 17);

  /**
   * @param isText whether merging may use and give this id
   * @param scores by id
   */
  ScoredMerges(Vocabulary vocabulary, IntPredicate isText, float[] scores, GgufMetadata file) {
    this.vocabulary = vocabulary;
    this.isText = isText;
    this.places = places(scores);
    for (int id = 0; id < scores.length; id++) {
      if (vocabulary.token(id).length() > LONGEST) {
        throw file.bad(
            GgufVocabulary.TOKENS,
            "has a token of %d characters with id %d, expected at most %d"
                .formatted(vocabulary.token(id).length(), id, LONGEST));
      }
      // Of two tokens with one text only the first is ever reached.
      if (isText.test(id) && vocabulary.id(vocabulary.token(id)) == id) {
        cuts(id);
      }
    }
  }

  Merges merges() {
    return new Merges(lefts.toArray(), rights.toArray(), joined.toArray(), priorities.toArray());
  }

  private void cuts(int id) {
    String token = vocabulary.token(id);
    int n = token.length();
    int whole = token.hashCode();
    int head = 0; // hash of token[0, at); the tail's follows from it
    int weight = Vocabulary.power31(n);
    for (int at = 1; at < n; at++) {
      head = 31 * head + token.charAt(at - 1);
      weight *= INVERSE_31;
      if (Character.isLowSurrogate(token.charAt(at))) {
        continue;
      }
      int left = vocabulary.id(token, 0, at, head);
      if (left < 0 || !isText.test(left)) {
        continue;
      }
      int right = vocabulary.id(token, at, n, whole - head * weight);
      if (right >= 0 && isText.test(right)) {
        lefts.add(left);
        rights.add(right);
        joined.add(id);
        priorities.add(places[id]);
      }
    }
  }

  private static int[] places(float[] scores) {
    long[] order = new long[scores.length]; // best first
    for (int id = 0; id < order.length; id++) {
      int bits = Float.floatToIntBits(scores[id] + 0f); // no minus zero
      int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      order[id] = (long) ~ascending << 32 | id;
    }
    Arrays.sort(order);
    int[] places = new int[order.length];
    int place = 0;
    for (int i = 0; i < order.length; i++) {
      place += i > 0 && order[i] >> 32 != order[i - 1] >> 32 ? 1 : 0;
      places[(int) order[i]] = place;
    }
    return places;
  }
}
