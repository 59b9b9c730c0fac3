package burhan.task;

import java.util.SplittableRandom;

/**
 * Prints samples of a skill for a reader: {@code Samples word-ar 50 [train|test|ood] [difficulty]}.
 */
final class Samples {
  private Samples() {}

  public static void main(String[] args) {
    Skill skill = Skill.of(args[0]);
    Split split =
        args.length > 2 ? Split.valueOf(args[2].toUpperCase(java.util.Locale.ROOT)) : Split.TRAIN;
    double difficulty = args.length > 3 ? Double.parseDouble(args[3]) : 1;
    SplittableRandom rng = new SplittableRandom(1);
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      Problem p = Tasks.of(skill).generate(rng, split, difficulty);
      System.out.println(
          p.prompt() + "\n" + p.thinking() + "\n=> " + p.answer() + "   [" + p.key() + "]\n");
    }
  }
}
