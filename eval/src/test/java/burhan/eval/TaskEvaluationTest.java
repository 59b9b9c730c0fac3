package burhan.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.task.Problem;
import burhan.task.Skill;
import burhan.task.Split;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaskEvaluationTest {
  @Test
  void theIntervalIsWilsons() {
    // 95 of 100: 0.8882 to 0.9785, the textbook's values.
    Proportion p = new Proportion(95, 100);
    assertEquals(0.8882, p.low(), 1e-4);
    assertEquals(0.9785, p.high(), 1e-4);
    assertEquals(0, new Proportion(0, 10).low(), 1e-12);
    assertEquals(1, new Proportion(10, 10).high(), 1e-12);
  }

  @Test
  void problemsAreDifferentAndTheSameForASeed() {
    for (Skill skill : Skill.values()) {
      List<Problem> problems = TaskEvaluation.problems(skill, Split.TEST, 40, 5);
      Set<String> questions = new HashSet<>();
      problems.forEach(p -> questions.add(p.prompt()));
      assertEquals(problems.size(), questions.size());
      assertEquals(problems, TaskEvaluation.problems(skill, Split.TEST, 40, 5));
      assertNotEquals(problems, TaskEvaluation.problems(skill, Split.TEST, 40, 6));
    }
  }

  @Test
  void theExpectedAnswerIsRightAndAnotherIsNot() {
    for (Skill skill : Skill.values()) {
      for (Problem problem : TaskEvaluation.problems(skill, Split.OOD, 20, 1)) {
        assertTrue(TaskEvaluation.isRight(problem, problem.answer()), problem.toString());
        assertFalse(TaskEvaluation.isRight(problem, problem.answer() + "1"), problem.toString());
        assertFalse(TaskEvaluation.isRight(problem, ""), problem.toString());
      }
    }
  }
}
