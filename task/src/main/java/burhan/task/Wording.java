package burhan.task;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Dresses a question the way people type: digits of either script, case, stray spaces, a word of
 * courtesy. Knows no arithmetic.
 */
final class Wording {
  /** How the digits of one prompt are written. */
  enum Digits {
    WESTERN,
    ARABIC_INDIC,
    PERSIAN
  }

  private static final List<String> POLITE_EN = List.of("please", "pls", "Please", "plz");
  private static final List<String> POLITE_AR = List.of("من فضلك", "لو سمحت", "رجاء", "رجاءً");

  private Wording() {}

  static <T> T pick(RandomGenerator rng, List<T> from) {
    return from.get(rng.nextInt(from.size()));
  }

  static boolean chance(RandomGenerator rng, double p) {
    return rng.nextDouble() < p;
  }

  static Digits digits(RandomGenerator rng, Language language) {
    if (language == Language.EN) {
      return Digits.WESTERN;
    }
    double roll = rng.nextDouble();
    return roll < 0.5 ? Digits.ARABIC_INDIC : roll < 0.56 ? Digits.PERSIAN : Digits.WESTERN;
  }

  static String inDigits(String text, Digits digits) {
    if (digits == Digits.WESTERN) {
      return text;
    }
    char zero = digits == Digits.ARABIC_INDIC ? '\u0660' : '\u06f0';
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(c >= '0' && c <= '9' ? (char) (zero + c - '0') : c);
    }
    return out.toString();
  }

  /** A short question as typed: now and then lower case, courtesy, noise, a missing mark. */
  static String typed(RandomGenerator rng, Language language, String prompt) {
    String text = prompt;
    if (chance(rng, 0.25) && (text.endsWith("?") || text.endsWith("؟"))) {
      text = text.substring(0, text.length() - 1);
    }
    if (chance(rng, 0.05)) {
      text = polite(rng, language, text);
    }
    if (language == Language.EN) {
      double roll = rng.nextDouble();
      if (roll < 0.12) {
        text = text.toLowerCase(java.util.Locale.ROOT);
      } else if (roll < 0.14) {
        text = text.toUpperCase(java.util.Locale.ROOT);
      }
    } else if (chance(rng, 0.06)) {
      text = ornamented(rng, text);
    }
    if (chance(rng, 0.03)) {
      text = text.replaceFirst(" ", "  ");
    }
    if (chance(rng, 0.02)) {
      text = " " + text + " ";
    }
    return chance(rng, 0.01) && Character.isLetterOrDigit(text.charAt(text.length() - 1))
        ? text + "..."
        : text;
  }

  private static String polite(RandomGenerator rng, Language language, String text) {
    String word = pick(rng, language == Language.EN ? POLITE_EN : POLITE_AR);
    if (rng.nextBoolean()) {
      return text + " " + word;
    }
    String comma = language == Language.EN ? "," : "،";
    return rng.nextBoolean() ? word + " " + text : word + comma + " " + text;
  }

  /** Diacritics or a tatweel on one word, as careful or playful typists set them. */
  private static String ornamented(RandomGenerator rng, String text) {
    return switch (rng.nextInt(5)) {
      case 0 -> text.replace("كم", "كَمْ");
      case 1 -> text.replace("يساوي", "يُساوي").replace("احسب", "اِحسِب");
      case 2 -> text.replace("ناتج", "ناتِجُ").replace("حاصل", "حاصِلُ");
      case 3 -> text.replace("يساوي", "يســـاوي").replace("اجمع", "اجمـع");
      default -> text.replace("كم", "كـم").replace("ما ", "مَا ");
    };
  }
}
