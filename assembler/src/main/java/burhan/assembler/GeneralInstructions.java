package burhan.assembler;

/**
 * Instructions on general registers, jumps and hints, and the labels they go to. Knows no vector.
 */
abstract sealed class GeneralInstructions permits Assembler {
  final Encoder out = new Encoder();

  /** A label that {@link #bind} gives its place, before or after the jumps to it. */
  public Label label() {
    return new Label(out);
  }

  /** The label means the instruction that comes next. */
  public void bind(Label label) {
    out.bind(label);
  }

  /** The machine code so far, position-independent. */
  public byte[] code() {
    return out.code();
  }

  // General registers.

  public void mov(Gpr d, Gpr s) {
    out.integer(true, 0x89, s.number, d);
  }

  public void mov(Gpr d, long value) {
    if (value == (int) value) {
      out.integer(true, 0xC7, 0, d);
      out.putInt((int) value);
    } else {
      out.rex(true, 0, 0, d.number, 0xB8 | (d.number & 7));
      out.putInt((int) value);
      out.putInt((int) (value >> 32));
    }
  }

  public void mov(Gpr d, Mem s) {
    out.integer(true, 0x8B, d.number, s);
  }

  public void mov(Mem d, Gpr s) {
    out.integer(true, 0x89, s.number, d);
  }

  /** Loads 32 bits, zeros above. */
  public void mov32(Gpr d, Mem s) {
    out.integer(false, 0x8B, d.number, s);
  }

  /** Stores the low 32 bits. */
  public void mov32(Mem d, Gpr s) {
    out.integer(false, 0x89, s.number, d);
  }

  /** Loads 32 bits with their sign. */
  public void movsxd(Gpr d, Mem s) {
    out.integer(true, 0x63, d.number, s);
  }

  public void lea(Gpr d, Mem s) {
    out.integer(true, 0x8D, d.number, s);
  }

  public void add(Gpr d, int value) {
    arithmetic(0, d, value);
  }

  public void add(Gpr d, Gpr s) {
    out.integer(true, 0x01, s.number, d);
  }

  public void add(Gpr d, Mem s) {
    out.integer(true, 0x03, d.number, s);
  }

  public void or(Gpr d, int value) {
    arithmetic(1, d, value);
  }

  public void or(Gpr d, Gpr s) {
    out.integer(true, 0x09, s.number, d);
  }

  public void or(Gpr d, Mem s) {
    out.integer(true, 0x0B, d.number, s);
  }

  public void and(Gpr d, int value) {
    arithmetic(4, d, value);
  }

  public void and(Gpr d, Gpr s) {
    out.integer(true, 0x21, s.number, d);
  }

  public void and(Gpr d, Mem s) {
    out.integer(true, 0x23, d.number, s);
  }

  public void sub(Gpr d, int value) {
    arithmetic(5, d, value);
  }

  public void sub(Gpr d, Gpr s) {
    out.integer(true, 0x29, s.number, d);
  }

  public void sub(Gpr d, Mem s) {
    out.integer(true, 0x2B, d.number, s);
  }

  public void xor(Gpr d, int value) {
    arithmetic(6, d, value);
  }

  public void xor(Gpr d, Gpr s) {
    out.integer(true, 0x31, s.number, d);
  }

  public void xor(Gpr d, Mem s) {
    out.integer(true, 0x33, d.number, s);
  }

  public void cmp(Gpr d, int value) {
    arithmetic(7, d, value);
  }

  public void cmp(Gpr d, Gpr s) {
    out.integer(true, 0x39, s.number, d);
  }

  public void cmp(Gpr d, Mem s) {
    out.integer(true, 0x3B, d.number, s);
  }

  public void test(Gpr a, Gpr b) {
    out.integer(true, 0x85, b.number, a);
  }

  public void imul(Gpr d, Gpr s) {
    out.integer(true, 0x0FAF, d.number, s);
  }

  public void shl(Gpr d, int bits) {
    shift(4, d, bits);
  }

  public void shr(Gpr d, int bits) {
    shift(5, d, bits);
  }

  public void sar(Gpr d, int bits) {
    shift(7, d, bits);
  }

  public void inc(Gpr d) {
    out.integer(true, 0xFF, 0, d);
  }

  public void dec(Gpr d) {
    out.integer(true, 0xFF, 1, d);
  }

  public void push(Gpr s) {
    out.rex(false, 0, 0, s.number, 0x50 | (s.number & 7));
  }

  public void pop(Gpr d) {
    out.rex(false, 0, 0, d.number, 0x58 | (d.number & 7));
  }

  public void cpuid() {
    out.put(0x0F, 0xA2);
  }

  public void xgetbv() {
    out.put(0x0F, 0x01, 0xD0);
  }

  public void ret() {
    out.put(0xC3);
  }

  // Jumps.

  public void jmp(Label target) {
    out.jump(0xEB, target);
  }

  public void jz(Label target) {
    out.jump(0x74, target);
  }

  public void jnz(Label target) {
    out.jump(0x75, target);
  }

  public void jl(Label target) {
    out.jump(0x7C, target);
  }

  public void jge(Label target) {
    out.jump(0x7D, target);
  }

  public void jle(Label target) {
    out.jump(0x7E, target);
  }

  public void jg(Label target) {
    out.jump(0x7F, target);
  }

  public void jb(Label target) {
    out.jump(0x72, target);
  }

  public void jae(Label target) {
    out.jump(0x73, target);
  }

  public void jbe(Label target) {
    out.jump(0x76, target);
  }

  public void ja(Label target) {
    out.jump(0x77, target);
  }

  // Hints.

  public void prefetchnta(Mem s) {
    out.integer(false, 0x0F18, 0, s);
  }

  public void prefetcht0(Mem s) {
    out.integer(false, 0x0F18, 1, s);
  }

  public void prefetcht1(Mem s) {
    out.integer(false, 0x0F18, 2, s);
  }

  // What the instructions above have in common.

  private void arithmetic(int operation, Gpr d, int value) {
    if (value == (byte) value) {
      out.integer(true, 0x83, operation, d);
      out.put(value);
      return;
    }
    if (d == Gpr.RAX) {
      out.put(0x48, (operation << 3) | 5);
    } else {
      out.integer(true, 0x81, operation, d);
    }
    out.putInt(value);
  }

  private void shift(int operation, Gpr d, int bits) {
    requireImmediate(bits, 63);
    out.integer(true, bits == 1 ? 0xD1 : 0xC1, operation, d);
    if (bits != 1) {
      out.put(bits);
    }
  }

  static void requireImmediate(int value, int most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(
          "the number " + value + " in the instruction: expected 0 to " + most);
    }
  }
}
