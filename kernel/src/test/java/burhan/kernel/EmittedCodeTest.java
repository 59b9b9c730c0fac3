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
          "Q8_0 words avx512-vnni: 24357 bytes, 50d43d14",
          "Q8_0 words avx-vnni: 11509 bytes, d1d229e4",
          "Q8_0 words avx512: 30837 bytes, 675c7eef",
          "Q8_0 to tiles: 2769 bytes, 912e2ff3",
          "Q4_0 words avx512-vnni: 24949 bytes, 303b1b11",
          "Q4_0 words avx-vnni: 11309 bytes, 4ee0f670",
          "Q4_0 words avx512: 31429 bytes, be6721c1",
          "Q4_0 bytes avx512-vnni: 15393 bytes, 30b0942c",
          "Q4_0 bytes avx-vnni: 6805 bytes, 3a198e2a",
          "Q4_0 bytes avx512: 18417 bytes, 6576073d",
          "Q4_0 to tiles: 2920 bytes, 1988d103",
          "Q4_K words avx512-vnni: 13609 bytes, 45d7b85e",
          "Q4_K words avx-vnni: 6535 bytes, a05300da",
          "Q4_K words avx512: 16849 bytes, 3c593bd3",
          "Q4_K bytes avx512-vnni: 8857 bytes, 9f2d6f3c",
          "Q4_K bytes avx-vnni: 4333 bytes, 12ffcc97",
          "Q4_K bytes avx512: 10369 bytes, 952d7b62",
          "Q4_K to tiles: 1720 bytes, 1468bea7",
          "Q5_K words avx512-vnni: 17217 bytes, e6e615d7",
          "Q5_K words avx-vnni: 9759 bytes, e595f833",
          "Q5_K words avx512: 20457 bytes, 6579719c",
          "Q5_K bytes avx512-vnni: 10737 bytes, 2a93222b",
          "Q5_K bytes avx-vnni: 5973 bytes, 3b542ec6",
          "Q5_K bytes avx512: 13761 bytes, d6f75e2c",
          "Q5_K to tiles: 2162 bytes, bd00ecc2",
          "Q6_K words avx512-vnni: 19681 bytes, 048415d1",
          "Q6_K words avx-vnni: 10454 bytes, 4043f08a",
          "Q6_K words avx512: 22705 bytes, 2c88c388",
          "Q6_K bytes avx512-vnni: 13417 bytes, 82b2c8c3",
          "Q6_K bytes avx-vnni: 6754 bytes, 70e7111f",
          "Q6_K bytes avx512: 16009 bytes, 9ef3ec99",
          "Q6_K to tiles: 2078 bytes, ae69d8ba",
          "BF16 avx512: 12190 bytes, 60010c0f",
          "BF16 to tiles: 214 bytes, d27b6fab",
          "F16 avx512: 11438 bytes, 67ec3c0f",
          "F16 to tiles: 298 bytes, e3914e49",
          "F32 avx512: 11886 bytes, b1e1508e",
          "FP8 avx512: 15534 bytes, 3796ac95",
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
    for (int t = 1; t <= X86Emitter.mostTokens(format, is512); t++) {
      functions.add(X86Emitter.of(format, activations, t, is512, hasVnni).emit());
      if (activations == null) {
        functions.add(new FloatKernel(format, t, is512).emitAdding());
      }
    }
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
