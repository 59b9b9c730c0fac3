package burhan.task;

import java.util.List;

/**
 * The agreement of an Arabic number written in digits with the noun it counts: one and two are said
 * by the noun itself, 3-10 take the genitive plural, 11-99 the accusative singular, hundreds the
 * genitive singular; what stands after the hundreds decides. Unvowelled, so genitive singular looks
 * like the bare singular.
 */
final class ArabicCount {
  private ArabicCount() {}

  /** The counted phrase; {@code isNominative} matters for one and two only. */
  static String phrase(int n, Noun noun, boolean isNominative) {
    if (n == 1) {
      String one = noun.isFeminine() ? " واحدة" : isNominative ? " واحد" : " واحدا";
      return (isNominative ? noun.singular() : accusative(noun)) + one;
    }
    if (n == 2) {
      return dual(noun, isNominative);
    }
    return n + " " + counted(n, noun);
  }

  /** The form of the noun after the digits of n. */
  static String counted(int n, Noun noun) {
    int rest = n % 100;
    if (rest >= 3 && rest <= 10) {
      return noun.plural();
    }
    return rest >= 11 ? accusative(noun) : noun.singular();
  }

  static String accusative(Noun noun) {
    String s = noun.singular();
    boolean bare = s.endsWith("ة") || s.endsWith("اء") || s.endsWith("ى") || s.endsWith("ا");
    return bare ? s : s + "ا";
  }

  static String dual(Noun noun, boolean isNominative) {
    String s = noun.singular();
    String stem = s.endsWith("ة") ? s.substring(0, s.length() - 1) + "ت" : s;
    return stem + (isNominative ? "ان" : "ين");
  }

  static String definitePlural(Noun noun) {
    return "ال" + noun.plural();
  }

  /** Every form a story may use; the duals and the article do no harm to an English noun. */
  static List<String> forms(Noun noun) {
    return List.of(
        noun.singular(),
        noun.plural(),
        accusative(noun),
        dual(noun, true),
        dual(noun, false),
        definitePlural(noun),
        "ال" + noun.singular());
  }
}
