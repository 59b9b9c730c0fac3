package burhan.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "17+25 | 42 | 17 + 25 = 42",
        "what's 17 plus 25? | 42 | 17 + 25 = 42",
        "What’s 17 plus 25? | 42 | 17 + 25 = 42",
        "كم يساوي ١٧ + ٢٥؟ | 42 | 17 + 25 = 42",
        "كَمْ يُساوي ١٧ + ٢٥؟ | ٤٢ | 17 + 25 = 42",
        "كـــم   يساوي ۱۷ زائد ۲۵ ؟ | 42 | 17 + 25 = 42",
        "کم یساوی ۱۷ زائد ۲۵؟ | 42 | 17 + 25 = 42",
        "3 x (12+5) | 51 | 3 x (12 + 5) = 51",
        "3x(12+5)= | 51 | 3 x (12 + 5) = 51",
        "2 + 3 * 4 | 14 | 2 + 3 x 4 = 14",
        "10 - (4 - 1) | 7 | 10 - (4 - 1) = 7",
        "5 − 17 | -12 | 5 - 17 = -12",
        "7 / 2 | 3.5 | 7 / 2 = 7/2",
        "7 ÷ 2 | 7/2 | 7 / 2 = 7/2",
        "0.5 + 0.25 | 0.75 | (1/2) + (1/4) = 3/4",
        "1,250 + 750 | 2000 | 1250 + 750 = 2000",
        "Subtract 5 from 17 | 12 | 17 - 5 = 12",
        "the difference between 5 and 17 | 12 | 17 - 5 = 12",
        "How many times does 6 go into 84? | 14 | 84 / 6 = 14",
        "Add 3, 4, and 5 | 12 | 3 + 4 + 5 = 12",
        "اطرح ٥ من ١٧ | 12 | 17 - 5 = 12",
        "ما حاصل ضرب ٦ في ٧؟ | 42 | 6 x 7 = 42",
        "اقسم 84 على 6 | 14 | 84 / 6 = 14",
        "Please calculate 999999999999 * 999999999999 | 999999999998000000000001 |"
            + " 999999999999 x 999999999999 = 999999999998000000000001",
        "17+25 | The answer is 42. | 17 + 25 = 42",
        "17+25 | 17 + 25 = 42 | 17 + 25 = 42",
        "17+25 | $\\boxed{42}$ | 17 + 25 = 42",
        "Use 3, 4 and 12 to make 24 | (12-4)*3 | (12 - 4) x 3 = 24",
        "استعمل ٣ و٤ و١٢ لتصل إلى ٢٤ | (12 - 4) × 3 | (12 - 4) x 3 = 24",
        "countdown 3 4 12 -> 24 | 3*(12-4) = 24 | 3 x (12 - 4) = 24",
        "Make 24 from 1, 5, 5, 5 | hm | -",
        "Sara has 12 apples. She buys 7 more. How many apples does she have now? | 19 | 12 + 7 = 19",
        "Zorbo had 20 gizmos. He gave 8 to Quix. How many gizmos are left? | 12 | 20 - 8 = 12",
        "لدى سارة ١٢ تفاحة. ثم اشترت ٧ تفاحات. كم تفاحة لديها الآن؟ | 19 | 12 + 7 = 19",
        "لدى سارة كتابان. ثم اشترت ٧ كتب. كم كتابا لديها الآن؟ | 9 | 2 + 7 = 9",
        "كان لدى أحمد ٢٠ قلما وأعطى صديقه ٨ أقلام. كم قلما بقي لديه؟ | 12 | 20 - 8 = 12",
      })
  void understands(String question, String answer, String statement) {
    Verdict verdict =
        Verifier.check(question, answer).orElseThrow(() -> new AssertionError(question));
    if (!statement.equals("-")) {
      assertEquals(statement, verdict.statement());
      assertTrue(verdict.holds());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "17+25 | 43",
        "17+25 | 1725",
        "17+25 | 42 or 43",
        "17+25 | 42 42 43",
        "17+25 | ``",
        "17+25 | no idea",
        "17+25 | -42",
        "17+25 | 4 2",
        "17+25 | 42/0",
        "17+25 | 17+26=42",
        "17+25 | 9999999999999999999999999999999999999999999999999999",
        "84/6 | 14r0",
        "Use 3, 4 and 12 to make 24 | 12+12",
        "Use 3, 4 and 12 to make 24 | 3*4+12*1",
        "Use 3, 4 and 12 to make 24 | 24",
        "Use 3, 4 and 12 to make 24 | 12*3-12",
        "Use 3, 4 and 12 to make 24 | 12+4+3",
        "Use 3, 4 and 12 to make 24 | (12-4)*3=25",
        "Use 3, 4 and 12 to make 24 | (12-4)*3 because 8*3=24",
        "Use 3, 4 and 12 to make 24 | 12/(4-4)*3",
        "Use 3, 4 and 12 to make 24 | 3412",
        "Use 3, 4 and 12 to make 24 | -(4-12)*3",
        "Use 3, 4 and 12 to make 24 | ``",
        "Sara has 12 apples. She buys 7 more. How many apples does she have now? | 5",
        "لدى سارة ١٢ تفاحة. ثم اشترت ٧ تفاحات. كم تفاحة لديها الآن؟ | 84",
      })
  void refutes(String question, String answer) {
    assertFalse(
        Verifier.check(question, answer == null ? "" : answer)
            .orElseThrow(() -> new AssertionError(question))
            .holds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "17",
        "what is 17?",
        "7 / 0",
        "5 / (3 - 3)",
        "2^10",
        "5!",
        "17 + ",
        "+",
        "(17 + 25",
        "17 + 25)",
        "x + 3 = 7",
        "5 + 3 = 9?",
        "is 17 + 25 prime?",
        "the square root of 49",
        "15% of 80",
        "I was born in 1999",
        "Who won in 1998 and 2002?",
        "What is the difference between 5 cats and 3 dogs?",
        "What is the capital of France?",
        "كم عدد سكان مصر؟",
        "ما الجذر التربيعي للعدد ٤٩؟",
        "Make 3 sandwiches",
        "Use 3 to make 24",
        "Sara has 12 apples. She buys 7 oranges. How many apples does she have now?",
        "Sara has 12 apples. Omar buys 7 more. How many apples does Sara have now?",
        "Sara has 12 apples. How many apples does Omar have?",
        "Sara has 12 apples. She gives 20 to Omar. How many apples does she have now?",
        "Sara has 12 apples. She buys 7 more. How many apples does she have now? Why?",
        "Sara has 12 apples. They are shared equally among 5 boys. How many does each one get?",
        "لدى سارة ١٢ تفاحة. ثم اشترت ٧ أقلام. كم تفاحة لديها الآن؟",
      })
  void leavesAlone(String question) {
    assertTrue(Verifier.check(question, "42").isEmpty());
  }

  /** Soups of the words it knows, of signs and of any characters, long and short. */
  @Test
  void anyTextIsReadInTime() {
    List<String> words =
        List.of(
            "17",
            "٢٥",
            "+",
            "-",
            "*",
            "(",
            ")",
            "=",
            "sum",
            "of",
            "and",
            "from",
            "subtract",
            "use",
            "make",
            "Sara",
            "has",
            "apples",
            "more",
            "buys",
            "gives",
            "to",
            "How many",
            "does",
            "she",
            "have",
            "now?",
            ".",
            ",",
            "لدى",
            "سارة",
            "تفاحة",
            "ثم",
            "اشترت",
            "كم",
            "لديها",
            "الآن؟",
            "و",
            "->",
            "1,000",
            "9999999999999999999999999999999999999",
            "0.00001",
            "\u0000",
            "\ud83d\ude00",
            "\ud83d",
            "\u0301");
    SplittableRandom rng = new SplittableRandom(1);
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < 4000; i++) {
            Verifier.check(soup(rng, words), soup(rng, words));
          }
          for (String part :
              List.of("(", "1+", "-", "9", "1/7+", "Sara has 5 apples. ", "5 a ", "(1+")) {
            Verifier.check(part.repeat(100_000), "1");
            Verifier.check(part.repeat(1000 / part.length()), part.repeat(1000 / part.length()));
            Verifier.check("17+25", part.repeat(100_000));
          }
        });
  }

  private static String soup(SplittableRandom rng, List<String> words) {
    StringBuilder out = new StringBuilder();
    int length = rng.nextInt(rng.nextInt(20) == 0 ? 300 : 25);
    for (int i = 0; i < length; i++) {
      if (rng.nextInt(12) == 0) {
        out.append((char) rng.nextInt(0x10000));
      } else {
        out.append(words.get(rng.nextInt(words.size()))).append(rng.nextInt(3) == 0 ? "" : " ");
      }
    }
    return out.toString();
  }
}
