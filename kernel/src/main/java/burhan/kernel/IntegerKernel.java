package burhan.kernel;

import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Vec;

/**
 * Machine code for a product of packed integers with rounded activations ({@link
 * QuantisedActivations}). A block's products are summed exactly in integers and then scaled in
 * float32, so the only rounding beyond that of a float product is the activations'. How numbers are
 * cut out of their lines and multiplied is the subclasses' matter: it follows the width of the
 * activations.
 */
abstract sealed class IntegerKernel extends X86Emitter permits WordKernel, ByteKernel {
  final QuantisedActivations activations;
  final boolean hasVnni;
  private final int steps; // of 32 bits of activations, in a block of 32
  private final int block; // bytes of its activations

  IntegerKernel(
      PackedFormat format,
      int tokens,
      boolean is512,
      QuantisedActivations activations,
      boolean hasVnni) {
    super(format, tokens, is512);
    this.activations = activations;
    this.hasVnni = hasVnni;
    this.steps = QuantisedActivations.BLOCK / activations.stepCols();
    this.block = activations.blockBytes();
  }

  /** The numbers of step {@code j} of a block, of the rows of part {@code p}, into {@code W}. */
  abstract void weights(Gpr base, int at, int j, int p);

  /** {@code sum += W * B}; the first product of a sum overwrites it. */
  abstract void multiplyAdd(Vec sum, int p, boolean isFirst);

  /** Makes the sums 32 bits wide, if they are not. */
  abstract void widen();

  @Override
  int unitStride() {
    return format.unitCols() / QuantisedActivations.BLOCK * block;
  }

  /** The first register behind those that a product needs. */
  abstract int registers();

  @Override
  void beginGroup() {
    if (!isKeptInRegisters()) {
      clearKept();
      return;
    }
    for (int i = 0; i < tokens * parts; i++) {
      Vec sum = vec(registers() + i);
      a.vpxor(sum, sum, sum);
    }
  }

  @Override
  void endGroup() {
    if (isKeptInRegisters()) {
      for (int i = 0; i < tokens * parts; i++) {
        a.vmovups(kept(i / parts, i % parts), vec(registers() + i));
      }
    }
  }

  // In memory every block waits for the store of the one before it.
  private boolean isKeptInRegisters() {
    return registers() + tokens * parts <= (is512 ? 32 : 16);
  }

  @Override
  void unit() {
    switch (format) {
      case Q8_0 -> twoBlocks(8, 0);
      case Q4_0 -> twoBlocks(4, 3);
      case Q4_K -> superBlock(256, this::withMinimum);
      case Q5_K -> superBlock(320, this::withMinimum);
      case Q6_K -> superBlock(384, this::inHalves);
      case BF16, F16, F32, FP8 -> throw new IllegalArgumentException(format + " is no integer");
    }
  }

  /** Two blocks of 32 with a float16 scale a row, of {@code lines} lines each. */
  private void twoBlocks(int lines, int offsetShift) {
    readAhead(WEIGHTS, format.unitBytes());
    for (int i = 0; i < 2; i++) {
      sums(WEIGHTS, i * lines * PackedFormat.LINE, 0, steps, i * block);
      for (int p = 0; p < parts; p++) {
        int scales = 2 * lines * PackedFormat.LINE + i * 32 + p * 16;
        a.vcvtph2ps(vec(w + p), Mem.at(WEIGHTS, scales));
      }
      if (offsetShift > 0) {
        subtractOffset(offsetShift, i * block, true, true);
      }
      addScaled(i * block);
    }
    a.add(WEIGHTS, format.unitBytes());
    advanceX(2 * block);
  }

  /** 256 numbers: eight times the same code, on pointers that move on. */
  private void superBlock(int blockBytes, Runnable multiply) {
    a.mov(HEADER, WEIGHTS);
    a.lea(DATA, Mem.at(WEIGHTS, 320));
    a.mov(INNER, 8);
    Label next = a.label();
    a.bind(next);
    readAhead(DATA, blockBytes);
    multiply.run();
    a.add(DATA, blockBytes);
    advanceX(block);
    a.dec(INNER);
    a.jnz(next);
    a.add(WEIGHTS, format.unitBytes());
  }

  /** Q4_K, Q5_K: scale * group scale * sum of q x - minimum scale * group minimum * sum of x. */
  private void withMinimum() {
    sums(DATA, 0, 0, steps, 0);
    groupFactors(64, 0, false);
    addScaled(0);
    groupFactors(192, 32, false);
    for (int t = 0; t < tokens; t++) {
      a.vbroadcastss(vec(b), x(t, activations.floatSum()));
      for (int p = 0; p < parts; p++) {
        Vec sum = keptSum(t, p);
        a.vfnmadd231ps(sum, vec(w + p), vec(b));
        keep(t, p, sum);
      }
    }
    a.add(HEADER, ROWS);
  }

  /** Q6_K: a signed group scale for each sixteen, and numbers that are 32 too large. */
  private void inHalves() {
    for (int half = 0; half < 2; half++) {
      sums(DATA, 0, half * steps / 2, (half + 1) * steps / 2, 0);
      groupFactors(64, 0, true);
      subtractOffset(5, 0, half == 0, half == 1);
      addScaled(0);
      a.add(HEADER, ROWS);
    }
  }

  /** {@code W = float(group number) * float16}: the row's factor of one group. */
  private void groupFactors(int numbers, int scales, boolean isSigned) {
    for (int p = 0; p < parts; p++) {
      Mem bytes = Mem.at(HEADER, numbers + p * 8);
      if (isSigned) {
        a.vpmovsxbd(vec(w + p), bytes);
      } else {
        a.vpmovzxbd(vec(w + p), bytes);
      }
      a.vcvtdq2ps(vec(w + p), vec(w + p));
      a.vcvtph2ps(vec(tmp), Mem.at(WEIGHTS, scales + p * 16));
      a.vmulps(vec(w + p), vec(w + p), vec(tmp));
    }
  }

  /** The integer sums of the steps {@code from} to {@code to} of a block. */
  private void sums(Gpr base, int at, int from, int to, int xAt) {
    for (int j = from; j < to; j++) {
      for (int p = 0; p < parts; p++) {
        weights(base, at, j, p);
      }
      for (int t = 0; t < tokens; t++) {
        a.vpbroadcastd(vec(b), x(t, xAt + j * 4));
        for (int p = 0; p < parts; p++) {
          multiplyAdd(accumulator(t, p), p, j == from);
        }
      }
    }
    widen();
  }

  /**
   * Puts the bits above nibble {@code n} of a line, and above nibble {@code n + 2} where that is
   * cut out too, beside them.
   */
  final void upper(Gpr base, int at, int line, int n, int p) {
    if (format != PackedFormat.Q5_K && format != PackedFormat.Q6_K) {
      return;
    }
    boolean isOne = format == PackedFormat.Q5_K; // bit, not a pair of them
    int upperLine = isOne ? 4 : 4 + line / 2;
    int bit = isOne ? line * 2 + n % 2 : line % 2 * 4 + n % 2 * 2;
    Vec bits = vec(tmp);
    a.vmovdqu(bits, Mem.at(base, at + upperLine * PackedFormat.LINE + p * 32));
    int shift = bit + n / 2 * 8 - 4;
    if (shift > 0) {
      a.vpsrlw(bits, bits, shift);
    } else if (shift < 0) {
      a.vpsllw(bits, bits, -shift);
    }
    a.vpand(bits, bits, vec(upperMask));
    a.vpor(vec(w + p), vec(w + p), bits);
  }

  final Vec accumulator(int t, int p) {
    return vec(t * parts + p);
  }

  /** {@code sum -= 2^shift * (sum of x)}: stored numbers are that much too large. */
  private void subtractOffset(int shift, int xAt, boolean first, boolean second) {
    for (int t = 0; t < tokens; t++) {
      a.vpbroadcastd(vec(b), x(t, xAt + (second ? activations.sum() : activations.sumOfFirst())));
      if (!first) {
        a.vpbroadcastd(vec(tmp), x(t, xAt + activations.sumOfFirst()));
        a.vpsubd(vec(b), vec(b), vec(tmp));
      }
      a.vpslld(vec(b), vec(b), shift);
      for (int p = 0; p < parts; p++) {
        a.vpsubd(accumulator(t, p), accumulator(t, p), vec(b));
      }
    }
  }

  /** {@code kept += float(sum) * token's scale * W}. */
  private void addScaled(int xAt) {
    for (int t = 0; t < tokens; t++) {
      a.vbroadcastss(vec(b), x(t, xAt + activations.scale()));
      for (int p = 0; p < parts; p++) {
        Vec sum = accumulator(t, p);
        a.vcvtdq2ps(sum, sum);
        a.vmulps(sum, sum, vec(b));
        Vec kept = keptSum(t, p);
        a.vfmadd231ps(kept, sum, vec(w + p));
        keep(t, p, kept);
      }
    }
  }

  /** The register that holds what the earlier blocks gave. */
  private Vec keptSum(int t, int p) {
    if (isKeptInRegisters()) {
      return vec(registers() + t * parts + p);
    }
    a.vmovups(vec(tmp), kept(t, p));
    return vec(tmp);
  }

  private void keep(int t, int p, Vec sum) {
    if (!isKeptInRegisters()) {
      a.vmovups(kept(t, p), sum);
    }
  }
}
