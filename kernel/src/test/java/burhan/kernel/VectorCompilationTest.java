package burhan.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.assembler.Assembler;
import burhan.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Vector API's kernels in JVMs of their own: how C2 compiles them, and on lesser machines. */
class VectorCompilationTest {
  private static final String CUTOFF = "NodeCountInliningCutoff";

  /** What inner loops must be compiled by C2, lest the log says nothing about them. */
  private static final List<String> KERNELS =
      List.of(
          "PanelProduct::six",
          "PanelProduct::three",
          "DirectProduct::bytes",
          "DirectProduct::nibbles",
          "DirectProduct::bfloats",
          "DirectProduct::floats",
          "Cutting::bytes",
          "Cutting::nibbles",
          "Cutting::fives",
          "Cutting::sixes",
          "Cutting::bfloats",
          "Cutting::halves",
          "Cutting::floats",
          "Cutting::eighths");

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> run(List<String> flags, String... arguments) throws IOException {
    Set<String> path = new LinkedHashSet<>();
    for (Class<?> type :
        List.of(
            VectorRun.class,
            VectorKernels.class,
            Tensor.class,
            Assembler.class,
            NullMarked.class)) {
      path.add(place(type).toString());
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx512m");
    command.addAll(flags);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, path)));
    command.add(VectorRun.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines;
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      lines = reader.lines().toList();
    }
    int status = process.onExit().join().exitValue();
    assertEquals(
        0,
        status,
        () -> String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
    return lines;
  }

  /** Vector calls that C2 left as calls, which box every vector. */
  private static List<String> cutOff(List<String> log) {
    return log.stream()
        .filter(line -> line.contains(CUTOFF))
        .filter(line -> line.contains("burhan.kernel") || line.contains("jdk.incubator.vector"))
        .toList();
  }

  private static final List<String> DIAGNOSIS =
      List.of(
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:+PrintInlining",
          "-XX:+PrintCompilation",
          "-XX:CompileThresholdScaling=0.2",
          "-Xbatch");

  @Test
  void noKernelIsLargerThanWhatC2Inlines() throws IOException {
    List<String> log = run(DIAGNOSIS, "120");
    for (String kernel : KERNELS) {
      assertTrue(
          log.stream().anyMatch(line -> line.matches(".* 4 +burhan.kernel." + kernel + " .*")),
          kernel + " was not compiled by C2");
    }
    assertEquals(List.of(), cutOff(log));
  }

  @Test
  void aLoopUnrolledByHandIsNoticed() throws IOException {
    assertFalse(cutOff(run(DIAGNOSIS, "200", "unrolled")).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:MaxVectorSize=16", "-XX:UseAVX=2"})
  void lesserMachinesComputeTheSame(String flag) throws IOException {
    List<String> log = run(List.of("-XX:+IgnoreUnrecognizedVMOptions", flag), "20");
    assertTrue(log.getLast().startsWith("agreed"), log.toString());
  }
}
