package burhan.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the processor says of itself against what the Linux kernel says of it. */
class ProcessorTest {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  @BeforeAll
  static void needsLinuxOnX86() {
    boolean isThere = Files.exists(CPUINFO) && System.getProperty("os.arch").equals("amd64");
    assumeTrue(isThere, "SKIPPED: machine code runs on Linux x86-64 only");
  }

  private static String info(String key) throws Exception {
    for (String line : Files.readAllLines(CPUINFO)) {
      String[] sides = line.split(":", 2);
      if (sides[0].strip().equals(key)) {
        return sides[1].strip();
      }
    }
    return "";
  }

  @Test
  void featuresAreThoseOfTheKernel() throws Exception {
    Map<Feature, List<String>> names = new EnumMap<>(Feature.class);
    names.put(Feature.AVX2, List.of("avx2"));
    names.put(Feature.FMA, List.of("fma"));
    names.put(Feature.F16C, List.of("f16c"));
    names.put(Feature.AVX_VNNI, List.of("avx_vnni"));
    names.put(Feature.AVX512, List.of("avx512f", "avx512bw", "avx512vl", "avx512dq"));
    names.put(Feature.AVX512_VNNI, List.of("avx512f", "avx512_vnni"));
    names.put(Feature.AVX512_BF16, List.of("avx512f", "avx512_bf16"));
    names.put(Feature.AMX_TILE, List.of("amx_tile"));
    names.put(Feature.AMX_INT8, List.of("amx_int8"));
    names.put(Feature.AMX_BF16, List.of("amx_bf16"));
    Set<String> flags = new HashSet<>(Arrays.asList(info("flags").split(" ")));
    Set<Feature> expected = EnumSet.noneOf(Feature.class);
    names.forEach((feature, all) -> {
      if (flags.containsAll(all)) {
        expected.add(feature);
      }
    });
    Processor processor = Processor.detect();
    assertEquals(expected, processor.features());
    assertEquals(info("vendor_id"), processor.vendor());
    assertEquals(info("model name"), processor.brand());
  }

  @Test
  void hiddenFeaturesAreGone() throws Exception {
    Processor processor = Processor.detect();
    for (Feature feature : processor.features()) {
      Processor masked = processor.masked(EnumSet.of(feature));
      assertFalse(masked.has(feature));
      assertEquals(processor.features().size() - 1, masked.features().size());
    }
    assertEquals(Set.of(), processor.masked(EnumSet.allOf(Feature.class)).features());
  }

  @Test
  void tilesThatAreHiddenAreRefused() throws Exception {
    Processor none = Processor.detect().masked(EnumSet.allOf(Feature.class));
    assertThrows(ExecutableMemoryException.class, none::requestAmx);
  }
}
