package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.bench.RandomModel;
import burhan.model.DeepSeekConfig;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the flag the API says what to add; it is never silently slow. Real JVMs. */
class PlainClassPathTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws IOException {
    DeepSeekConfig config =
        new DeepSeekConfig(
            "deepseek_v3",
            300,
            32,
            48,
            16,
            2,
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
    RandomModel.write(folder, config, DType.F32, 1);
  }

  private static List<String> run(String... flags) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "burhan.checks.PlainClassPath",
            folder.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out.lines().toList();
  }

  @Test
  void withoutTheFlagOneSentenceSaysWhatToAdd() throws IOException, InterruptedException {
    List<String> lines = run();
    for (int i = 0; i < 3; i++) {
      assertTrue(
          lines
              .get(i)
              .contains(
                  "Java runs without the Vector API; start it with --add-modules jdk.incubator.vector"),
          lines.toString());
    }
    assertEquals("SCALAR runs on scalar", lines.get(3));
  }

  @Test
  void withTheFlagItRunsAtFullSpeed() throws IOException, InterruptedException {
    List<String> lines = run("--add-modules", "jdk.incubator.vector");
    assertTrue(lines.get(0).matches("AUTO runs on (vector|x86)-.*"), lines.toString());
    assertTrue(lines.get(1).matches("X86 (runs on x86-.*|refuses: .*)"), lines.toString());
    assertTrue(lines.get(2).startsWith("VECTOR runs on vector-"), lines.toString());
    assertEquals("SCALAR runs on scalar", lines.get(3));
  }
}
