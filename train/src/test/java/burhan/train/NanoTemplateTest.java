package burhan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.task.Language;
import burhan.task.Problem;
import burhan.task.Skill;
import burhan.token.Tokenizer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NanoTemplateTest {
  private static final Problem SUM =
      new Problem(
          Skill.ADD, Language.EN, "what's 17 plus 25?", "17+25:7+5+0=12,1+2+1=04;42", "42", "k");

  private static Tokenizer tokenizer;

  @BeforeAll
  static void train() {
    List<String> texts =
        java.util.Collections.nCopies(5, "what's the sum of these plus those? كم يساوي المجموع");
    tokenizer = Tokenizer.parse(NanoTokenizer.train(texts), "nano");
  }

  @Test
  void aSampleReadsAsTheTemplateSays() {
    Sample sample = new NanoTemplate(tokenizer).sample(List.of(), SUM, false);
    assertEquals(
        "<｜begin▁of▁sentence｜><｜User｜>what's 17 plus 25?<｜Assistant｜><think>\n"
            + "17+25:7+5+0=12,1+2+1=04;42\n</think>\n\n42<｜end▁of▁sentence｜>",
        text(sample.tokens()));
  }

  /** Token by token, because decoding leaves special tokens out. */
  private static String text(int[] ids) {
    StringBuilder out = new StringBuilder();
    for (int id : ids) {
      out.append(new String(tokenizer.bytes(id), java.nio.charset.StandardCharsets.UTF_8));
    }
    return out.toString();
  }

  @Test
  void thinkingAndAnswerAreLearnedAndTheQuestionOnlyOnRequest() {
    NanoTemplate template = new NanoTemplate(tokenizer);
    int prompt = template.prompt(List.of(), SUM).length;
    Sample sft = template.sample(List.of(), SUM, false);
    for (int i = 0; i < sft.length(); i++) {
      assertEquals(i >= prompt, sft.learn()[i], "token " + i);
    }
    Sample whole = template.sample(List.of(), SUM, true);
    assertFalse(whole.learn()[0]);
    assertTrue(whole.learn()[1]);
  }

  @Test
  void earlierTurnsLoseTheirThinking() {
    Sample sample = new NanoTemplate(tokenizer).sample(List.of(SUM), SUM, false);
    assertTrue(
        text(sample.tokens())
            .startsWith(
                "<｜begin▁of▁sentence｜><｜User｜>what's 17 plus 25?<｜Assistant｜>42"
                    + "<｜end▁of▁sentence｜><｜User｜>"));
  }

  @Test
  void whatKeyboardsAddCostsNothing() {
    assertArrayEquals(
        tokenizer.encode("كم يساوي 17 + 25?"), tokenizer.encode("كَمْ يُســاوي  ١٧ + ٢٥؟"));
    assertArrayEquals(tokenizer.encode("12*5-3/1"), tokenizer.encode("۱۲×۵−۳÷۱"));
    assertArrayEquals(tokenizer.encode("a, b"), tokenizer.encode("a،  b"));
    assertEquals(8, tokenizer.encode("12+34=46").length, "one token per sign");
    assertEquals(3, tokenizer.encode("1\n2").length, "line feeds stay");
  }
}
