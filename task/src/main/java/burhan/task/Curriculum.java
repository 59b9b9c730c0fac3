package burhan.task;

import java.util.random.RandomGenerator;

/**
 * What to train on when: at first short sums, so that copying digits is learned on little text;
 * then longer operands, then every skill; the last part of a run is the full mixture at full
 * difficulty. Knows no model and no loss.
 */
public final class Curriculum {
  /** From this share of the run on, the mixture is final. */
  private static final double SETTLED = 0.45;

  /** How long a skill takes from its easiest problems to its full range. */
  private static final double RAMP = 0.25;

  private final Split split;

  /** A curriculum over the problems of TRAIN. */
  public Curriculum() {
    this.split = Split.TRAIN;
  }

  /**
   * The next training problem.
   *
   * @param progress share of the run that is done, 0 to 1
   */
  public Problem next(RandomGenerator rng, double progress) {
    double p = Math.clamp(progress, 0, 1);
    Skill skill = skill(rng, p);
    double ceiling = Math.clamp((p - start(skill)) / RAMP + 0.15, 0, 1);
    // Short problems stay in the mixture; most are near the ceiling once it is reached.
    double difficulty = rng.nextInt(4) == 0 ? ceiling * rng.nextDouble() : ceiling;
    return Tasks.of(skill).generate(rng, split, difficulty);
  }

  /** The weight of a skill at this progress; the weights of all skills need not sum to one. */
  static double weight(Skill skill, double progress) {
    if (progress < start(skill)) {
      return 0;
    }
    double full =
        switch (skill) {
          case ADD -> 0.09;
          case SUB -> 0.10;
          case CHAIN -> 0.11;
          case MUL -> 0.13;
          case DIV -> 0.08;
          case WORD_EN, WORD_AR -> 0.165;
          case COUNTDOWN -> 0.12;
          case CHAT -> 0.04;
        };
    // Basic operations carry the beginning alone and shrink to their share as the others join.
    boolean isBasic = skill == Skill.ADD || skill == Skill.SUB;
    double settled = Math.clamp(progress / SETTLED, 0, 1);
    return isBasic ? full + 0.15 * (1 - settled) : full;
  }

  private static double start(Skill skill) {
    return switch (skill) {
      case ADD -> 0;
      case SUB -> 0.01;
      case MUL -> 0.03;
      case DIV -> 0.04;
      case CHAIN -> 0.06;
      case CHAT -> 0.06;
      case WORD_EN, WORD_AR -> 0.08;
      case COUNTDOWN -> 0.10;
    };
  }

  private static Skill skill(RandomGenerator rng, double progress) {
    double total = 0;
    for (Skill skill : Skill.values()) {
      total += weight(skill, progress);
    }
    double roll = rng.nextDouble() * total;
    for (Skill skill : Skill.values()) {
      roll -= weight(skill, progress);
      if (roll < 0) {
        return skill;
      }
    }
    return Skill.ADD;
  }
}
