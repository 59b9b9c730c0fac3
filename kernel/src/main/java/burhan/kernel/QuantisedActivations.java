package burhan.kernel;

import burhan.assembler.Assembler;
import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Vec;

/**
 * Activations as {@link IntegerKernel} meets them: blocks of 32 rounded to integers under one
 * float32 scale, {@code x = scale * q}, {@code scale = max|x| / max|q|}. Behind the numbers of a
 * block, in bytes:
 *
 * <pre>
 *  0  float32      scale
 *  4  int32        sum of the first sixteen q
 *  8  int32        sum of all q
 * 12  float32      scale * sum of all q
 * </pre>
 *
 * A block with NaN or infinity gets such a scale, so that neither is hidden.
 */
enum QuantisedActivations {
  /**
   * 16 bits in the order of k: rounding is about 1e-5 of a block's largest number, as good as
   * float32 beside weights of eight bits and fewer.
   */
  WORDS(2, 32767),

  /**
   * 8 bits, rounded to 1/254 of a block's largest number, well below the rounding of weights of six
   * bits and fewer. Of eight numbers of k the order is 0 4 1 5 2 6 3 7: that in which bytes are cut
   * out of nibbles.
   */
  BYTES(1, 127);

  /** Numbers under one scale. */
  static final int BLOCK = 32;

  private static final int FACTORS_BYTES = 16;
  private static final float TINY = 1e-30f; // a block of zeros must not divide by zero

  private static final Gpr FROM = Gpr.RDI;
  private static final Gpr TO = Gpr.RSI;
  private static final Gpr BLOCKS = Gpr.RDX;

  private final int numberBytes;
  private final int largest;

  QuantisedActivations(int numberBytes, int largest) {
    this.numberBytes = numberBytes;
    this.largest = largest;
  }

  /** The largest magnitude of a number. */
  int largest() {
    return largest;
  }

  /** Numbers that meet a lane of weights in one step. */
  int stepCols() {
    return Integer.BYTES / numberBytes;
  }

  /** Bytes of the numbers of a block. */
  int numbersBytes() {
    return BLOCK * numberBytes;
  }

  int blockBytes() {
    return numbersBytes() + FACTORS_BYTES;
  }

  /** Where a block has its scale. */
  int scale() {
    return numbersBytes();
  }

  int sumOfFirst() {
    return numbersBytes() + 4;
  }

  int sum() {
    return numbersBytes() + 8;
  }

  int floatSum() {
    return numbersBytes() + 12;
  }

  /** Machine code of {@code void f(long floats, long blocks, long count)}, AVX2. */
  byte[] emit() {
    Assembler a = new Assembler();
    float most = largest;
    constant(a, 8, 0x7FFFFFFF);
    constant(a, 9, Float.floatToRawIntBits(TINY));
    constant(a, 10, Float.floatToRawIntBits(most));
    constant(a, 11, Float.floatToRawIntBits(1 / most));
    constant(a, 12, 0x00010001);
    constant(a, 14, 0x01010101);
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
    if (this == WORDS) {
      storeWords(a);
    } else {
      storeBytes(a);
    }
    a.vmovd(Mem.at(TO, scale()), Vec.x(13));
    sum(a, 0);
    sum(a, 2);
    a.vmovd(Mem.at(TO, sumOfFirst()), Vec.x(0));
    a.vpaddd(Vec.x(0), Vec.x(0), Vec.x(2));
    a.vmovd(Mem.at(TO, sum()), Vec.x(0));
    a.vcvtdq2ps(Vec.x(0), Vec.x(0));
    a.vmulps(Vec.x(0), Vec.x(0), Vec.x(13));
    a.vmovd(Mem.at(TO, floatSum()), Vec.x(0));
    a.add(FROM, BLOCK * Float.BYTES);
    a.add(TO, blockBytes());
    a.dec(BLOCKS);
    a.jnz(next);
    a.vzeroupper();
    a.ret();
    return a.code();
  }

  /** Leaves sums of pairs of the first sixteen numbers in ymm0, of the others in ymm2. */
  private static void storeWords(Assembler a) {
    a.vpermq(Vec.y(0), Vec.y(0), 0xD8);
    a.vpermq(Vec.y(2), Vec.y(2), 0xD8);
    a.vmovdqu(Mem.at(TO), Vec.y(0));
    a.vmovdqu(Mem.at(TO, 32), Vec.y(2));
    a.vpmaddwd(Vec.y(0), Vec.y(0), Vec.y(12));
    a.vpmaddwd(Vec.y(2), Vec.y(2), Vec.y(12));
  }

  // The lower lane holds the first four of every eight numbers, the upper lane the last four.
  private static void storeBytes(Assembler a) {
    a.vpacksswb(Vec.y(0), Vec.y(0), Vec.y(2));
    a.vextracti128(Vec.x(1), Vec.y(0), 1);
    a.vpunpckhbw(Vec.x(2), Vec.x(0), Vec.x(1));
    a.vpunpcklbw(Vec.x(0), Vec.x(0), Vec.x(1));
    a.vmovdqu(Mem.at(TO), Vec.x(0));
    a.vmovdqu(Mem.at(TO, 16), Vec.x(2));
    for (int i = 0; i <= 2; i += 2) {
      a.vpmaddubsw(Vec.x(i), Vec.x(14), Vec.x(i));
      a.vpmaddwd(Vec.x(i), Vec.x(i), Vec.x(12));
    }
  }

  private static void constant(Assembler a, int register, int bits) {
    a.mov(Gpr.RAX, bits);
    a.vmovd(Vec.x(register), Gpr.RAX);
    a.vpbroadcastd(Vec.y(register), Vec.x(register));
  }

  /** The sum of the eight lanes of ymm {@code i}, into its lowest. */
  private static void sum(Assembler a, int i) {
    a.vpermq(Vec.y(5), Vec.y(i), 0x4E);
    a.vpaddd(Vec.y(i), Vec.y(i), Vec.y(5));
    a.vpshufd(Vec.y(5), Vec.y(i), 0x4E);
    a.vpaddd(Vec.y(i), Vec.y(i), Vec.y(5));
    a.vpshufd(Vec.y(5), Vec.y(i), 0xB1);
    a.vpaddd(Vec.y(i), Vec.y(i), Vec.y(5));
  }
}
