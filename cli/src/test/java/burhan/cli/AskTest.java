package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.engine.Answer;
import burhan.engine.Answer.FinishReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What ask and chat show, on a terminal and in a pipe. */
class AskTest {
  @TempDir static Path model;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeAll
  static void write() {
    TinyModel.write(model);
  }

  private Console console(boolean terminal, Map<String, String> environment) {
    return new Console(
        new ByteArrayInputStream(new byte[0]), out, out, environment, false, terminal, terminal);
  }

  private static Answer answer(String thinking, String text, FinishReason reason) {
    return new Answer(
        thinking,
        text,
        new int[0],
        reason,
        new Answer.Usage(5, 4, 2, 8, 2),
        new Answer.Timings(100, 50, 12));
  }

  private String shown(Console console, boolean thinks, String text) {
    Answer answer = answer("12 + 5", text, FinishReason.STOP);
    AnswerPrinter printer = new AnswerPrinter(console, thinks);
    printer.thinking("12 ");
    printer.thinking("+ 5");
    printer.text(text);
    printer.finish(answer);
    printer.stamp("12 + 5", answer);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTerminalShowsThinkingAnswerAndStamp() {
    assertEquals(
        "\u001b[2m12 + 5\u001b[0m\n\n17\n\u001b[32m✓ checked: 12 + 5 = 17\u001b[0m\n",
        shown(console(true, Map.of()), true, "17"));
  }

  @Test
  void aWrongAnswerIsRefutedAndNoColourIsHonoured() {
    String shown = shown(console(true, Map.of("NO_COLOR", "1")), true, "18");
    assertTrue(shown.startsWith("12 + 5\n\n18\n✗ refuted: 12 + 5 = 17"), shown);
    assertFalse(shown.contains("\u001b"), shown);
  }

  @Test
  void thinkingCanBeHidden() {
    assertEquals(
        "17\n✓ checked: 12 + 5 = 17\n", shown(console(true, Map.of("TERM", "dumb")), false, "17"));
  }

  @Test
  void aPipeGetsTheAnswerAlone() {
    assertEquals("17\n", shown(console(false, Map.of()), true, "17"));
  }

  @Test
  void aModelCannotProgramTheTerminal() {
    assertEquals("a\ufffd[31mb\ufffd\n\tم", AnswerPrinter.harmless("a\u001b[31mb\u009b\n\tم"));
  }

  @Test
  void jsonHasTheDocumentedShape() {
    JsonNode node = AskCommand.json("12 + 5", answer("t", "17", FinishReason.LENGTH));
    assertEquals(
        Json.parse(
                "expected",
                """
                {"reasoning_content": "t", "content": "17", "finish_reason": "length",
                 "usage": {"prompt_tokens": 5, "completion_tokens": 4, "reasoning_tokens": 2,
                   "draft_tokens": 8, "accepted_tokens": 2},
                 "timings": {"prefill_tokens_per_second": 100.0,
                   "decode_tokens_per_second": 50.0, "first_token_millis": 12.0,
                   "acceptance_rate": 0.25},
                 "verdict": {"holds": true, "statement": "12 + 5 = 17"}}
                """)
            .node(),
        node);
    assertTrue(AskCommand.json("who?", answer("", "x", FinishReason.STOP)).get("verdict").isNull());
  }

  @Test
  void askRunsTheModelAndASeedRepeatsIt() {
    String[] args = {
      "ask",
      "-m",
      model.toString(),
      "--kernels",
      "scalar",
      "--json",
      "--max-tokens",
      "7",
      "--temperature",
      "1",
      "--seed",
      "3",
      "-"
    };
    Called first = Called.with(Map.of(), "كم 2+2؟", args);
    assertEquals(0, first.code(), first.err());
    JsonNode node = Json.parse("out", first.out()).node();
    assertEquals("length", node.get("finish_reason").stringValue());
    assertEquals(7, node.get("usage").get("completion_tokens").intValue());
    JsonNode again = Json.parse("out", Called.with(Map.of(), "كم 2+2؟", args).out()).node();
    assertEquals(node.get("reasoning_content"), again.get("reasoning_content"));
    assertEquals(node.get("content"), again.get("content"));
  }

  @Test
  void guessesChangeNoAnswer() {
    JsonNode plain = guessing(Map.of("BURHAN_SPECULATE", "off"));
    JsonNode guessed = guessing(Map.of("BURHAN_SPECULATE", "ngram", "BURHAN_DRAFT_TOKENS", "9"));
    assertEquals(0, plain.get("usage").get("draft_tokens").intValue());
    assertTrue(guessed.get("usage").get("draft_tokens").intValue() > 0, guessed.toString());
    assertEquals(plain.get("content"), guessed.get("content"));
    assertEquals(plain.get("reasoning_content"), guessed.get("reasoning_content"));
    Called none = Called.with("ask", "-m", model.toString(), "--speculate", "mtp", "2+2");
    assertEquals(1, none.code());
    assertTrue(none.err().contains("no multi-token prediction; choose auto or ngram"), none.err());
    Called wide = Called.with("ask", "-m", model.toString(), "--draft-tokens", "16", "2+2");
    assertEquals(2, wide.code());
    assertTrue(
        wide.err().contains("--draft-tokens: draft tokens is 16, expected 1 to 15"), wide.err());
  }

  @Test
  void weightsThatStayInTheFileAnswerTheSame() {
    String[] args = {"ask", "-m", model.toString(), "--json", "--temperature", "0", "2+2"};
    String[] stored = Arrays.copyOf(args, args.length + 1);
    stored[args.length] = "--no-repack";
    Called packed = Called.with(args);
    Called called = Called.with(stored);
    assertEquals(0, called.code(), called.err());
    JsonNode expected = Json.parse("out", packed.out()).node();
    JsonNode node = Json.parse("out", called.out()).node();
    assertFalse(expected.get("reasoning_content").stringValue().isEmpty());
    assertEquals(expected.get("reasoning_content"), node.get("reasoning_content"));
    assertEquals(expected.get("content"), node.get("content"));
    Called refused =
        Called.with("ask", "-m", model.toString(), "--kernels", "x86", "--no-repack", "2+2");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("packed weights only"), refused.err());
  }

  @Test
  void theCacheHasTheTypeThatIsAskedFor() {
    JsonNode auto = cache("--kernels", "auto");
    JsonNode floats = cache("--cache-type", "f32");
    assertEquals("f32", floats.get("cache_type").stringValue());
    assertTrue(
        auto.get("cache_bytes_per_token").longValue()
            <= floats.get("cache_bytes_per_token").longValue());
    Called called =
        Called.with("ask", "-m", model.toString(), "--cache-type", "F32", "--max-tokens", "3", "2");
    assertEquals(0, called.code(), called.err());
    String[] known = {"-m", model.toString(), "--kernels", "scalar", "--cache-type", "bf16"};
    for (String[] command : new String[][] {{"show"}, {"logits", "--tokens", "1"}}) {
      String[] args = Arrays.copyOf(command, command.length + known.length);
      System.arraycopy(known, 0, args, command.length, known.length);
      Called refused = Called.with(args);
      assertEquals(1, refused.code(), refused.toString());
      assertTrue(
          refused.err().contains("scalar kernels remember f32 only; choose --cache-type f32"),
          refused.err());
    }
  }

  @Test
  void logitsAreExactUnlessAskedForAsServed() {
    JsonNode exact = logits();
    JsonNode served = logits("--as-served");
    boolean isEmitted = cache().get("cache_type").stringValue().equals("bf16");
    boolean isRounded = false;
    for (int i = 0; i < exact.size(); i++) {
      double difference = Math.abs(exact.get(i).doubleValue() - served.get(i).doubleValue());
      assertTrue(difference < 0.5, "logit " + i + " is off by " + difference);
      isRounded |= difference > 1e-4;
    }
    assertEquals(isEmitted, isRounded, "emitted kernels round, the others do not");
  }

  private static JsonNode logits(String... options) {
    String[] args = Arrays.copyOf(options, options.length + 5);
    String[] command = {"logits", "-m", model.toString(), "--tokens", "5,6,7,8"};
    System.arraycopy(args, 0, args, 5, options.length);
    System.arraycopy(command, 0, args, 0, 5);
    Called called = Called.with(args);
    assertEquals(0, called.code(), called.err());
    return Json.parse("out", called.out()).node().get("positions").get(0).get("logits");
  }

  private static JsonNode cache(String... options) {
    String[] args = Arrays.copyOf(options, options.length + 4);
    System.arraycopy(new String[] {"show", "--json", "-m", model.toString()}, 0, args, 0, 4);
    System.arraycopy(options, 0, args, 4, options.length);
    Called called = Called.with(args);
    assertEquals(0, called.code(), called.err());
    return Json.parse("out", called.out()).node();
  }

  private static JsonNode guessing(Map<String, String> environment) {
    String[] args = {
      "ask", "-m", model.toString(), "--kernels", "scalar", "--json", "--temperature", "0", "-"
    };
    Called called = Called.with(environment, "2+2+2+2+2+2+2+2", args);
    assertEquals(0, called.code(), called.err());
    return Json.parse("out", called.out()).node();
  }

  @Test
  void chatReadsLinesAndForgetsWhatDoesNotFit() {
    String long_ = "a".repeat(TinyModel.CONTEXT);
    Called called =
        Called.with(
            Map.of(),
            "/think off\n\n/what\n" + long_ + "\n2+2\n/reset\n/help\n/exit\nnever\n",
            "chat",
            "-m",
            model.toString(),
            "--kernels",
            "scalar",
            "--max-tokens",
            "3");
    assertEquals(0, called.code(), called.err());
    assertTrue(
        called.out().startsWith("The thinking is hidden.\n'/what' is no command"), called.out());
    assertTrue(
        called.out().contains("The conversation is forgotten.\n/think on|off"), called.out());
    assertTrue(called.err().startsWith("burhan: prompt: "), called.err());
    assertTrue(
        called.err().lines().skip(1).allMatch(l -> l.contains("ends here after 3")), called.err());
  }

  @Test
  void chatCanPrintJson() {
    String[] args = {
      "chat", "-m", model.toString(), "--kernels", "scalar", "--max-tokens", "3", "--json"
    };
    Called called = Called.with(Map.of(), "2+2\n3+3\n", args);
    assertEquals(2, called.out().lines().count(), called.toString());
    called
        .out()
        .lines()
        .forEach(line -> assertEquals("length", Json.parse("out", line).text("finish_reason")));
  }

  @Test
  void evalScoresEachSkill() {
    Called called =
        Called.with(
            "eval",
            "tasks",
            "-m",
            model.toString(),
            "--kernels",
            "scalar",
            "--skill",
            "add,sub",
            "--count",
            "3",
            "--max-tokens",
            "2",
            "--json");
    assertEquals(0, called.code(), called.err());
    JsonNode scores = Json.parse("out", "{\"scores\": " + called.out() + "}").node().get("scores");
    assertEquals(2, scores.size());
    assertEquals("sub", scores.get(1).get("skill").stringValue());
    assertEquals(3, scores.get(1).get("problems").intValue());
    assertEquals(2, Called.with("eval").code());
    assertEquals(1, Called.with("eval", "tasks", "--skill", "cooking").code());
  }

  @Test
  void theModelsOwnSamplingIsTheDefault() throws IOException {
    Path config = model.resolve("generation_config.json");
    String[] args = {
      "ask", "-m", model.toString(), "--kernels", "scalar", "--json", "--max-tokens", "5", "2+2"
    };
    Files.writeString(config, "{\"do_sample\": false}");
    JsonNode greedy = Json.parse("out", Called.with(args).out()).node();
    String[] cold = Arrays.copyOf(args, args.length + 2);
    cold[args.length] = "--temperature";
    cold[args.length + 1] = "0";
    Files.delete(config);
    JsonNode chosen = Json.parse("out", Called.with(cold).out()).node();
    assertEquals(greedy.get("reasoning_content"), chosen.get("reasoning_content"));
  }

  @Test
  void trainingIsToldWhatItNeeds() {
    assertEquals(2, Called.with("train").code());
    assertEquals(2, Called.with("train", "sft", "seed").code());
    Called noOut = Called.with("train", "pretrain");
    assertEquals(1, noOut.code());
    assertTrue(noOut.err().contains("--out"), noOut.err());
    Called unknown = Called.with("train", "sft", "--start", "a", "--out", "b", "speed=2");
    assertEquals(1, unknown.code());
    assertTrue(unknown.err().contains("'speed'"), unknown.err());
    assertEquals(1, unknown.err().lines().count());
  }
}
