package burhan.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArithmeticTest {
  private static final List<Split> SPLITS = List.of(Split.values());

  @Test
  void tracesAreWrittenAsSpecified() {
    assertEquals("1234+0567:4+7+0=11,3+6+1=10,2+5+1=08,1+0+0=01;1801", Steps.add(1234, 567));
    assertEquals("4321-0567:11-7-0=4,12-6-1=5,13-5-1=7,04-0-1=3;3754", Steps.subtract(4321, 567));
    assertEquals("05<17\n17-05:07-5-0=2,01-0-0=1;12\n-12", Steps.subtractSigned(5, 17));
    assertEquals(
        """
        123*5:3*5+0=15,2*5+1=11,1*5+1=06;615
        123*4:3*4+0=12,2*4+1=09,1*4+0=04;492
        0615+4920:5+0+0=05,1+2+0=03,6+9+0=15,0+4+1=05;5535\
        """,
        Steps.multiply(123, 45));
    assertEquals(Steps.multiply(123, 45), Steps.multiply(45, 123));
    assertEquals("56*7:6*7+0=42,5*7+4=39;392", Steps.multiply(7, 56));
    assertEquals("846/6:08/6=1r2,24/6=4r0,06/6=1r0;141", Steps.divide(846, 6));
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUB", "CHAIN", "MUL", "DIV"})
  void answersTracesAndVerifierAgree(Skill skill) {
    SplittableRandom rng = new SplittableRandom(7);
    for (int i = 0; i < 2000; i++) {
      Split split = SPLITS.get(i % 3);
      Problem p = Tasks.of(skill).generate(rng, split, rng.nextDouble());
      assertEquals(p.answer(), Long.toString(TraceCheck.result(p.thinking())), p.toString());
      Verdict verdict =
          Verifier.check(p.prompt(), p.answer())
              .orElseThrow(() -> new AssertionError("not understood: " + p));
      assertTrue(verdict.holds(), () -> p + " " + verdict);
      int wrong = Integer.parseInt(p.answer()) + 1 + i % 9;
      assertTrue(!Verifier.check(p.prompt(), wrong + "").orElseThrow().holds(), p.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUB", "CHAIN", "MUL", "DIV"})
  void splitsShareNoProblem(Skill skill) {
    Set<String> train = new HashSet<>();
    Set<String> test = new HashSet<>();
    Set<String> ood = new HashSet<>();
    SplittableRandom rng = new SplittableRandom(11);
    for (int i = 0; i < 800; i++) {
      double difficulty = rng.nextDouble();
      train.add(Tasks.of(skill).generate(rng, Split.TRAIN, difficulty).key());
      test.add(Tasks.of(skill).generate(rng, Split.TEST, difficulty).key());
      ood.add(Tasks.of(skill).generate(rng, Split.OOD, difficulty).key());
    }
    assertTrue(train.stream().noneMatch(test::contains));
    assertTrue(train.stream().noneMatch(ood::contains));
    assertTrue(test.stream().noneMatch(ood::contains));
    assertTrue(test.size() > 20, "test keys " + test.size());
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUB", "CHAIN", "MUL", "DIV"})
  void aSeedGivesItsProblem(Skill skill) {
    for (long seed = 0; seed < 50; seed++) {
      Problem once = Tasks.problem(skill, seed, Split.TEST);
      assertEquals(once, Tasks.problem(skill, seed, Split.TEST));
      assertNotEquals(once, Tasks.problem(skill, seed, Split.OOD));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ADD", "SUB", "CHAIN", "MUL", "DIV"})
  void easiestProblemsAreShort(Skill skill) {
    SplittableRandom rng = new SplittableRandom(3);
    for (int i = 0; i < 300; i++) {
      Problem p = Tasks.of(skill).generate(rng, Split.TRAIN, 0);
      assertTrue(p.thinking().length() <= 80, p.toString());
    }
  }

  @Test
  void keysHashForEverAlike() {
    assertEquals(
        0xb75f33eceb14271aL, Splits.hash("17+25"), () -> Long.toHexString(Splits.hash("17+25")));
  }
}
