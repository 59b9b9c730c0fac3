package burhan.assembler;

/**
 * x86-64 instructions as methods, named and ordered as in Intel's manual (destination first), in
 * the encodings that GNU as chooses. A vector instruction takes the encoding that its operands
 * need: VEX for xmm and ymm 0 to 15, EVEX (AVX-512) for zmm, for registers above 15 and for
 * broadcasts from memory; vpdpbusd and vpdpwssd therefore mean AVX-VNNI on ymm. Knows no kernel and
 * does not ask what the processor can do; see {@link Processor}.
 *
 * <p>Operands that cannot be encoded (widths that do not match, zmm where none exists, an index
 * register RSP) are refused with {@link IllegalArgumentException}.
 */
public final class Assembler extends GeneralInstructions {
  // Vectors, three operands.

  public void vpxor(Vec d, Vec a, Source b) {
    three(Op.VPXOR, d, a, b);
  }

  public void vpand(Vec d, Vec a, Source b) {
    three(Op.VPAND, d, a, b);
  }

  public void vpor(Vec d, Vec a, Source b) {
    three(Op.VPOR, d, a, b);
  }

  /** d = ~a & b. */
  public void vpandn(Vec d, Vec a, Source b) {
    three(Op.VPANDN, d, a, b);
  }

  public void vpaddd(Vec d, Vec a, Source b) {
    three(Op.VPADDD, d, a, b);
  }

  public void vpsubd(Vec d, Vec a, Source b) {
    three(Op.VPSUBD, d, a, b);
  }

  public void vpaddw(Vec d, Vec a, Source b) {
    three(Op.VPADDW, d, a, b);
  }

  public void vpmulld(Vec d, Vec a, Source b) {
    three(Op.VPMULLD, d, a, b);
  }

  public void vpmullw(Vec d, Vec a, Source b) {
    three(Op.VPMULLW, d, a, b);
  }

  public void vpmaddwd(Vec d, Vec a, Source b) {
    three(Op.VPMADDWD, d, a, b);
  }

  /** Unsigned bytes of {@code a} times signed bytes of {@code b}; pairs added, saturated. */
  public void vpmaddubsw(Vec d, Vec a, Source b) {
    three(Op.VPMADDUBSW, d, a, b);
  }

  /** The bytes of {@code a} with the signs of {@code b} put upon them. */
  public void vpsignb(Vec d, Vec a, Source b) {
    three(Op.VPSIGNB, d, a, b);
  }

  /** Adds products of unsigned bytes of {@code a} with signed bytes of {@code b}, four a lane. */
  public void vpdpbusd(Vec d, Vec a, Source b) {
    three(Op.VPDPBUSD, d, a, b);
  }

  /** Adds products of signed words, two a lane. */
  public void vpdpwssd(Vec d, Vec a, Source b) {
    three(Op.VPDPWSSD, d, a, b);
  }

  public void vpshufb(Vec d, Vec a, Source b) {
    three(Op.VPSHUFB, d, a, b);
  }

  public void vpackssdw(Vec d, Vec a, Source b) {
    three(Op.VPACKSSDW, d, a, b);
  }

  public void vpacksswb(Vec d, Vec a, Source b) {
    three(Op.VPACKSSWB, d, a, b);
  }

  public void vpackusdw(Vec d, Vec a, Source b) {
    three(Op.VPACKUSDW, d, a, b);
  }

  public void vpunpcklbw(Vec d, Vec a, Source b) {
    three(Op.VPUNPCKLBW, d, a, b);
  }

  public void vpunpckhbw(Vec d, Vec a, Source b) {
    three(Op.VPUNPCKHBW, d, a, b);
  }

  public void vpunpcklwd(Vec d, Vec a, Source b) {
    three(Op.VPUNPCKLWD, d, a, b);
  }

  public void vpunpckhwd(Vec d, Vec a, Source b) {
    three(Op.VPUNPCKHWD, d, a, b);
  }

  public void vdivps(Vec d, Vec a, Source b) {
    three(Op.VDIVPS, d, a, b);
  }

  public void vpmaxud(Vec d, Vec a, Source b) {
    three(Op.VPMAXUD, d, a, b);
  }

  public void vmulps(Vec d, Vec a, Source b) {
    three(Op.VMULPS, d, a, b);
  }

  public void vaddps(Vec d, Vec a, Source b) {
    three(Op.VADDPS, d, a, b);
  }

  public void vsubps(Vec d, Vec a, Source b) {
    three(Op.VSUBPS, d, a, b);
  }

  public void vmaxps(Vec d, Vec a, Source b) {
    three(Op.VMAXPS, d, a, b);
  }

  public void vminps(Vec d, Vec a, Source b) {
    three(Op.VMINPS, d, a, b);
  }

  public void vandps(Vec d, Vec a, Source b) {
    three(Op.VANDPS, d, a, b);
  }

  /** d += a * b. */
  public void vfmadd231ps(Vec d, Vec a, Source b) {
    three(Op.VFMADD231PS, d, a, b);
  }

  /** d -= a * b. */
  public void vfnmadd231ps(Vec d, Vec a, Source b) {
    three(Op.VFNMADD231PS, d, a, b);
  }

  /** Adds products of bf16 pairs. */
  public void vdpbf16ps(Vec d, Vec a, Source b) {
    three(Op.VDPBF16PS, d, a, b);
  }

  /** The doublewords of {@code b} in the order that {@code order} says. */
  public void vpermd(Vec d, Vec order, Source b) {
    requireAbove(Width.XMM, d);
    three(Op.VPERMD, d, order, b);
  }

  /** The words of {@code b} in the order that {@code order} says. */
  public void vpermw(Vec d, Vec order, Source b) {
    three(Op.VPERMW, d, order, b);
  }

  /** Floats to bf16: those of {@code b} into the lower half, those of {@code a} into the upper. */
  public void vcvtne2ps2bf16(Vec d, Vec a, Source b) {
    three(Op.VCVTNE2PS2BF16, d, a, b);
  }

  // Vectors, two operands.

  public void vcvtdq2ps(Vec d, Source s) {
    two(Op.VCVTDQ2PS, d, s);
  }

  public void vcvtps2dq(Vec d, Source s) {
    two(Op.VCVTPS2DQ, d, s);
  }

  public void vpabsb(Vec d, Source s) {
    two(Op.VPABSB, d, s);
  }

  public void vcvtph2ps(Vec d, Source s) {
    two(Op.VCVTPH2PS, d, s);
  }

  public void vpmovsxbw(Vec d, Source s) {
    two(Op.VPMOVSXBW, d, s);
  }

  public void vpmovzxbw(Vec d, Source s) {
    two(Op.VPMOVZXBW, d, s);
  }

  public void vpmovsxbd(Vec d, Source s) {
    two(Op.VPMOVSXBD, d, s);
  }

  public void vpmovzxbd(Vec d, Source s) {
    two(Op.VPMOVZXBD, d, s);
  }

  public void vpmovsxwd(Vec d, Source s) {
    two(Op.VPMOVSXWD, d, s);
  }

  public void vpmovzxwd(Vec d, Source s) {
    two(Op.VPMOVZXWD, d, s);
  }

  public void vpbroadcastd(Vec d, Source s) {
    two(Op.VPBROADCASTD, d, s);
  }

  public void vpbroadcastw(Vec d, Source s) {
    two(Op.VPBROADCASTW, d, s);
  }

  public void vbroadcastss(Vec d, Source s) {
    two(Op.VBROADCASTSS, d, s);
  }

  /** The low 32 bits, repeated (AVX-512). */
  public void vpbroadcastd(Vec d, Gpr s) {
    out.vector(Op.VPBROADCASTD_GPR, d.width(), d.index(), s);
  }

  // Loads, stores, moves.

  public void vmovdqu(Vec d, Source s) {
    move(Op.VMOVDQU, Op.VMOVDQU_STORE, d, s);
  }

  public void vmovdqu(Mem d, Vec s) {
    out.vector(Op.VMOVDQU_STORE, s.width(), s.index(), 0, d);
  }

  public void vmovups(Vec d, Source s) {
    move(Op.VMOVUPS, Op.VMOVUPS_STORE, d, s);
  }

  public void vmovups(Mem d, Vec s) {
    out.vector(Op.VMOVUPS_STORE, s.width(), s.index(), 0, d);
  }

  /** The low 32 bits into the lowest lane, zeros above. */
  public void vmovd(Vec d, Gpr s) {
    requireXmm(d);
    out.vector(Op.VMOVD, Width.XMM, d.index(), s);
  }

  public void vmovd(Vec d, Mem s) {
    requireXmm(d);
    out.vector(Op.VMOVD, Width.XMM, d.index(), 0, s);
  }

  /** The lowest lane, zeros above. */
  public void vmovd(Gpr d, Vec s) {
    requireXmm(s);
    out.vector(Op.VMOVD_STORE, Width.XMM, s.index(), d);
  }

  public void vmovd(Mem d, Vec s) {
    requireXmm(s);
    out.vector(Op.VMOVD_STORE, Width.XMM, s.index(), 0, d);
  }

  // Vectors with a number in the instruction.

  public void vpsllw(Vec d, Vec s, int bits) {
    shift(Op.VPSHIFTW, 6, d, s, bits);
  }

  public void vpsrlw(Vec d, Vec s, int bits) {
    shift(Op.VPSHIFTW, 2, d, s, bits);
  }

  public void vpsraw(Vec d, Vec s, int bits) {
    shift(Op.VPSHIFTW, 4, d, s, bits);
  }

  public void vpslld(Vec d, Vec s, int bits) {
    shift(Op.VPSHIFTD, 6, d, s, bits);
  }

  public void vpsrld(Vec d, Vec s, int bits) {
    shift(Op.VPSHIFTD, 2, d, s, bits);
  }

  public void vpsrad(Vec d, Vec s, int bits) {
    shift(Op.VPSHIFTD, 4, d, s, bits);
  }

  /** Doublewords by two bits of {@code order} each, within 128 bits. */
  public void vpshufd(Vec d, Source s, int order) {
    requireImmediate(order, 255);
    two(Op.VPSHUFD, d, s);
    out.put(order);
  }

  /** Quadwords by two bits of {@code order} each, within 256 bits. */
  public void vpermq(Vec d, Source s, int order) {
    requireAbove(Width.XMM, d);
    requireImmediate(order, 255);
    two(Op.VPERMQ, d, s);
    out.put(order);
  }

  public void vextracti128(Source d, Vec s, int half) {
    requireWidth(Width.YMM, s);
    extract(Op.VEXTRACTI128, d, s, half);
  }

  public void vextractf128(Source d, Vec s, int half) {
    requireWidth(Width.YMM, s);
    extract(Op.VEXTRACTF128, d, s, half);
  }

  public void vextracti64x4(Source d, Vec s, int half) {
    requireWidth(Width.ZMM, s);
    extract(Op.VEXTRACTI64X4, d, s, half);
  }

  public void vinserti128(Vec d, Vec a, Source b, int half) {
    requireWidth(Width.YMM, d);
    requireImmediate(half, 1);
    three(Op.VINSERTI128, d, a, b);
    out.put(half);
  }

  /** Floats to bf16, half as wide. */
  public void vcvtneps2bf16(Vec d, Vec s) {
    requireWidth(s.width().half(), d);
    out.vector(Op.VCVTNEPS2BF16, s.width(), d.index(), 0, s);
  }

  /** Clears the upper halves, without which older code behind this one would be slow. */
  public void vzeroupper() {
    out.put(0xC5, 0xF8, 0x77);
  }

  // AMX tiles.

  /** Loads the 64 bytes that say how large the tiles are. */
  public void ldtilecfg(Mem s) {
    out.tile(0, 0x49, 0, s);
  }

  /** Back to the state without tiles; a kernel leaves no other behind. */
  public void tilerelease() {
    out.vex(0, 2, false, false, 0, 0, 0);
    out.put(0x49, 0xC0);
  }

  /** Rows from base + disp on; the index register times scale is the step between them. */
  public void tileloadd(Tile d, Mem s) {
    requireStep(s);
    out.tile(3, 0x4B, d.index(), s);
  }

  public void tilestored(Mem d, Tile s) {
    requireStep(d);
    out.tile(2, 0x4B, s.index(), d);
  }

  public void tilezero(Tile d) {
    out.vex(3, 2, false, false, 0, 0, 0);
    out.put(0x49);
    out.registers(d.index(), 0);
  }

  /** d += a * b on pairs of bf16. */
  public void tdpbf16ps(Tile d, Tile a, Tile b) {
    product(2, 0x5C, d, a, b);
  }

  /** d += a * b on quads of signed bytes. */
  public void tdpbssd(Tile d, Tile a, Tile b) {
    product(3, 0x5E, d, a, b);
  }

  /** d += a * b on quads of bytes, those of {@code a} unsigned. */
  public void tdpbusd(Tile d, Tile a, Tile b) {
    product(1, 0x5E, d, a, b);
  }

  // What the instructions above have in common.

  private void shift(Op op, int operation, Vec d, Vec s, int bits) {
    requireImmediate(bits, 255);
    requireWidth(d.width(), s);
    out.vector(op, d.width(), operation, d.index(), s);
    out.put(bits);
  }

  private void three(Op op, Vec d, Vec a, Source b) {
    requireWidth(d.width(), a);
    requireSource(op, d.width(), b);
    out.vector(op, d.width(), d.index(), a.index(), b);
  }

  private void two(Op op, Vec d, Source s) {
    requireSource(op, d.width(), s);
    out.vector(op, d.width(), d.index(), 0, s);
  }

  /** Between registers the storing opcode is a byte shorter when the source is a high one. */
  private void move(Op load, Op store, Vec d, Source s) {
    if (s instanceof Vec vec
        && vec.index() > 7
        && vec.index() < 16
        && d.index() < 8
        && d.width() != Width.ZMM) {
      two(store, vec, d);
    } else {
      two(load, d, s);
    }
  }

  private void extract(Op op, Source d, Vec s, int half) {
    requireSource(op, s.width(), d);
    requireImmediate(half, 1);
    out.vector(op, s.width(), s.index(), 0, d);
    out.put(half);
  }

  private void product(int prefix, int opcode, Tile d, Tile a, Tile b) {
    if (d.equals(a) || d.equals(b) || a.equals(b)) {
      throw new IllegalArgumentException(
          "tiles " + d + ", " + a + ", " + b + ": three different ones are needed");
    }
    out.vex(prefix, 2, false, false, 0, b.index(), 0);
    out.put(opcode);
    out.registers(d.index(), a.index());
  }

  private static void requireSource(Op op, Width vector, Source source) {
    if (source instanceof Vec vec) {
      requireWidth(op.shape.registerWidth(vector), vec);
    }
  }

  private static void requireWidth(Width expected, Vec vec) {
    if (vec.width() != expected) {
      throw new IllegalArgumentException(
          vec + ": expected a register of " + expected.bytes() + " bytes");
    }
  }

  private static void requireXmm(Vec vec) {
    requireWidth(Width.XMM, vec);
  }

  private static void requireAbove(Width width, Vec vec) {
    if (vec.width() == width) {
      throw new IllegalArgumentException(vec + ": expected a wider register");
    }
  }

  private static void requireStep(Mem mem) {
    if (mem.index() == null) {
      throw new IllegalArgumentException(
          "a tile in memory needs an index register, the step between its rows");
    }
  }
}
