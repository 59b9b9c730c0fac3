package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.bench.RandomModel;
import burhan.bench.Shape;
import burhan.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only a process can show: its exit code, its two streams, bytes whatever the locale is, a
 * reader that leaves. What a call answers is tested in the command's own module, without a JVM
 * each.
 */
class CommandProcessTest {
  @TempDir static Path model;

  @BeforeAll
  static void write() throws IOException {
    RandomModel.write(model, Shape.NANO.config(), DType.BF16, 1);
  }

  private record Ended(int code, String out, String err) {
    /** Failed with one sentence and without a trace. */
    void saysOneSentence(int expectedCode, String word) {
      assertEquals(expectedCode, code, toString());
      assertEquals("", out);
      assertTrue(err.startsWith("burhan: ") && err.contains(word), err);
      assertEquals(1, err.lines().count(), err);
      assertFalse(err.contains("Exception"), err);
    }
  }

  private static Ended run(String input, String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "burhan.cli.Burhan"));
    command.addAll(Arrays.asList(args));
    return run(command, input);
  }

  private static Ended run(List<String> command, String input) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("LANG", "C");
    builder.environment().keySet().removeIf(name -> name.startsWith("BURHAN_"));
    builder.environment().put("XDG_CONFIG_HOME", model.toString());
    Path err = model.resolve("stderr");
    builder.redirectError(err.toFile());
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "still running");
    return new Ended(process.exitValue(), out, Files.readString(err));
  }

  @Test
  void aMissingFolderIsOneAndAnUnknownOptionTwo() throws Exception {
    run("", "show", "-m", "no/such/folder").saysOneSentence(1, "no/such/folder");
    run("", "ask", "--frobnicate", "17 + 25").saysOneSentence(2, "--frobnicate");
  }

  @Test
  void bytesAreUtf8InAnyLocale() throws Exception {
    Ended ended = run("٣", "tokenize", "-m", model.toString(), "-");
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.out().contains("<0xD9>"), ended.out());
    assertEquals("", ended.err());
    run("", "show", "-m", "لا/شيء").saysOneSentence(1, "");
  }

  @Test
  void aReaderThatLeavesIsNoError() throws Exception {
    List<String> shell =
        List.of(
            "/bin/sh",
            "-c",
            "{ \"$@\"; echo \"code $?\" >&2; } | head -c 10",
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "burhan.cli.Burhan",
            "logits",
            "-m",
            model.toString(),
            "--kernels",
            "scalar",
            "--positions",
            "all",
            "--tokens",
            "1,2,3".repeat(60).replace("31", "3,1"));
    Ended ended = run(shell, "");
    assertEquals("{\"tokens\":", ended.out());
    assertEquals("code 0\n", ended.err());
  }

  /** Two first calls of the launcher at once, through a link, with nothing but Java on the path. */
  @Test
  @Tag("full")
  void theLauncherBuildsOnceAndAnswers() throws Exception {
    Path checkout = Path.of("").toAbsolutePath().getParent();
    Path link = model.resolve("burhan-link");
    Files.createSymbolicLink(link, checkout.resolve("burhan"));
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ProcessBuilder builder = new ProcessBuilder(link.toString(), "--version");
      builder.redirectError(model.resolve("launcher" + i).toFile());
      both.add(builder.start());
    }
    for (Process process : both) {
      try (InputStream out = process.getInputStream()) {
        String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(text.matches("burhan \\S+ \\(Java .*\\)\n"), text);
      }
      assertEquals(0, process.waitFor());
    }
    Ended arabic = run(List.of(link.toString(), "tokenize", "-m", model.toString(), "٣"), "");
    assertTrue(arabic.out().contains("<0xD9>"), arabic.toString());
    Files.delete(link);
  }
}
