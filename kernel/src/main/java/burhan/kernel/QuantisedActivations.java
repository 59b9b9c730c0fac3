package burhan.kernel;

import burhan.assembler.Assembler;
import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Vec;

/**
 * Activations as {@link IntegerKernel} meets them: blocks of 32 rounded to 16-bit integers under
 * one float32 scale, {@code x = scale * q} with {@code |q| <= 32767}, so that the rounding is about
 * 1e-5 of the block's largest number. A block is 80 bytes:
 *
 * <pre>
 *  0  32 x int16   q in the order of k
 * 64  float32      scale
 * 68  int32        sum of the first sixteen q
 * 72  int32        sum of the last sixteen q
 * 76  float32      scale * sum of all q
 * </pre>
 *
 * A block with NaN or infinity gets such a scale, so that neither is hidden.
 */
final class QuantisedActivations {
  static final int BLOCK = 32;
  static final int BLOCK_BYTES = 80;
  static final int SCALE = 64;
  static final int FIRST_SUM = 68;
  static final int SECOND_SUM = 72;
  static final int FLOAT_SUM = 76;

  private static final int LARGEST = 32767;
  private static final float TINY = 1e-30f; // a block of zeros must not divide by zero

  private static final Gpr FROM = Gpr.RDI;
  private static final Gpr TO = Gpr.RSI;
  private static final Gpr BLOCKS = Gpr.RDX;

  private QuantisedActivations() {}

  /** Machine code of {@code void f(long floats, long blocks, long count)}, AVX2. */
  static byte[] emit() {
    Assembler a = new Assembler();
    constant(a, 8, 0x7FFFFFFF);
    constant(a, 9, Float.floatToRawIntBits(TINY));
    constant(a, 10, Float.floatToRawIntBits(LARGEST));
    constant(a, 11, Float.floatToRawIntBits(1f / LARGEST));
    constant(a, 12, 0x00010001);
    Label next = a.label();
    a.bind(next);
    for (int i = 0; i < 4; i++) {
      a.vmovups(Vec.y(i), Mem.at(FROM, 32 * i));
      a.vpand(Vec.y(4 + i), Vec.y(i), Vec.y(8));
    }
    // As integers the magnitudes have the same order, and NaN is above infinity.
    a.vpmaxud(Vec.y(4), Vec.y(4), Vec.y(5));
    a.vpmaxud(Vec.y(6), Vec.y(6), Vec.y(7));
    a.vpmaxud(Vec.y(4), Vec.y(4), Vec.y(6));
    a.vpermq(Vec.y(5), Vec.y(4), 0x4E);
    a.vpmaxud(Vec.y(4), Vec.y(4), Vec.y(5));
    a.vpshufd(Vec.y(5), Vec.y(4), 0x4E);
    a.vpmaxud(Vec.y(4), Vec.y(4), Vec.y(5));
    a.vpshufd(Vec.y(5), Vec.y(4), 0xB1);
    a.vpmaxud(Vec.y(4), Vec.y(4), Vec.y(5));
    a.vpmaxud(Vec.y(4), Vec.y(4), Vec.y(9));
    a.vmulps(Vec.y(13), Vec.y(4), Vec.y(11));
    a.vdivps(Vec.y(4), Vec.y(10), Vec.y(4));
    for (int i = 0; i < 4; i++) {
      a.vmulps(Vec.y(i), Vec.y(i), Vec.y(4));
      a.vcvtps2dq(Vec.y(i), Vec.y(i));
    }
    a.vpackssdw(Vec.y(0), Vec.y(0), Vec.y(1));
    a.vpackssdw(Vec.y(2), Vec.y(2), Vec.y(3));
    a.vpermq(Vec.y(0), Vec.y(0), 0xD8);
    a.vpermq(Vec.y(2), Vec.y(2), 0xD8);
    a.vmovdqu(Mem.at(TO), Vec.y(0));
    a.vmovdqu(Mem.at(TO, 32), Vec.y(2));
    a.vmovd(Mem.at(TO, SCALE), Vec.x(13));
    sum(a, 0);
    sum(a, 2);
    a.vmovd(Mem.at(TO, FIRST_SUM), Vec.x(0));
    a.vmovd(Mem.at(TO, SECOND_SUM), Vec.x(2));
    a.vpaddd(Vec.x(0), Vec.x(0), Vec.x(2));
    a.vcvtdq2ps(Vec.x(0), Vec.x(0));
    a.vmulps(Vec.x(0), Vec.x(0), Vec.x(13));
    a.vmovd(Mem.at(TO, FLOAT_SUM), Vec.x(0));
    a.add(FROM, BLOCK * Float.BYTES);
    a.add(TO, BLOCK_BYTES);
    a.dec(BLOCKS);
    a.jnz(next);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  private static void constant(Assembler a, int register, int bits) {
    a.mov(Gpr.RAX, bits);
    a.vmovd(Vec.x(register), Gpr.RAX);
    a.vpbroadcastd(Vec.y(register), Vec.x(register));
  }

  /** The sum of sixteen int16 of ymm {@code i}, into its lowest 32 bits. */
  private static void sum(Assembler a, int i) {
    a.vpmaddwd(Vec.y(i), Vec.y(i), Vec.y(12));
    a.vpermq(Vec.y(5), Vec.y(i), 0x4E);
    a.vpaddd(Vec.y(i), Vec.y(i), Vec.y(5));
    a.vpshufd(Vec.y(5), Vec.y(i), 0x4E);
    a.vpaddd(Vec.y(i), Vec.y(i), Vec.y(5));
    a.vpshufd(Vec.y(5), Vec.y(i), 0xB1);
    a.vpaddd(Vec.y(i), Vec.y(i), Vec.y(5));
  }
}
