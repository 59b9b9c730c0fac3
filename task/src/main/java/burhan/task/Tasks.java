package burhan.task;

import java.util.SplittableRandom;

/** Where tasks are had from. */
public final class Tasks {
  private Tasks() {}

  /** The generator of a skill. */
  public static Task of(Skill skill) {
    return switch (skill) {
      case ADD, SUB, CHAIN, MUL, DIV -> new Arithmetic(skill);
      case WORD_EN, WORD_AR, COUNTDOWN, CHAT ->
          throw new UnsupportedOperationException(skill.label());
    };
  }

  /** One problem over the full range of a skill; equal arguments give equal problems. */
  public static Problem problem(Skill skill, long seed, Split split) {
    return of(skill).generate(new SplittableRandom(seed ^ Splits.hash(skill.label())), split, 1);
  }
}
