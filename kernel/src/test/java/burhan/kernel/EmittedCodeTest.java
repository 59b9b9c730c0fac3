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
          "Q8_0 words avx512-vnni: 19315 bytes, 8ad34614",
          "Q8_0 words avx-vnni: 28259 bytes, 9fcec2ce",
          "Q8_0 words avx512: 23995 bytes, 1feaeb04",
          "Q8_0 to tiles: 2769 bytes, 912e2ff3",
          "Q4_0 words avx512-vnni: 19874 bytes, 3e36536d",
          "Q4_0 words avx-vnni: 28475 bytes, 26ed12fe",
          "Q4_0 words avx512: 24554 bytes, 36b1545c",
          "Q4_0 bytes avx512-vnni: 12017 bytes, 263b7035",
          "Q4_0 bytes avx-vnni: 16862 bytes, f0602b4f",
          "Q4_0 bytes avx512: 14201 bytes, 1e0e156d",
          "Q4_0 to tiles: 2920 bytes, 1988d103",
          "Q4_K words avx512-vnni: 11225 bytes, 35d3b787",
          "Q4_K words avx-vnni: 16218 bytes, a362f1f9",
          "Q4_K words avx512: 13565 bytes, 33080f53",
          "Q4_K bytes avx512-vnni: 7329 bytes, 7b58d188",
          "Q4_K bytes avx-vnni: 10566 bytes, ebdf34d9",
          "Q4_K bytes avx512: 8421 bytes, 10f330c3",
          "Q4_K to tiles: 1720 bytes, 1468bea7",
          "Q5_K words avx512-vnni: 15203 bytes, e1628b63",
          "Q5_K words avx-vnni: 23336 bytes, 2173bc79",
          "Q5_K words avx512: 17543 bytes, 88c3d596",
          "Q5_K bytes avx512-vnni: 9363 bytes, d62cac5b",
          "Q5_K bytes avx-vnni: 14148 bytes, 4e13db0a",
          "Q5_K bytes avx512: 11547 bytes, 33cf10b5",
          "Q5_K to tiles: 2162 bytes, bd00ecc2",
          "Q6_K words avx512-vnni: 16905 bytes, 842407b3",
          "Q6_K words avx-vnni: 25095 bytes, a966827a",
          "Q6_K words avx512: 19089 bytes, 28e17bf5",
          "Q6_K bytes avx512-vnni: 11221 bytes, 83fb7d8f",
          "Q6_K bytes avx-vnni: 16131 bytes, 858a0329",
          "Q6_K bytes avx512: 13093 bytes, 23f786cd",
          "Q6_K to tiles: 2078 bytes, ae69d8ba",
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
