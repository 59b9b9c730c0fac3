package burhan.kernel;

import burhan.assembler.Gpr;
import burhan.assembler.Mem;
import burhan.assembler.Vec;

/**
 * Products of packed integers of at most six bits with 8-bit activations: half the instructions of
 * {@link WordKernel}. Weights are cut out of their lines as bytes without a sign; {@code
 * vpmaddubsw} adds the products of two of them in 16 bits, {@code vpdpbusd} those of four, and the
 * sum, in 32. Sixteen bits hold a block's sum of nibbles, 16 * 15 * 127; wider numbers go on to 32
 * bits at every step.
 */
final class ByteKernel extends IntegerKernel {
  private static final int ONES = 0x00010001;

  ByteKernel(PackedFormat format, int tokens, boolean is512, boolean hasVnni) {
    super(format, tokens, is512, QuantisedActivations.BYTES, hasVnni);
  }

  /** Whether a format's numbers have at most six bits. */
  static boolean serves(PackedFormat format) {
    return format.isInteger() && format != PackedFormat.Q8_0;
  }

  private int ones() {
    return upperMask + 1;
  }

  @Override
  int registers() {
    return ones() + 1;
  }

  @Override
  void prepare() {
    constant(mask, 0x0F0F0F0F);
    if (format == PackedFormat.Q5_K) {
      constant(upperMask, 0x10101010);
    } else if (format == PackedFormat.Q6_K) {
      constant(upperMask, 0x30303030);
    }
    constant(ones(), ONES);
  }

  /** Adds the two 16-bit halves of every lane. */
  private void addPairs(Vec sums) {
    a.vpmaddwd(sums, sums, vec(ones()));
  }

  private boolean isWide() {
    return format == PackedFormat.Q5_K || format == PackedFormat.Q6_K;
  }

  @Override
  void multiplyAdd(Vec sum, int p, boolean isFirst) {
    if (hasVnni) {
      if (isFirst) {
        a.vpxor(sum, sum, sum);
      }
      a.vpdpbusd(sum, vec(w + p), vec(b));
      return;
    }
    Vec product = isFirst ? sum : vec(tmp);
    a.vpmaddubsw(product, vec(w + p), vec(b));
    if (isWide()) {
      addPairs(product);
    }
    if (!isFirst && isWide()) {
      a.vpaddd(sum, sum, product);
    } else if (!isFirst) {
      a.vpaddw(sum, sum, product);
    }
  }

  @Override
  void widen() {
    if (!hasVnni && !isWide()) {
      for (int i = 0; i < tokens * parts; i++) {
        addPairs(vec(i));
      }
    }
  }

  @Override
  void weights(Gpr base, int at, int j, int p) {
    Vec bytes = vec(w + p);
    int line = j / 2;
    Mem nibbles = Mem.at(base, at + line * PackedFormat.LINE + p * 32);
    if (j % 2 == 0) {
      a.vpand(bytes, vec(mask), nibbles);
    } else {
      a.vmovdqu(bytes, nibbles);
      a.vpsrlw(bytes, bytes, 4);
      a.vpand(bytes, bytes, vec(mask));
    }
    upper(base, at, line, j % 2, p);
  }
}
