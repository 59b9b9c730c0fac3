package burhan.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * The emitted bytes for processors that may not be at hand. How they were proved: every function
 * ran in the Bochs emulator (3.0, model sapphire_rapids) on packed random data. Products with
 * AVX-512, with and without VNNI, and with AVX-VNNI gave the bits that the AVX2 forms give on a
 * real processor; tiles gave the bits of {@link EmulatedTiles} for all formats and odd sizes, also
 * twice in sequence. (The emulator's vcvtne2ps2bf16 read its first source at the wrong place; it
 * was mended after the manual's text before the proof.)
 *
 * <p>Whoever changes an emitter proves it anew, in an emulator or on a processor that has the
 * instructions, and then enters the new sums: the failure shows the whole table.
 */
class EmittedCodeTest {
  private static final List<String> PROVED =
      List.of(
          "Q8_0 avx512-vnni: 19757 bytes, 49642a92",
          "Q8_0 avx-vnni: 28405 bytes, bcd0e6a4",
          "Q8_0 avx512: 24437 bytes, d5db6660",
          "Q8_0 to tiles: 2769 bytes, 912e2ff3",
          "Q4_0 avx512-vnni: 21024 bytes, 95c37681",
          "Q4_0 avx-vnni: 29291 bytes, 09336ee7",
          "Q4_0 avx512: 25704 bytes, 3ec7814a",
          "Q4_0 to tiles: 2920 bytes, 1988d103",
          "Q4_K avx512-vnni: 11667 bytes, 934bf53d",
          "Q4_K avx-vnni: 16364 bytes, 48085226",
          "Q4_K avx512: 14007 bytes, 82ef48f7",
          "Q4_K to tiles: 1720 bytes, 1468bea7",
          "Q5_K avx512-vnni: 15645 bytes, 771a3638",
          "Q5_K avx-vnni: 23482 bytes, f49ebde8",
          "Q5_K avx512: 17985 bytes, b298a0e8",
          "Q5_K to tiles: 2162 bytes, 6b961b11",
          "Q6_K avx512-vnni: 16993 bytes, 70ef3f64",
          "Q6_K avx-vnni: 24945 bytes, d6f3bc76",
          "Q6_K avx512: 19177 bytes, 515e6337",
          "Q6_K to tiles: 2078 bytes, 814c2d0a",
          "BF16 avx512: 4900 bytes, 50616275",
          "BF16 to tiles: 214 bytes, d27b6fab",
          "F16 avx512: 4477 bytes, ecfde506",
          "F16 to tiles: 298 bytes, e3914e49",
          "F32 avx512: 4477 bytes, bda60672",
          "FP8 avx512: 6495 bytes, 922a0bae",
          "FP8 to tiles: 498 bytes, 194776cf",
          "activations to tiles: 48 bytes, de7aa308",
          "tiles multiplied: 379 bytes, 7c78ba82");

  private static void add(List<String> lines, String what, byte[]... functions) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] function : functions) {
      all.writeBytes(function);
    }
    CRC32 sum = new CRC32();
    sum.update(all.toByteArray());
    lines.add("%s: %d bytes, %08x".formatted(what, all.size(), sum.getValue()));
  }

  private static X86Emitter emitter(
      PackedFormat format, int tokens, boolean is512, boolean isUnpacked, IntegerKernel.Dot dot) {
    return format.isInteger()
        ? new IntegerKernel(format, tokens, is512, isUnpacked, dot)
        : new FloatKernel(format, tokens, is512, isUnpacked);
  }

  private static void addProducts(
      List<String> lines, String name, PackedFormat format, boolean is512, IntegerKernel.Dot dot) {
    List<byte[]> functions = new ArrayList<>();
    for (int t = 1; t <= X86Emitter.TOKENS; t++) {
      functions.add(emitter(format, t, is512, false, dot).emit());
      functions.add(emitter(format, t, is512, false, dot).emitAdding());
    }
    functions.add(emitter(format, 1, is512, false, dot).emitUnpack());
    functions.add(emitter(format, X86Emitter.TOKENS_UNPACKED, is512, true, dot).emit());
    add(lines, format + " " + name, functions.toArray(byte[][]::new));
  }

  @Test
  void theBytesAreThoseThatWereProved() {
    List<String> lines = new ArrayList<>();
    for (PackedFormat format : PackedFormat.values()) {
      if (format.isInteger()) {
        addProducts(lines, "avx512-vnni", format, true, IntegerKernel.Dot.VPDPWSSD);
        addProducts(lines, "avx-vnni", format, false, IntegerKernel.Dot.VPDPWSSD);
      }
      addProducts(lines, "avx512", format, true, IntegerKernel.Dot.VPMADDWD);
      if (TileEmitter.serves(format)) {
        add(lines, format + " to tiles", TileEmitter.unpack(format));
      }
    }
    add(lines, "activations to tiles", TileEmitter.convert());
    add(lines, "tiles multiplied", TileEmitter.multiply(1), TileEmitter.multiply(2));
    assertEquals(String.join("\n", PROVED), String.join("\n", lines));
  }
}
