package burhan.task;

import burhan.tensor.BadInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a problem asks for; scores are reported per skill. */
public enum Skill {
  ADD,
  SUB,
  CHAIN,
  MUL,
  DIV,
  WORD_EN,
  WORD_AR,
  COUNTDOWN,
  CHAT;

  /** The name in commands and reports, e.g. {@code word-en}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The skill of a label.
   *
   * @throws BadInputException if no skill is called so
   */
  public static Skill of(String label) {
    for (Skill skill : values()) {
      if (skill.label().equals(label)) {
        return skill;
      }
    }
    String known = Arrays.stream(values()).map(Skill::label).collect(Collectors.joining(", "));
    throw new BadInputException("skill '" + label + "' is not known: use one of " + known);
  }
}
