package burhan.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The emitted bytes for processors that may not be at hand. How they were proved: every function
 * ran in the Bochs emulator (3.0, model sapphire_rapids) on packed random data. Products with
 * AVX-512, with and without VNNI, and with AVX-VNNI gave the bits that the AVX2 forms give on a
 * real processor, 315 cases; tiles gave the bits of {@link EmulatedTiles} for all formats and odd
 * sizes, also twice in sequence. (The emulator's vcvtne2ps2bf16 read its first source at the wrong
 * place; it was mended after the manual's text before the proof.)
 *
 * <p>Whoever changes an emitter proves it anew, in an emulator or on a processor that has the
 * instructions, and then enters the new sums: the failure shows the whole table.
 */
class EmittedCodeTest {
  private static final List<String> PROVED =
      List.of(
          "Q8_0 words avx512-vnni: 20267 bytes, 45b27723",
          "Q8_0 words avx-vnni: 29211 bytes, 6fa2df7b",
          "Q8_0 words avx512: 24947 bytes, 17a27d24",
          "Q8_0 to tiles: 2769 bytes, 912e2ff3",
          "Q4_0 words avx512-vnni: 20378 bytes, 82a62364",
          "Q4_0 words avx-vnni: 28979 bytes, 2e119cc7",
          "Q4_0 words avx512: 25058 bytes, 57216f78",
          "Q4_0 bytes avx512-vnni: 12521 bytes, 58b596d8",
          "Q4_0 bytes avx-vnni: 17366 bytes, 93dd6eff",
          "Q4_0 bytes avx512: 14705 bytes, 1609a685",
          "Q4_0 to tiles: 2920 bytes, 1988d103",
          "Q4_K words avx512-vnni: 11513 bytes, bdac9a05",
          "Q4_K words avx-vnni: 16506 bytes, b4ab48ba",
          "Q4_K words avx512: 13853 bytes, fbf729d4",
          "Q4_K bytes avx512-vnni: 7617 bytes, 4a442966",
          "Q4_K bytes avx-vnni: 10854 bytes, 02a289e6",
          "Q4_K bytes avx512: 8709 bytes, 38687fe7",
          "Q4_K to tiles: 1720 bytes, 1468bea7",
          "Q5_K words avx512-vnni: 15563 bytes, 93978499",
          "Q5_K words avx-vnni: 23696 bytes, c73ac755",
          "Q5_K words avx512: 17903 bytes, 37be6fae",
          "Q5_K bytes avx512-vnni: 9723 bytes, 1b0d1bdc",
          "Q5_K bytes avx-vnni: 14508 bytes, f47ccb9b",
          "Q5_K bytes avx512: 11907 bytes, 1fb503fc",
          "Q5_K to tiles: 2162 bytes, bd00ecc2",
          "Q6_K words avx512-vnni: 17337 bytes, c4e7d251",
          "Q6_K words avx-vnni: 25527 bytes, 4ad39d0d",
          "Q6_K words avx512: 19521 bytes, bfb41f52",
          "Q6_K bytes avx512-vnni: 11653 bytes, 924b6176",
          "Q6_K bytes avx-vnni: 16563 bytes, 10d38c54",
          "Q6_K bytes avx512: 13525 bytes, 240a34c2",
          "Q6_K to tiles: 2078 bytes, ae69d8ba",
          "BF16 avx512: 5124 bytes, a4a0e55a",
          "BF16 to tiles: 214 bytes, d27b6fab",
          "F16 avx512: 4701 bytes, 2065d5df",
          "F16 to tiles: 298 bytes, e3914e49",
          "F32 avx512: 4925 bytes, eb0a66ea",
          "FP8 avx512: 6711 bytes, 3239b618",
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

  private static void addProducts(
      List<String> lines,
      String name,
      PackedFormat format,
      @Nullable QuantisedActivations activations,
      boolean is512,
      boolean hasVnni) {
    List<byte[]> functions = new ArrayList<>();
    for (int t = 1; t <= X86Emitter.TOKENS; t++) {
      functions.add(X86Emitter.of(format, activations, t, is512, false, hasVnni).emit());
      functions.add(X86Emitter.of(format, activations, t, is512, false, hasVnni).emitAdding());
    }
    functions.add(X86Emitter.of(format, activations, 1, is512, false, hasVnni).emitUnpack());
    int most = X86Emitter.TOKENS_UNPACKED;
    functions.add(X86Emitter.of(format, activations, most, is512, true, hasVnni).emit());
    String kind = activations == null ? "" : " " + activations.name().toLowerCase(Locale.ROOT);
    add(lines, format + kind + " " + name, functions.toArray(byte[][]::new));
  }

  @Test
  void theBytesAreThoseThatWereProved() {
    List<String> lines = new ArrayList<>();
    for (PackedFormat format : PackedFormat.values()) {
      for (QuantisedActivations activations : QuantisedActivations.values()) {
        if (format.isInteger()
            && (activations == QuantisedActivations.WORDS || ByteKernel.serves(format))) {
          addProducts(lines, "avx512-vnni", format, activations, true, true);
          addProducts(lines, "avx-vnni", format, activations, false, true);
          addProducts(lines, "avx512", format, activations, true, false);
        }
      }
      if (!format.isInteger()) {
        addProducts(lines, "avx512", format, null, true, false);
      }
      if (TileEmitter.serves(format)) {
        add(lines, format + " to tiles", TileEmitter.unpack(format));
      }
    }
    add(lines, "activations to tiles", TileEmitter.convert());
    add(lines, "tiles multiplied", TileEmitter.multiply(1), TileEmitter.multiply(2));
    assertEquals(String.join("\n", PROVED), String.join("\n", lines));
  }
}
