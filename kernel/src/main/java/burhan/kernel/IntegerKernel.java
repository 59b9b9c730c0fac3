package burhan.kernel;

import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Vec;

/**
 * Machine code for a product of packed integers with 16-bit activations ({@link
 * QuantisedActivations}). A block's products are summed exactly in 32 bits and then scaled in
 * float32, so the only rounding beyond that of a float product is the activations', about 1e-5.
 *
 * <p>Weights are cut out of their lines as pairs of 16-bit lanes by shifts; a pair's two products
 * are added by one instruction: {@code vpmaddwd}, or {@code vpdpwssd}, which adds the sum as well.
 */
final class IntegerKernel extends X86Emitter {
  /** How a pair's products reach their sum. */
  enum Dot {
    /** AVX2: multiply and add pairs, then add. */
    VPMADDWD,
    /** VNNI: in one instruction. */
    VPDPWSSD
  }

  private static final int PAIRS = 16; // in a block of 32
  private static final int BLOCK = QuantisedActivations.BLOCK_BYTES;

  private final Dot dot;

  IntegerKernel(PackedFormat format, int tokens, boolean is512, boolean isUnpacked, Dot dot) {
    super(format, tokens, is512, isUnpacked);
    this.dot = dot;
  }

  @Override
  int unitStride() {
    return format.unitCols() / 32 * BLOCK;
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
  void beginGroup() {
    if (!isAdding) {
      clearKept();
    }
  }

  @Override
  void endGroup() {}

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
    for (int block = 0; block < 2; block++) {
      pairs(
          WEIGHTS,
          block * lines * PackedFormat.LINE,
          block * PAIRS * UNPACKED_LINE,
          0,
          PAIRS,
          block * BLOCK);
      for (int p = 0; p < parts; p++) {
        int scales = 2 * lines * PackedFormat.LINE + block * 32 + p * 16;
        a.vcvtph2ps(vec(w + p), halfMem(WEIGHTS, scales));
      }
      if (offsetShift > 0) {
        subtractOffset(offsetShift, block * BLOCK, true, true);
      }
      addScaled(block * BLOCK);
    }
    a.add(WEIGHTS, format.unitBytes());
    advance(2);
  }

  private static Mem halfMem(Gpr base, int disp) {
    return Mem.at(base, disp);
  }

  private void advance(int blocks) {
    advanceX(blocks * BLOCK);
    if (isUnpacked) {
      a.add(UNPACKED, blocks * PAIRS * UNPACKED_LINE);
    }
  }

  @Override
  void unpackUnit() {
    switch (format) {
      case Q8_0 -> unpackBlocks(WEIGHTS, 8 * PackedFormat.LINE, 2);
      case Q4_0 -> unpackBlocks(WEIGHTS, 4 * PackedFormat.LINE, 2);
      case Q4_K -> unpackSuperBlock(256);
      case Q5_K -> unpackSuperBlock(320);
      case Q6_K -> unpackSuperBlock(384);
      case BF16, F16, F32, FP8 -> throw new IllegalArgumentException(format + " is no integer");
    }
    a.add(WEIGHTS, format.unitBytes());
  }

  private void unpackBlocks(Gpr base, int blockBytes, int count) {
    for (int i = 0; i < count * PAIRS; i++) {
      for (int p = 0; p < parts; p++) {
        weights(base, i / PAIRS * blockBytes, i % PAIRS, p);
        a.vmovdqu(Mem.at(UNPACKED, i * UNPACKED_LINE + p * 32), vec(w + p));
      }
    }
    a.add(UNPACKED, count * PAIRS * UNPACKED_LINE);
  }

  private void unpackSuperBlock(int blockBytes) {
    a.lea(DATA, Mem.at(WEIGHTS, 320));
    a.mov(INNER, 8);
    Label next = a.label();
    a.bind(next);
    unpackBlocks(DATA, blockBytes, 1);
    a.add(DATA, blockBytes);
    a.dec(INNER);
    a.jnz(next);
  }

  /** 256 numbers: eight times the same code, on pointers that move on. */
  private void superBlock(int blockBytes, Runnable block) {
    a.mov(HEADER, WEIGHTS);
    a.lea(DATA, Mem.at(WEIGHTS, 320));
    a.mov(INNER, 8);
    Label next = a.label();
    a.bind(next);
    block.run();
    a.add(DATA, blockBytes);
    advance(1);
    a.dec(INNER);
    a.jnz(next);
    a.add(WEIGHTS, format.unitBytes());
  }

  /** Q4_K, Q5_K: scale * group scale * sum of q x - minimum scale * group minimum * sum of x. */
  private void withMinimum() {
    pairs(DATA, 0, 0, 0, PAIRS, 0);
    groupFactors(64, 0, false);
    addScaled(0);
    groupFactors(192, 32, false);
    for (int t = 0; t < tokens; t++) {
      a.vbroadcastss(vec(b), x(t, QuantisedActivations.FLOAT_SUM));
      for (int p = 0; p < parts; p++) {
        a.vmovups(vec(tmp), kept(t, p));
        a.vfnmadd231ps(vec(tmp), vec(w + p), vec(b));
        a.vmovups(kept(t, p), vec(tmp));
      }
    }
    a.add(HEADER, ROWS);
  }

  /** Q6_K: a signed group scale for each sixteen, and numbers that are 32 too large. */
  private void inHalves() {
    for (int half = 0; half < 2; half++) {
      pairs(DATA, 0, 0, half * PAIRS / 2, (half + 1) * PAIRS / 2, 0);
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
      a.vcvtph2ps(vec(tmp), halfMem(WEIGHTS, scales + p * 16));
      a.vmulps(vec(w + p), vec(w + p), vec(tmp));
    }
  }

  /** The integer sums of {@code from} to {@code to} of a block's sixteen pairs. */
  private void pairs(Gpr base, int at, int unpackedAt, int from, int to, int xAt) {
    for (int j = from; j < to; j++) {
      for (int p = 0; p < parts; p++) {
        if (isUnpacked) {
          a.vmovdqu(vec(w + p), Mem.at(UNPACKED, unpackedAt + j * UNPACKED_LINE + p * 32));
        } else {
          weights(base, at, j, p);
        }
      }
      for (int t = 0; t < tokens; t++) {
        a.vpbroadcastd(vec(b), x(t, xAt + j * 4));
        for (int p = 0; p < parts; p++) {
          multiplyAdd(t, p, j == from);
        }
      }
    }
  }

  private void multiplyAdd(int t, int p, boolean isFirst) {
    Vec sum = accumulator(t, p);
    if (isFirst) {
      a.vpmaddwd(sum, vec(w + p), vec(b));
    } else if (dot == Dot.VPDPWSSD) {
      a.vpdpwssd(sum, vec(w + p), vec(b));
    } else {
      a.vpmaddwd(vec(tmp), vec(w + p), vec(b));
      a.vpaddd(sum, sum, vec(tmp));
    }
  }

  private Vec accumulator(int t, int p) {
    return vec(t * parts + p);
  }

  /** Pair {@code j} of a block, of the rows of part {@code p}, in 16-bit lanes. */
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
    switch (format) {
      case Q5_K -> upper(base, at + 256 + p * 32, 4 * line + n - 4, p);
      case Q6_K ->
          upper(
              base, at + (4 + line / 2) * PackedFormat.LINE + p * 32, line % 2 * 8 + 2 * n - 4, p);
      case Q8_0, Q4_0, Q4_K, BF16, F16, F32, FP8 -> {}
    }
  }

  /**
   * The bits above the nibble, shifted to their place: to the right, or to the left if negative.
   */
  private void upper(Gpr base, int at, int shift, int p) {
    Vec bits = vec(tmp);
    a.vmovdqu(bits, Mem.at(base, at));
    if (shift > 0) {
      a.vpsrlw(bits, bits, shift);
    } else if (shift < 0) {
      a.vpsllw(bits, bits, -shift);
    }
    a.vpand(bits, bits, vec(upperMask));
    a.vpor(vec(w + p), vec(w + p), bits);
  }

  /** {@code sum -= 2^shift * sum of x}: stored numbers are that much too large. */
  private void subtractOffset(int shift, int xAt, boolean first, boolean second) {
    for (int t = 0; t < tokens; t++) {
      int at = first ? QuantisedActivations.FIRST_SUM : QuantisedActivations.SECOND_SUM;
      a.vpbroadcastd(vec(b), x(t, xAt + at));
      if (first && second) {
        a.vpbroadcastd(vec(tmp), x(t, xAt + QuantisedActivations.SECOND_SUM));
        a.vpaddd(vec(b), vec(b), vec(tmp));
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
      a.vbroadcastss(vec(b), x(t, xAt + QuantisedActivations.SCALE));
      for (int p = 0; p < parts; p++) {
        Vec sum = accumulator(t, p);
        a.vcvtdq2ps(sum, sum);
        a.vmulps(sum, sum, vec(b));
        a.vmovups(vec(tmp), kept(t, p));
        a.vfmadd231ps(vec(tmp), sum, vec(w + p));
        a.vmovups(kept(t, p), vec(tmp));
      }
    }
  }
}
