package burhan.task;

import java.nio.charset.StandardCharsets;

/**
 * Says to which split a problem belongs. Knows keys and operand ranges, no wordings.
 *
 * <p>The hash sees the key, never the wording or the trace, so a test problem is absent from
 * training in every phrasing and both languages. A step inside a longer problem is not a problem:
 * {@code 17+25} may be a step of a training chain while the question {@code 17+25} is held out.
 */
public final class Splits {
  private static final int TEST_PERCENT = 5;

  private Splits() {}

  /** TRAIN or TEST; whether a problem is OOD is for its generator to say. */
  public static Split of(String key) {
    return Long.remainderUnsigned(hash(key), 100) < TEST_PERCENT ? Split.TEST : Split.TRAIN;
  }

  /**
   * Operands held out for OOD: those of three or four digits that begin with 37 or 73. Chosen in
   * the middle of the ranges, so that every digit is still seen in every place.
   */
  public static boolean isHeldOutOperand(int n) {
    int head = n;
    while (head >= 100) {
      head /= 10;
    }
    return n >= 100 && (head == 37 || head == 73);
  }

  /** Countdown targets held out for OOD: 60 to 64. */
  public static boolean isHeldOutTarget(int target) {
    return target >= 60 && target < 65;
  }

  /** FNV-1a over UTF-8, then the SplitMix64 finaliser; fixed for ever, splits depend on it. */
  static long hash(String key) {
    long h = 0xcbf29ce484222325L;
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
