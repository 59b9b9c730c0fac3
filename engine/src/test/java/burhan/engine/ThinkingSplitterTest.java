package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import burhan.engine.Prompt.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every case in one piece, letter by letter, and cut at random: the parts are the same. */
class ThinkingSplitterTest {
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = '|',
      nullValues = "-",
      value = {
        // start|text|thinking|answer
        "THINKING|a b</think>c|a b|c",
        "THINKING|~a~</think>~~c|a~|c",
        "THINKING|</think>c|-|c",
        "THINKING|~~</think>c|-|c",
        "THINKING|never closed|never closed|-",
        "THINKING|cut </thi|cut </thi|-",
        "THINKING|<think>opened twice</think>c|opened twice|c",
        "THINKING|~<think>~opened twice</think>c|opened twice|c",
        "THINKING|a <think> b</think>c</think>d|a <think> b|c</think>d",
        "THINKING|a </ b </think >d</think>e|a </ b </think >d|e",
        "THINKING|<b>a</think>c|<b>a|c",
        "THINKING|x</</think>c|x</|c",
        "UNDECIDED|<think>a</think>c|a|c",
        "UNDECIDED|~<think>~a</think>~c|a|c",
        "UNDECIDED|<think>~~</think>c|-|c",
        "UNDECIDED|<think></think>|-|-",
        "UNDECIDED|no thinking|-|no thinking",
        "UNDECIDED|~~no thinking|-|no thinking",
        "UNDECIDED|<thin|-|<thin",
        "UNDECIDED|<thinker>|-|<thinker>",
        "UNDECIDED|a<think>b|-|a<think>b",
        "UNDECIDED|never opened</think>c|never opened|c",
        "UNDECIDED|-|-|-",
        "ANSWER|~a</think>b|-|a</think>b",
        "ANSWER|<think>b|-|<think>b",
        "RAW|~<think>b</think>|-|~<think>b</think>",
      })
  void splits(Start start, String text, String thinking, String answer) {
    String all = plain(text);
    List<String> letters = new ArrayList<>();
    all.chars().forEach(c -> letters.add(Character.toString(c)));
    assertEquals(List.of(plain(thinking), plain(answer)), split(start, List.of(all)));
    assertEquals(List.of(plain(thinking), plain(answer)), split(start, letters));
    Random random = new Random(all.hashCode());
    for (int round = 0; round < 20; round++) {
      List<String> pieces = new ArrayList<>();
      for (int at = 0; at < all.length(); ) {
        int end = Math.min(all.length(), at + 1 + random.nextInt(9));
        pieces.add(all.substring(at, end));
        at = end;
      }
      assertEquals(List.of(plain(thinking), plain(answer)), split(start, pieces), "" + pieces);
    }
  }

  private static String plain(String text) {
    return text == null ? "" : text.replace('~', '\n');
  }

  private static List<String> split(Start start, List<String> pieces) {
    StringBuilder thinking = new StringBuilder();
    StringBuilder answer = new StringBuilder();
    ThinkingSplitter splitter =
        new ThinkingSplitter(
            start,
            new ThinkingSplitter.Parts() {
              @Override
              public void thinking(String text) {
                assertFalse(text.isEmpty());
                thinking.append(text);
              }

              @Override
              public void answer(String text) {
                assertFalse(text.isEmpty());
                answer.append(text);
              }

              @Override
              public void answerWasThinking() {
                thinking.append(answer);
                answer.setLength(0);
              }
            });
    pieces.forEach(splitter::push);
    splitter.flush();
    return List.of(thinking.toString(), answer.toString());
  }
}
