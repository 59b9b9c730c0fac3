package burhan.kernel;

import burhan.assembler.Assembler;
import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Tile;
import burhan.assembler.Vec;

/**
 * Machine code for products of bf16 tiles (AMX) and for the tiles themselves (AVX-512 with BF16);
 * the functions are those of {@link Tiles}. Weights become floats as their format says, are rounded
 * to the nearest bf16, and two numbers of k share a lane.
 */
final class TileEmitter {
  private static final Gpr WEIGHTS = X86Emitter.WEIGHTS;
  private static final Gpr TO = Gpr.R9;
  private static final Gpr HEADER = X86Emitter.HEADER;
  private static final Gpr DATA = X86Emitter.DATA;
  private static final Gpr INNER = X86Emitter.INNER;
  private static final Gpr UNITS_LEFT = X86Emitter.UNITS_LEFT;
  private static final int LINE = PackedFormat.LINE;
  private static final int PAIRS = 16; // in a block of 32

  // Behind the registers of the kernels whose unpacking is used.
  private static final Vec PAIRED = Vec.z(16); // the order that puts two halves into lanes
  private static final Vec OFFSET = Vec.z(17);
  private static final Vec SCALE = Vec.z(18);
  private static final Vec MINIMUM = Vec.z(19);
  private static final Vec EVEN = Vec.z(20);
  private static final Vec ODD = Vec.z(21);

  private final PackedFormat format;
  private final X86Emitter kernel;
  private final Assembler a;
  private final Vec weights; // where the kernel leaves them

  private TileEmitter(PackedFormat format, X86Emitter kernel) {
    this.format = format;
    this.kernel = kernel;
    this.a = kernel.a;
    this.weights = kernel.vec(kernel.w);
  }

  /** Whether a product of this format may round to bf16; float32 stays what it is. */
  static boolean serves(PackedFormat format) {
    return format != PackedFormat.F32;
  }

  /** {@link Tiles#convert}. */
  static byte[] convert() {
    Assembler a = new Assembler();
    Label next = a.label();
    a.bind(next);
    a.vmovups(Vec.z(0), Mem.at(Gpr.RDI));
    a.vmovups(Vec.z(1), Mem.at(Gpr.RDI, LINE));
    a.vcvtne2ps2bf16(Vec.z(0), Vec.z(1), Vec.z(0));
    a.vmovdqu(Mem.at(Gpr.RSI), Vec.z(0));
    a.add(Gpr.RDI, 2 * LINE);
    a.add(Gpr.RSI, Tiles.TILE);
    a.dec(Gpr.RDX);
    a.jnz(next);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /**
   * {@link Tiles#multiply} without its first argument. The tile configuration is loaded and given
   * back inside, so that no thread leaves this function with tile state to save.
   */
  static byte[] multiply(int tiles) {
    Gpr line = Gpr.R10;
    Gpr tokensStride = Gpr.R11;
    Gpr groupStride = Gpr.RBX;
    Gpr sumsStride = Gpr.R12;
    Gpr secondSums = Gpr.R13;
    Gpr aAt = Gpr.RAX;
    Gpr bAt = Gpr.RBP;
    Gpr left = Gpr.R14;
    Assembler a = new Assembler();
    Gpr[] saved = {groupStride, bAt, sumsStride, secondSums, left};
    for (Gpr register : saved) {
      a.push(register);
    }
    a.ldtilecfg(Mem.at(Gpr.R9));
    a.mov(line, LINE);
    a.mov(tokensStride, Mem.at(Gpr.R9, Tiles.TOKENS_STRIDE));
    a.mov(groupStride, Mem.at(Gpr.R9, Tiles.GROUP_STRIDE));
    a.mov(sumsStride, Mem.at(Gpr.R9, Tiles.SUMS_STRIDE));
    Label next = a.label();
    a.bind(next);
    a.mov(secondSums, sumsStride);
    a.shl(secondSums, 4); // sixteen tokens further
    a.add(secondSums, Gpr.RDX);
    for (int i = 0; i < 2 * tiles; i++) {
      a.tileloadd(new Tile(i), sums(i, secondSums, sumsStride));
    }
    a.mov(aAt, Gpr.RDI);
    a.mov(bAt, Gpr.RSI);
    a.mov(left, Gpr.RCX);
    Label step = a.label();
    a.bind(step);
    a.tileloadd(new Tile(4), Mem.at(aAt, line, 1, 0));
    a.tileloadd(new Tile(6), Mem.at(bAt, line, 1, 0));
    a.add(bAt, groupStride);
    a.tdpbf16ps(new Tile(0), new Tile(4), new Tile(6));
    a.tileloadd(new Tile(7), Mem.at(bAt, line, 1, 0));
    a.sub(bAt, groupStride);
    a.tdpbf16ps(new Tile(1), new Tile(4), new Tile(7));
    if (tiles == 2) {
      a.add(aAt, tokensStride);
      a.tileloadd(new Tile(5), Mem.at(aAt, line, 1, 0));
      a.sub(aAt, tokensStride);
      a.tdpbf16ps(new Tile(2), new Tile(5), new Tile(6));
      a.tdpbf16ps(new Tile(3), new Tile(5), new Tile(7));
    }
    a.add(aAt, Tiles.TILE);
    a.add(bAt, Tiles.TILE);
    a.dec(left);
    a.jnz(step);
    for (int i = 0; i < 2 * tiles; i++) {
      a.tilestored(sums(i, secondSums, sumsStride), new Tile(i));
    }
    for (int i = 0; i < tiles; i++) {
      a.add(Gpr.RDI, tokensStride);
    }
    a.mov(Gpr.RDX, secondSums);
    if (tiles == 2) {
      a.mov(aAt, sumsStride);
      a.shl(aAt, 4);
      a.add(Gpr.RDX, aAt);
    }
    a.dec(Gpr.R8);
    a.jnz(next);
    a.tilerelease();
    for (int i = saved.length - 1; i >= 0; i--) {
      a.pop(saved[i]);
    }
    a.ret();
    return a.code();
  }

  private static Mem sums(int tile, Gpr second, Gpr stride) {
    return Mem.at(tile < 2 ? Gpr.RDX : second, stride, 1, tile % 2 * LINE);
  }

  /** {@link Tiles#unpack} of a format. */
  static byte[] unpack(PackedFormat format) {
    X86Emitter kernel =
        format.isInteger()
            ? new WordKernel(format, 1, true, true)
            : new FloatKernel(format, 1, true);
    return new TileEmitter(format, kernel).unpack();
  }

  private byte[] unpack() {
    Gpr[] saved = {INNER, HEADER, DATA, UNITS_LEFT};
    for (Gpr register : saved) {
      a.push(register);
    }
    a.mov(UNITS_LEFT, Gpr.RDX);
    a.mov(TO, Gpr.RSI);
    kernel.prepare();
    // Lane n takes word n of the lower half and word n of the upper one, number 16 + n.
    for (int n = 14; n >= 0; n -= 2) {
      long first = n | (16L + n) << 16;
      long second = (n + 1) | (17L + n) << 16;
      a.mov(Gpr.RAX, second << 32 | first);
      a.push(Gpr.RAX);
    }
    a.vmovdqu(PAIRED, Mem.at(Gpr.RSP));
    a.add(Gpr.RSP, LINE);
    Label next = a.label();
    a.bind(next);
    switch (format) {
      case Q8_0 -> twoBlocks((IntegerKernel) kernel, 8);
      case Q4_0 -> twoBlocks((IntegerKernel) kernel, 4);
      case Q4_K -> superBlock((IntegerKernel) kernel, 256);
      case Q5_K -> superBlock((IntegerKernel) kernel, 320);
      case Q6_K -> superBlock((IntegerKernel) kernel, 384);
      case BF16 -> copy();
      case F16 -> floats((FloatKernel) kernel, WEIGHTS, false);
      case FP8 -> scaledFloats((FloatKernel) kernel);
      case F32 -> throw new IllegalArgumentException(format + " is not rounded to bf16");
    }
    a.add(WEIGHTS, format.unitBytes());
    a.dec(UNITS_LEFT);
    a.jnz(next);
    for (int i = saved.length - 1; i >= 0; i--) {
      a.pop(saved[i]);
    }
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /** Two blocks of 32 with a float16 scale a row, of {@code lines} lines each. */
  private void twoBlocks(IntegerKernel integers, int lines) {
    boolean isOffset = format == PackedFormat.Q4_0;
    if (isOffset) {
      constant(0xFFF8FFF8); // two times -8
    }
    for (int block = 0; block < 2; block++) {
      a.vcvtph2ps(SCALE, Mem.at(WEIGHTS, 2 * lines * LINE + block * 32));
      for (int j = 0; j < PAIRS; j++) {
        integers.weights(WEIGHTS, block * lines * LINE, j, 0);
        pair(j, isOffset, false);
      }
      a.add(TO, PAIRS * LINE);
    }
  }

  /** 256 numbers: eight times the same code, on pointers that move on. */
  private void superBlock(IntegerKernel integers, int blockBytes) {
    boolean isOffset = format == PackedFormat.Q6_K;
    if (isOffset) {
      constant(0xFFE0FFE0); // two times -32
    }
    a.mov(HEADER, WEIGHTS);
    a.lea(DATA, Mem.at(WEIGHTS, 320));
    a.mov(INNER, 8);
    Label next = a.label();
    a.bind(next);
    for (int j = 0; j < PAIRS; j++) {
      if (isOffset && j % 8 == 0) {
        factors(SCALE, 64, 0, true);
        a.add(HEADER, PackedFormat.ROWS);
      } else if (j == 0) {
        factors(SCALE, 64, 0, false);
        factors(MINIMUM, 192, 32, false);
        a.add(HEADER, PackedFormat.ROWS);
      }
      integers.weights(DATA, 0, j, 0);
      pair(j, isOffset, !isOffset);
    }
    a.add(TO, PAIRS * LINE);
    a.add(DATA, blockBytes);
    a.dec(INNER);
    a.jnz(next);
  }

  /** {@code d = float(group number) * float16}: the row's factor of one group. */
  private void factors(Vec d, int numbers, int halves, boolean isSigned) {
    if (isSigned) {
      a.vpmovsxbd(d, Mem.at(HEADER, numbers));
    } else {
      a.vpmovzxbd(d, Mem.at(HEADER, numbers));
    }
    a.vcvtdq2ps(d, d);
    a.vcvtph2ps(EVEN, Mem.at(WEIGHTS, halves));
    a.vmulps(d, d, EVEN);
  }

  private void constant(int bits) {
    a.mov(Gpr.RAX, bits & 0xFFFFFFFFL);
    a.vpbroadcastd(OFFSET, Gpr.RAX);
  }

  /** A pair of 16-bit integers as a line of bf16. */
  private void pair(int line, boolean isOffset, boolean hasMinimum) {
    if (isOffset) {
      a.vpaddw(weights, weights, OFFSET);
    }
    a.vpslld(EVEN, weights, 16);
    a.vpsrad(EVEN, EVEN, 16);
    a.vpsrad(ODD, weights, 16);
    for (Vec half : new Vec[] {EVEN, ODD}) {
      a.vcvtdq2ps(half, half);
      a.vmulps(half, half, SCALE);
      if (hasMinimum) {
        a.vsubps(half, half, MINIMUM);
      }
    }
    store(line, ODD);
  }

  /** {@link #EVEN} and the float numbers behind them, rounded, side by side. */
  private void store(int line, Vec odd) {
    a.vcvtne2ps2bf16(EVEN, odd, EVEN);
    a.vpermw(EVEN, PAIRED, EVEN);
    a.vmovdqu(Mem.at(TO, line * LINE), EVEN);
  }

  private void copy() {
    for (int line = 0; line < format.unitCols() / 2; line++) {
      a.vmovdqu(EVEN, Mem.at(WEIGHTS, line * LINE));
      a.vmovdqu(Mem.at(TO, line * LINE), EVEN);
    }
    a.add(TO, format.unitCols() / 2 * LINE);
  }

  /** Eight numbers of k. */
  private void floats(FloatKernel kernels, Gpr base, boolean isScaled) {
    for (int k = 0; k < 8; k++) {
      kernels.weights(base, k);
      Vec half = k % 2 == 0 ? EVEN : weights;
      if (isScaled) {
        a.vmulps(half, weights, SCALE);
      } else if (k % 2 == 0) {
        a.vmovups(half, weights);
      }
      if (k % 2 == 1) {
        store(k / 2, weights);
      }
    }
    a.add(TO, 4 * LINE);
  }

  private void scaledFloats(FloatKernel kernels) {
    a.vbroadcastss(SCALE, Mem.at(WEIGHTS, format.unitCols() * PackedFormat.ROWS));
    a.mov(DATA, WEIGHTS);
    a.mov(INNER, format.unitCols() / 8);
    Label next = a.label();
    a.bind(next);
    floats(kernels, DATA, true);
    a.add(DATA, 8 * PackedFormat.ROWS);
    a.dec(INNER);
    a.jnz(next);
  }
}
