package burhan.task;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Asks the verifier about many problems and prints what it does not confirm: {@code Sweep 20000}.
 */
final class Sweep {
  private Sweep() {}

  public static void main(String[] args) {
    List<Split> splits = List.of(Split.values());
    for (Skill skill : Skill.values()) {
      SplittableRandom rng = new SplittableRandom(17);
      long start = System.nanoTime();
      int bad = 0;
      long chars = 0;
      long thought = 0;
      int longest = 0;
      int count = Integer.parseInt(args[0]);
      for (int i = 0; i < count; i++) {
        Problem p =
            Tasks.of(skill).generate(rng, splits.get(i % 3), i % 2 == 0 ? 1 : rng.nextDouble());
        chars += p.prompt().length();
        thought += p.thinking().length();
        longest = Math.max(longest, p.thinking().length());
        boolean fine =
            skill == Skill.CHAT
                ? Verifier.check(p.prompt(), p.answer()).isEmpty()
                : Verifier.check(p.prompt(), p.answer()).map(Verdict::holds).orElse(false);
        if (!fine && bad++ < 12) {
          System.out.println(
              p.prompt()
                  + " | "
                  + p.thinking()
                  + " | "
                  + p.answer()
                  + " | "
                  + Verifier.check(p.prompt(), p.answer()));
        }
      }
      System.out.printf(
          "%s: %d bad, %.2f ms each, prompt %d, thinking %d (longest %d)%n",
          skill.label(),
          bad,
          (System.nanoTime() - start) / 1e6 / count,
          chars / count,
          thought / count,
          longest);
    }
  }
}
