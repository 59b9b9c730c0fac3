package burhan.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SkillsTest {
  private static final List<Split> SPLITS = List.of(Split.values());

  @ParameterizedTest
  @EnumSource(names = {"WORD_EN", "WORD_AR"})
  void storiesAreUnderstoodByTheVerifier(Skill skill) {
    SplittableRandom rng = new SplittableRandom(5);
    for (int i = 0; i < 1200; i++) {
      Problem p = Tasks.of(skill).generate(rng, SPLITS.get(i % 3), rng.nextDouble());
      assertEquals(p.answer(), Long.toString(TraceCheck.result(p.thinking())), p.toString());
      Verdict verdict =
          Verifier.check(p.prompt(), p.answer())
              .orElseThrow(() -> new AssertionError("not understood: " + p));
      assertTrue(verdict.holds(), () -> p + " " + verdict);
      String wrong = Integer.toString(Integer.parseInt(p.answer()) + 1);
      assertFalse(Verifier.check(p.prompt(), wrong).orElseThrow().holds());
    }
  }

  @Test
  void countdownIsSolvedByItsTrace() {
    SplittableRandom rng = new SplittableRandom(5);
    for (int i = 0; i < 1200; i++) {
      Problem p = Tasks.of(Skill.COUNTDOWN).generate(rng, SPLITS.get(i % 3), rng.nextDouble());
      Verdict verdict =
          Verifier.check(p.prompt(), p.answer())
              .orElseThrow(() -> new AssertionError("not understood: " + p));
      assertTrue(verdict.holds(), () -> p + " " + verdict);
    }
  }

  @Test
  void countdownTraceIsWrittenAsSpecified() {
    StringBuilder trace = new StringBuilder();
    Countdown.Solution solution = Countdown.search(List.of(12, 4, 3), 24, trace);
    assertEquals(
        """
        12>24:-36+12*02/--;04,03:+07!-01!/--!*12=
        04*03=12,12+12=24\
        """,
        trace.toString());
    assertEquals("4*3+12", solution.expression());
  }

  @Test
  void whatIsOffTheSubjectIsNotChecked() {
    SplittableRandom rng = new SplittableRandom(5);
    for (int i = 0; i < 1200; i++) {
      Problem p = Tasks.of(Skill.CHAT).generate(rng, SPLITS.get(i % 3), 1);
      assertTrue(Chat.isReply(p.language(), p.answer()), p.toString());
      assertTrue(Verifier.check(p.prompt(), p.answer()).isEmpty(), p.toString());
    }
  }

  @Test
  void curriculumReachesEverySkill() {
    SplittableRandom rng = new SplittableRandom(5);
    int[] seen = new int[Skill.values().length];
    for (int i = 0; i < 1500; i++) {
      Problem p = new Curriculum().next(rng, 1);
      seen[List.of(Skill.values()).indexOf(p.skill())]++;
      assertEquals(Skill.ADD, new Curriculum().next(rng, 0).skill());
    }
    for (Skill skill : Skill.values()) {
      assertTrue(seen[List.of(Skill.values()).indexOf(skill)] > 40, skill.label());
    }
  }
}
