package burhan.kernel;

import burhan.assembler.Assembler;
import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Vec;
import org.jspecify.annotations.Nullable;

/**
 * What the emitted products have in common: the arguments, the loops over groups of rows and units
 * of k, and the addresses of up to eight tokens. Written once for vectors of 256 and of 512 bits:
 * sixteen rows are two vectors or one.
 *
 * <p>The product is {@code void f(long weights, long x, long out, long groups, long units)}: the
 * groups' packed weights, the prepared activations of {@link #tokens} tokens one behind the other,
 * and [groups, tokens, 16] floats that it overwrites.
 */
abstract sealed class X86Emitter permits IntegerKernel, FloatKernel {
  static final int ROWS = PackedFormat.ROWS;

  // Bytes that weights are asked for ahead of their use: the processor's own prefetching alone left
  // a sixth of the memory's bandwidth unused.
  private static final int AHEAD = 2048;

  // Arguments in the order of the System V convention.
  static final Gpr WEIGHTS = Gpr.RDI;
  static final Gpr X = Gpr.RSI;
  static final Gpr OUT = Gpr.RDX;
  static final Gpr GROUPS = Gpr.RCX;
  static final Gpr UNITS = Gpr.R8;
  // The function's own.
  static final Gpr X_AT = Gpr.RAX;
  static final Gpr UNITS_LEFT = Gpr.R14;
  static final Gpr X_AT_3 = Gpr.R13; // where the fourth token is
  static final Gpr STRIDE = Gpr.R10; // bytes from token to token
  static final Gpr STRIDE3 = Gpr.R11;
  static final Gpr INNER = Gpr.RBX;
  static final Gpr HEADER = Gpr.RBP;
  static final Gpr DATA = Gpr.R12;

  final Assembler a = new Assembler();
  final PackedFormat format;
  final int tokens;
  final boolean is512;
  final int parts; // vectors that hold sixteen rows

  // Registers behind the sums: weights (later their scales), one of activations, one to use freely,
  // and masks.
  final int w;
  final int b;
  final int tmp;
  final int mask;
  final int upperMask;

  X86Emitter(PackedFormat format, int tokens, boolean is512) {
    this.format = format;
    this.tokens = tokens;
    this.is512 = is512;
    this.parts = is512 ? 1 : 2;
    this.w = tokens * parts;
    this.b = w + parts;
    this.tmp = b + 1;
    this.mask = tmp + 1;
    this.upperMask = mask + 1;
  }

  /**
   * The product of a format with activations of a form.
   *
   * @param activations null for floats
   */
  static X86Emitter of(
      PackedFormat format,
      @Nullable QuantisedActivations activations,
      int tokens,
      boolean is512,
      boolean hasVnni) {
    if (activations == null) {
      return new FloatKernel(format, tokens, is512);
    }
    return switch (activations) {
      case WORDS -> new WordKernel(format, tokens, is512, hasVnni);
      case BYTES -> new ByteKernel(format, tokens, is512, hasVnni);
    };
  }

  /** Bytes of the prepared activations of one token and one unit. */
  abstract int unitStride();

  /** Constants that stay in registers. */
  abstract void prepare();

  /** Before the units of a group. */
  abstract void beginGroup();

  /** One unit; leaves {@link #WEIGHTS} and {@link #X_AT} behind it. */
  abstract void unit();

  /** After the units of a group: the sums are in {@link #OUT}. */
  abstract void endGroup();

  /** The function that multiplies. */
  byte[] emit() {
    a.push(INNER);
    a.push(HEADER);
    a.push(DATA);
    a.push(X_AT_3);
    a.push(UNITS_LEFT);
    a.mov(STRIDE, unitStride());
    a.imul(STRIDE, UNITS);
    a.lea(STRIDE3, Mem.at(STRIDE, STRIDE, 2, 0));
    prepare();
    Label group = a.label();
    a.bind(group);
    beginGroup();
    a.mov(X_AT, X);
    if (tokens > 4) {
      a.lea(X_AT_3, Mem.at(X, STRIDE3, 1, 0));
    }
    a.mov(UNITS_LEFT, UNITS);
    Label unit = a.label();
    a.bind(unit);
    unit();
    a.dec(UNITS_LEFT);
    a.jnz(unit);
    endGroup();
    a.add(OUT, tokens * PackedFormat.LINE);
    a.dec(GROUPS);
    a.jnz(group);
    a.pop(UNITS_LEFT);
    a.pop(X_AT_3);
    a.pop(DATA);
    a.pop(HEADER);
    a.pop(INNER);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /** Most tokens that share a pass over the weights: as many as the registers hold sums for. */
  static int mostTokens(PackedFormat format, boolean is512) {
    if (is512) {
      return 8;
    }
    return format.isInteger() || format == PackedFormat.FP8 ? 4 : 6;
  }

  /** A vector of rows. */
  final Vec vec(int index) {
    return is512 ? Vec.z(index) : Vec.y(index);
  }

  /** A register of half the width of {@link #vec}. */
  final Vec half(int index) {
    return is512 ? Vec.y(index) : Vec.x(index);
  }

  /** Activations of a token, {@code disp} bytes behind where the unit begins. */
  final Mem x(int token, int disp) {
    return switch (token) {
      case 0 -> Mem.at(X_AT, disp);
      case 1, 2, 4 -> Mem.at(X_AT, STRIDE, token, disp);
      case 3, 6 -> Mem.at(X_AT, STRIDE3, token / 3, disp);
      case 5 -> Mem.at(X_AT_3, STRIDE, 2, disp);
      case 7 -> Mem.at(X_AT_3, STRIDE, 4, disp);
      default -> throw new IllegalArgumentException("token " + token);
    };
  }

  /** Where a sum is when it is not in a register. */
  final Mem kept(int token, int part) {
    return Mem.at(OUT, token * PackedFormat.LINE + part * 32);
  }

  final void advanceX(int bytes) {
    a.add(X_AT, bytes);
    if (tokens > 4) {
      a.add(X_AT_3, bytes);
    }
  }

  /**
   * Asks for the lines that lie {@link #AHEAD} of the next {@code bytes}, which are about to be
   * read.
   */
  final void readAhead(Gpr base, int bytes) {
    for (int line = 0; line < bytes; line += PackedFormat.LINE) {
      a.prefetcht0(Mem.at(base, AHEAD + line));
    }
  }

  final void constant(int register, int bits) {
    a.mov(Gpr.RAX, bits & 0xFFFFFFFFL);
    a.vmovd(Vec.x(register), Gpr.RAX);
    a.vpbroadcastd(vec(register), Vec.x(register));
  }

  final void clearKept() {
    Vec zero = vec(0);
    a.vpxor(zero, zero, zero);
    for (int t = 0; t < tokens; t++) {
      for (int p = 0; p < parts; p++) {
        a.vmovups(kept(t, p), zero);
      }
    }
  }
}
