package burhan.task;

import java.util.random.RandomGenerator;

/** A generator of problems of one skill. Stateless: all chance comes from the caller. */
public interface Task {
  Skill skill();

  /**
   * Draws one problem.
   *
   * @param difficulty 0 the shortest problems, 1 the full range of the skill
   */
  Problem generate(RandomGenerator rng, Split split, double difficulty);
}
