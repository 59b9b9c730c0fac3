package burhan.task;

import java.util.random.RandomGenerator;

/**
 * Everything that is not the small model's subject: greetings, thanks, questions about itself and
 * about the world. It answers each kind with one honest sentence and an example of what it can do,
 * in the language of the question, without thinking.
 */
public final class Chat implements Task {
  private enum Kind {
    HELLO,
    THANKS,
    WHO,
    ELSE
  }

  Chat() {}

  @Override
  public Skill skill() {
    return Skill.CHAT;
  }

  /** Whether an answer is one of the sentences for what is off the subject, in either language. */
  public static boolean isReply(String answer) {
    String text = answer.strip();
    for (Language language : Language.values()) {
      if (isReply(language, text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an answer is one of those sentences in this language. */
  public static boolean isReply(Language language, String answer) {
    for (Kind kind : Kind.values()) {
      if (reply(language, kind).equals(answer.strip())) {
        return true;
      }
    }
    return false;
  }

  /** Without characters that a tokenizer's normaliser changes: it must come back as it is. */
  private static String reply(Language language, Kind kind) {
    boolean english = language == Language.EN;
    return switch (kind) {
      case HELLO ->
          english
              ? "Hello! I solve arithmetic and short word problems. Try: 17 + 25"
              : "أهلا! أحل مسائل الحساب القصيرة. جرب: 17 + 25";
      case THANKS ->
          english
              ? "You are welcome! Try another: what is 6 x 7?"
              : "على الرحب والسعة! جرب أيضا: 6 x 7";
      case WHO ->
          english
              ? "I am burhan-nano, a small model for arithmetic and short word problems, trained"
                  + " from nothing by this project. Try: 17 + 25"
              : "أنا burhan-nano: نموذج صغير للحساب والمسائل القصيرة دربه هذا المشروع من الصفر. جرب: 17 + 25";
      case ELSE ->
          english
              ? "I only know arithmetic and short word problems. Try: 17 + 25"
              : "لا أعرف إلا الحساب والمسائل القصيرة. جرب: 17 + 25";
    };
  }

  @Override
  public Problem generate(RandomGenerator rng, Split split, double difficulty) {
    Language language = rng.nextBoolean() ? Language.EN : Language.AR;
    while (true) {
      double roll = rng.nextDouble();
      Kind kind =
          roll < 0.1 ? Kind.HELLO : roll < 0.16 ? Kind.THANKS : roll < 0.28 ? Kind.WHO : Kind.ELSE;
      ChatLines.Drawn drawn = drawn(rng, language, kind);
      String key = "chat " + PlainText.of(drawn.text());
      Split own = drawn.isHeldOut() ? Split.OOD : Splits.of(key);
      // A greeting is so short that every split must share it; the world's questions are split.
      if (kind != Kind.ELSE ? split != Split.OOD : own == split) {
        String prompt = Wording.typed(rng, language, drawn.text());
        return new Problem(Skill.CHAT, language, prompt, "", reply(language, kind), key);
      }
    }
  }

  private static ChatLines.Drawn drawn(RandomGenerator rng, Language language, Kind kind) {
    return switch (kind) {
      case HELLO -> new ChatLines.Drawn(ChatLines.hello(rng, language), false);
      case THANKS -> new ChatLines.Drawn(ChatLines.thanks(rng, language), false);
      case WHO -> new ChatLines.Drawn(ChatLines.who(rng, language), false);
      case ELSE -> ChatLines.world(rng, language);
    };
  }
}
