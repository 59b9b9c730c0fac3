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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What processors say of themselves: this one as the Linux kernel sees it, another as recorded. */
class ProcessorTest {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final int OSXSAVE = 1 << 27;

  private static void needsLinuxOnX86() {
    boolean isThere = Files.exists(CPUINFO) && System.getProperty("os.arch").equals("amd64");
    assumeTrue(isThere, "SKIPPED: machine code runs on Linux x86-64 only");
  }

  /** The answers of a Sapphire Rapids, under an operating system that keeps this state. */
  private static Processor xeon(int lastLeaf, int osxsave, int xcr0) {
    Map<Integer, int[]> leaves = new HashMap<>();
    leaves.put(0, new int[] {lastLeaf, 0x756e6547, 0x6c65746e, 0x49656e69});
    leaves.put(1, new int[] {0x000806f8, 0x00010800, 0x77fef39f | osxsave, 0xafebfbff});
    leaves.put(7, new int[] {0x00000002, 0xf1bf27eb, 0x18415f66, 0xffc04410});
    leaves.put(0x80000000, new int[] {0x80000008, 0, 0, 0});
    leaves.put(0x80000002, new int[] {0x65746e49, 0x2952286c, 0x6f655820, 0x2952286e});
    leaves.put(0x80000003, new int[] {0x2d397720, 0x35373433, 0x00000058, 0});
    leaves.put(0x80000004, new int[4]);
    int[] second = {0x00001c30, 0, 0, 0};
    return Processor.of(
        new Processor.Query() {
          @Override
          public int[] cpuid(int leaf, int subleaf) {
            return leaf == 7 && subleaf == 1 ? second : leaves.get(leaf);
          }

          @Override
          public int xcr0() {
            assertEquals(OSXSAVE, osxsave, "without OSXSAVE the instruction does not exist");
            return xcr0;
          }
        });
  }

  @Test
  void aProcessorWithEverythingOffersWhatTheSystemKeeps() {
    Processor all = xeon(0x20, OSXSAVE, 0x600e7);
    assertEquals("GenuineIntel", all.vendor());
    assertEquals("Intel(R) Xeon(R) w9-3475X", all.brand());
    assertEquals(EnumSet.allOf(Feature.class), all.features());
    Set<Feature> vectors = EnumSet.range(Feature.AVX2, Feature.AVX_VNNI);
    Set<Feature> wide = EnumSet.range(Feature.AVX2, Feature.AVX512_BF16);
    assertEquals(wide, xeon(0x20, OSXSAVE, 0xe7).features());
    assertEquals(wide, xeon(0x20, OSXSAVE, 0x400e7).features(), "half of the tiles' state");
    assertEquals(vectors, xeon(0x20, OSXSAVE, 0x67).features(), "not all of the zmm state");
    assertEquals(Set.of(), xeon(0x20, OSXSAVE, 0x3).features());
    assertEquals(Set.of(), xeon(0x20, 0, 0).features());
    assertEquals(Set.of(), xeon(6, OSXSAVE, 0x600e7).features());
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
    needsLinuxOnX86();
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
    needsLinuxOnX86();
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
    needsLinuxOnX86();
    Processor none = Processor.detect().masked(EnumSet.allOf(Feature.class));
    assertThrows(ExecutableMemoryException.class, none::requestAmx);
  }
}
