package burhan.kernel;

import burhan.assembler.Gpr;
import burhan.assembler.Mem;
import burhan.assembler.Vec;

/**
 * Products of packed integers with 16-bit activations: weights are cut out of their lines as pairs
 * of 16-bit lanes by shifts; a pair's two products are added by one instruction, {@code vpmaddwd},
 * or {@code vpdpwssd}, which adds the sum as well.
 */
final class WordKernel extends IntegerKernel {
  WordKernel(PackedFormat format, int tokens, boolean is512, boolean hasVnni) {
    super(format, tokens, is512, QuantisedActivations.WORDS, hasVnni);
  }

  @Override
  int registers() {
    return upperMask + 1;
  }

  @Override
  void prepare() {
    switch (format) {
      case Q8_0 -> {}
      case Q4_0, Q4_K -> constant(mask, 0x000F000F);
      case Q5_K -> {
        constant(mask, 0x000F000F);
        constant(upperMask, 0x00100010);
      }
      case Q6_K -> {
        constant(mask, 0x000F000F);
        constant(upperMask, 0x00300030);
      }
      case BF16, F16, F32, FP8 -> throw new IllegalArgumentException(format + " is no integer");
    }
  }

  @Override
  void multiplyAdd(Vec sum, int p, boolean isFirst) {
    if (isFirst) {
      a.vpmaddwd(sum, vec(w + p), vec(b));
    } else if (hasVnni) {
      a.vpdpwssd(sum, vec(w + p), vec(b));
    } else {
      a.vpmaddwd(vec(tmp), vec(w + p), vec(b));
      a.vpaddd(sum, sum, vec(tmp));
    }
  }

  @Override
  void widen() {}

  @Override
  void weights(Gpr base, int at, int j, int p) {
    Vec pair = vec(w + p);
    if (format == PackedFormat.Q8_0) {
      a.vmovdqu(pair, Mem.at(base, at + j / 2 * PackedFormat.LINE + p * 32));
      if (j % 2 == 0) {
        a.vpsllw(pair, pair, 8);
      }
      a.vpsraw(pair, pair, 8);
      return;
    }
    int line = j / 4;
    int n = j % 4;
    Mem nibbles = Mem.at(base, at + line * PackedFormat.LINE + p * 32);
    if (n == 0) {
      a.vpand(pair, vec(mask), nibbles);
    } else {
      a.vmovdqu(pair, nibbles);
      a.vpsrlw(pair, pair, 4 * n);
      if (n < 3) {
        a.vpand(pair, pair, vec(mask));
      }
    }
    upper(base, at, line, n, p);
  }
}
