package burhan.assembler;

/**
 * The vector instructions as the manual's tables give them: mandatory prefix, opcode map, opcode,
 * shape of the last operand, encodings that exist.
 */
enum Op {
  VADDPS(0, 1, 0x58, Shape.FULL, Form.EITHER),
  VANDPS(0, 1, 0x54, Shape.FULL, Form.EITHER),
  VBROADCASTSS(1, 2, 0x18, Shape.DWORD, Form.EITHER),
  VCVTDQ2PS(0, 1, 0x5B, Shape.FULL, Form.EITHER),
  VCVTNE2PS2BF16(3, 2, 0x72, Shape.FULL, Form.EVEX),
  VCVTNEPS2BF16(2, 2, 0x72, Shape.FULL, Form.EVEX),
  VCVTPH2PS(1, 2, 0x13, Shape.HALF, Form.EITHER),
  VCVTPS2DQ(1, 1, 0x5B, Shape.FULL, Form.EITHER),
  VDPBF16PS(2, 2, 0x52, Shape.FULL, Form.EVEX),
  VDIVPS(0, 1, 0x5E, Shape.FULL, Form.EITHER),
  VEXTRACTF128(1, 3, 0x19, Shape.HALF, Form.VEX),
  VEXTRACTI128(1, 3, 0x39, Shape.HALF, Form.VEX),
  VEXTRACTI64X4(1, 3, 0x3B, Shape.HALF, Form.EVEX_W1),
  VFMADD231PS(1, 2, 0xB8, Shape.FULL, Form.EITHER),
  VFNMADD231PS(1, 2, 0xBC, Shape.FULL, Form.EITHER),
  VINSERTI128(1, 3, 0x38, Shape.HALF, Form.VEX),
  VMAXPS(0, 1, 0x5F, Shape.FULL, Form.EITHER),
  VMINPS(0, 1, 0x5D, Shape.FULL, Form.EITHER),
  VMOVD(1, 1, 0x6E, Shape.DWORD, Form.EITHER),
  VMOVD_STORE(1, 1, 0x7E, Shape.DWORD, Form.EITHER),
  VMOVDQU(2, 1, 0x6F, Shape.WHOLE, Form.EITHER),
  VMOVDQU_STORE(2, 1, 0x7F, Shape.WHOLE, Form.EITHER),
  VMOVUPS(0, 1, 0x10, Shape.WHOLE, Form.EITHER),
  VMOVUPS_STORE(0, 1, 0x11, Shape.WHOLE, Form.EITHER),
  VMULPS(0, 1, 0x59, Shape.FULL, Form.EITHER),
  VPABSB(1, 2, 0x1C, Shape.WHOLE, Form.EITHER),
  VPACKSSDW(1, 1, 0x6B, Shape.FULL, Form.EITHER),
  VPACKSSWB(1, 1, 0x63, Shape.WHOLE, Form.EITHER),
  VPACKUSDW(1, 2, 0x2B, Shape.FULL, Form.EITHER),
  VPADDD(1, 1, 0xFE, Shape.FULL, Form.EITHER),
  VPADDW(1, 1, 0xFD, Shape.WHOLE, Form.EITHER),
  VPAND(1, 1, 0xDB, Shape.FULL, Form.EITHER),
  VPANDN(1, 1, 0xDF, Shape.FULL, Form.EITHER),
  VPBROADCASTD(1, 2, 0x58, Shape.DWORD, Form.EITHER),
  VPBROADCASTD_GPR(1, 2, 0x7C, Shape.DWORD, Form.EVEX),
  VPBROADCASTW(1, 2, 0x79, Shape.WORD, Form.EITHER),
  VPDPBUSD(1, 2, 0x50, Shape.FULL, Form.EITHER),
  VPDPWSSD(1, 2, 0x52, Shape.FULL, Form.EITHER),
  VPERMD(1, 2, 0x36, Shape.FULL, Form.EITHER),
  VPERMQ(1, 3, 0x00, Shape.FULL, Form.EITHER_W1),
  VPERMW(1, 2, 0x8D, Shape.WHOLE, Form.EVEX_W1),
  VPMADDUBSW(1, 2, 0x04, Shape.WHOLE, Form.EITHER),
  VPMADDWD(1, 1, 0xF5, Shape.WHOLE, Form.EITHER),
  VPMAXUD(1, 2, 0x3F, Shape.FULL, Form.EITHER),
  VPMOVSXBD(1, 2, 0x21, Shape.QUARTER, Form.EITHER),
  VPMOVSXBW(1, 2, 0x20, Shape.HALF, Form.EITHER),
  VPMOVSXWD(1, 2, 0x23, Shape.HALF, Form.EITHER),
  VPMOVZXBD(1, 2, 0x31, Shape.QUARTER, Form.EITHER),
  VPMOVZXBW(1, 2, 0x30, Shape.HALF, Form.EITHER),
  VPMOVZXWD(1, 2, 0x33, Shape.HALF, Form.EITHER),
  VPMULLD(1, 2, 0x40, Shape.FULL, Form.EITHER),
  VPMULLW(1, 1, 0xD5, Shape.WHOLE, Form.EITHER),
  VPOR(1, 1, 0xEB, Shape.FULL, Form.EITHER),
  VPSHIFTW(1, 1, 0x71, Shape.WHOLE, Form.EITHER),
  VPSHIFTD(1, 1, 0x72, Shape.FULL, Form.EITHER),
  VPSHUFD(1, 1, 0x70, Shape.FULL, Form.EITHER),
  VPSHUFB(1, 2, 0x00, Shape.WHOLE, Form.EITHER),
  VPSIGNB(1, 2, 0x08, Shape.WHOLE, Form.VEX),
  VPSUBD(1, 1, 0xFA, Shape.FULL, Form.EITHER),
  VPUNPCKHBW(1, 1, 0x68, Shape.WHOLE, Form.EITHER),
  VPUNPCKHWD(1, 1, 0x69, Shape.WHOLE, Form.EITHER),
  VPUNPCKLBW(1, 1, 0x60, Shape.WHOLE, Form.EITHER),
  VPUNPCKLWD(1, 1, 0x61, Shape.WHOLE, Form.EITHER),
  VPXOR(1, 1, 0xEF, Shape.FULL, Form.EITHER),
  VSUBPS(0, 1, 0x5C, Shape.FULL, Form.EITHER);

  /** How much the last operand holds, seen from the vector's width. */
  enum Shape {
    /** A whole vector, in memory also one element repeated. */
    FULL,
    WHOLE,
    HALF,
    QUARTER,
    DWORD,
    WORD;

    Width registerWidth(Width vector) {
      return switch (this) {
        case FULL, WHOLE -> vector;
        case HALF -> vector.half();
        case QUARTER, DWORD, WORD -> Width.XMM;
      };
    }

    int memoryBytes(Width vector) {
      return switch (this) {
        case FULL, WHOLE -> vector.bytes();
        case HALF -> vector.bytes() / 2;
        case QUARTER -> vector.bytes() / 4;
        case DWORD -> 4;
        case WORD -> 2;
      };
    }
  }

  /** Which encodings exist, and whether their W bit is set. */
  enum Form {
    EITHER,
    EITHER_W1,
    VEX,
    EVEX,
    EVEX_W1;

    boolean isWide() {
      return this == EITHER_W1 || this == EVEX_W1;
    }

    boolean needsEvex() {
      return this == EVEX || this == EVEX_W1;
    }
  }

  final int prefix; // 0 none, 1 66, 2 F3, 3 F2
  final int map; // 1 0F, 2 0F38, 3 0F3A
  final int opcode;
  final Shape shape;
  final Form form;

  Op(int prefix, int map, int opcode, Shape shape, Form form) {
    this.prefix = prefix;
    this.map = map;
    this.opcode = opcode;
    this.shape = shape;
    this.form = form;
  }
}
