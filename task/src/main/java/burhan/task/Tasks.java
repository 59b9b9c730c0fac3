package burhan.task;

import java.util.SplittableRandom;

/** Where tasks are had from. */
public final class Tasks {
  private Tasks() {}

  /** The generator of a skill. */
  public static Task of(Skill skill) {
    return switch (skill) {
      case ADD, SUB, CHAIN, MUL, DIV -> new Arithmetic(skill);
      case WORD_EN -> new WordProblems(Language.EN);
      case WORD_AR -> new WordProblems(Language.AR);
      case COUNTDOWN -> new Countdown();
      case CHAT -> new Chat();
    };
  }

  /** One problem over the full range of a skill; equal arguments give equal problems. */
  public static Problem problem(Skill skill, long seed, Split split) {
    return of(skill).generate(new SplittableRandom(seed ^ Splits.hash(skill.label())), split, 1);
  }
}
