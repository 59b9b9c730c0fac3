package burhan.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelPolicyTest {
  @TempDir Path folder;

  private KernelPolicy policy(String text) throws IOException {
    return KernelPolicy.of(folder.resolve("none"), Map.of("BURHAN_POLICY", file(text).toString()));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("policy.toml"), text);
  }

  @Test
  void aPolicyNarrowsAndNothingWidensIt() throws IOException {
    KernelPolicy vector = policy("# no executable memory here\nkernels = \"vector\" # SELinux\n");
    assertTrue(vector.isLocked());
    assertEquals(KernelChoice.VECTOR, vector.narrowed(KernelChoice.AUTO));
    assertEquals(KernelChoice.VECTOR, vector.narrowed(KernelChoice.VECTOR));
    assertEquals(KernelChoice.SCALAR, vector.narrowed(KernelChoice.SCALAR));
    BadInputException refused =
        assertThrows(BadInputException.class, () -> vector.narrowed(KernelChoice.X86));
    assertTrue(refused.getMessage().contains("policy.toml allows vector at most"));
    KernelPolicy scalar = policy("kernels = \"scalar\"");
    assertThrows(BadInputException.class, () -> scalar.narrowed(KernelChoice.VECTOR));
  }

  @Test
  void withoutAPolicyEverythingIsAllowed() throws IOException {
    KernelPolicy none = KernelPolicy.of(folder.resolve("none"), Map.of());
    assertFalse(none.isLocked());
    assertFalse(policy("").isLocked());
    for (KernelChoice choice : KernelChoice.values()) {
      assertEquals(choice, none.narrowed(choice));
    }
  }

  @Test
  void theMachinesPolicyHidesTheEnvironments() throws IOException {
    Path wide = Files.writeString(folder.resolve("wide.toml"), "kernels = \"x86\"");
    KernelPolicy policy =
        KernelPolicy.of(file("kernels = \"vector\""), Map.of("BURHAN_POLICY", wide.toString()));
    assertEquals(KernelChoice.VECTOR, policy.kernels());
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    for (String text :
        List.of("kernel = \"vector\"", "kernels = vector", "kernels = \"vektor\"", "vector")) {
      assertThrows(BadInputException.class, () -> policy(text), text);
    }
    assertThrows(
        BadInputException.class,
        () ->
            KernelPolicy.of(
                folder.resolve("none"), Map.of("BURHAN_POLICY", folder.resolve("no").toString())));
  }

  @Test
  void everySetSaysWhetherItCanRun() {
    List<KernelChoice.Report> reports = KernelChoice.reports();
    assertEquals(
        List.of(KernelChoice.X86, KernelChoice.VECTOR, KernelChoice.SCALAR),
        reports.stream().map(KernelChoice.Report::choice).toList());
    for (KernelChoice.Report report : reports) {
      assertFalse(report.reason().isEmpty());
      try (Workers workers = new Workers(1)) {
        if (report.isAvailable()) {
          assertEquals(report.name(), report.choice().kernels(workers).name());
        } else {
          assertThrows(BadInputException.class, () -> report.choice().kernels(workers));
        }
      }
    }
  }
}
