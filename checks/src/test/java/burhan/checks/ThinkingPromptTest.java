package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.bench.RandomModel;
import burhan.engine.Engine;
import burhan.engine.Prompt;
import burhan.kernel.ScalarKernels;
import burhan.model.DeepSeekConfig;
import burhan.tensor.DType;
import burhan.token.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the templates that models ship leave their model, with thinking on and off. */
class ThinkingPromptTest {
  private static final String OVER = "<think>\n\n</think>\n\n";

  @ParameterizedTest
  @CsvSource({
    // template, start with thinking, what a prompt without thinking ends with
    "deepseek-r1-feb2025, THINKING, <｜Assistant｜>OVER",
    "deepseek-r1-jan2025, UNDECIDED, <｜Assistant｜>OVER",
    "deepseek-r1-0528, UNDECIDED, <｜Assistant｜>OVER",
    "deepseek-v3.1, THINKING, <｜Assistant｜></think>",
    "r1-distill-qwen-32b, THINKING, <｜Assistant｜>OVER",
    "qwen3-8b, UNDECIDED, <|im_start|>assistant~OVER",
  })
  void leavesTheModelWhereItsTemplateSays(
      String template, Prompt.Start start, String end, @TempDir Path folder) throws IOException {
    Path jinja = Conformance.folder("templates/jinja").resolve(template + ".jinja");
    RandomModel.write(folder, config(), DType.F32, 1);
    Files.copy(jinja, folder.resolve("chat_template.jinja"));
    try (Engine engine = Engine.open(folder, new ScalarKernels())) {
      List<Message> messages = List.of(Message.user("hi <think> </think>"));
      Prompt on = engine.prompt(messages, true);
      assertEquals(start, on.start());
      int open = engine.tokenizer().id("<think>").orElseThrow();
      boolean opened =
          on.ids()[on.ids().length - 1] == open || on.ids()[on.ids().length - 2] == open;
      assertEquals(start == Prompt.Start.THINKING, opened);
      Prompt off = engine.prompt(messages, false);
      assertEquals(Prompt.Start.ANSWER, off.start());
      String text = engine.tokenizer().decode(off.ids());
      assertTrue(text.endsWith(end.replace("OVER", OVER).replace("~", "\n")), text);
      assertTrue(text.contains("hi <think> </think>"), text);
    }
  }

  private static DeepSeekConfig config() {
    return new DeepSeekConfig(
        "deepseek_v3",
        300,
        32,
        48,
        16,
        1,
        0,
        2,
        1,
        4,
        2,
        1,
        1,
        "noaux_tc",
        "sigmoid",
        true,
        1,
        1,
        0,
        16,
        8,
        8,
        8,
        256,
        10_000,
        null,
        1e-6,
        false,
        256,
        257);
  }
}
