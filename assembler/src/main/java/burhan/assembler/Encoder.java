package burhan.assembler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes behind {@link Assembler}: prefixes, ModRM and SIB, displacements, the lengths of jumps.
 * Knows how an instruction is written down (Intel SDM volume 2, chapter 2), not which ones there
 * are.
 */
final class Encoder {
  private static final int JUMP = 0xEB;

  /** A jump is kept apart until all distances are known. */
  private record Jump(int position, int shortOpcode, Label target) {
    int bytes(boolean isNear) {
      return !isNear ? 2 : (shortOpcode == JUMP ? 5 : 6);
    }
  }

  private byte[] bytes = new byte[256];
  private int size;
  private final List<Jump> jumps = new ArrayList<>();

  void put(int... values) {
    if (size + values.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    for (int value : values) {
      bytes[size++] = (byte) value;
    }
  }

  void putInt(int value) {
    put(value, value >> 8, value >> 16, value >> 24);
  }

  void bind(Label label) {
    requireOwn(label);
    label.bind(size, jumps.size());
  }

  void jump(int shortOpcode, Label target) {
    requireOwn(target);
    jumps.add(new Jump(size, shortOpcode, target));
  }

  private void requireOwn(Label label) {
    if (label.owner != this) {
      throw new IllegalArgumentException("this label belongs to another assembler");
    }
  }

  /** An instruction on general registers of 64 bits, or of 32 where {@code isWide} is false. */
  void integer(boolean isWide, int opcode, int reg, Gpr rm) {
    rex(isWide, reg, 0, rm.number, opcode);
    registers(reg, rm.number);
  }

  void integer(boolean isWide, int opcode, int reg, Mem mem) {
    refuseBroadcast(mem);
    rex(isWide, reg, indexNumber(mem), mem.base().number, opcode);
    memory(reg, mem, 1);
  }

  /** REX if it says anything, then the opcode of one byte, or two for 0Fxx. */
  void rex(boolean isWide, int reg, int index, int base, int opcode) {
    int rex = (isWide ? 8 : 0) | bit(reg, 3, 2) | bit(index, 3, 1) | bit(base, 3, 0);
    if (rex != 0) {
      put(0x40 | rex);
    }
    if (opcode > 0xFF) {
      put(opcode >> 8);
    }
    put(opcode);
  }

  private static int indexNumber(Mem mem) {
    Gpr index = mem.index();
    return index == null ? 0 : index.number;
  }

  /** The bits of index and base that do not fit ModRM and SIB, one above the other. */
  private static int highBits(Mem mem) {
    return bit(indexNumber(mem), 3, 1) | bit(mem.base().number, 3, 0);
  }

  private static void refuseBroadcast(Mem mem) {
    if (mem.isBroadcast()) {
      throw new IllegalArgumentException("this instruction cannot repeat an element of memory");
    }
  }

  void registers(int reg, int rm) {
    put(0xC0 | ((reg & 7) << 3) | (rm & 7));
  }

  /** ModRM, SIB and the shortest displacement; a displacement of one byte counts {@code unit}s. */
  private void memory(int reg, Mem mem, int unit) {
    Gpr index = mem.index();
    int base = mem.base().number & 7;
    boolean needsSib = index != null || base == Gpr.RSP.number;
    int scaled = mem.disp() / unit;
    boolean fitsByte = mem.disp() % unit == 0 && scaled == (byte) scaled;
    // Without displacement RBP and R13 would mean something else.
    int mod = mem.disp() == 0 && base != Gpr.RBP.number ? 0 : fitsByte ? 1 : 2;
    put((mod << 6) | ((reg & 7) << 3) | (needsSib ? 4 : base));
    if (needsSib) {
      int indexBits = index == null ? 4 : index.number & 7;
      put((Integer.numberOfTrailingZeros(mem.scale()) << 6) | (indexBits << 3) | base);
    }
    if (mod == 1) {
      put(scaled);
    } else if (mod == 2) {
      putInt(mem.disp());
    }
  }

  /** A VEX or EVEX instruction whose last operand is {@code rm}; the shortest form that exists. */
  void vector(Op op, Width width, int reg, int middle, Source rm) {
    boolean isHigh = reg > 15 || middle > 15 || (rm instanceof Vec vec && vec.index() > 15);
    boolean isBroadcast = rm instanceof Mem mem && mem.isBroadcast();
    boolean isEvex = op.form.needsEvex() || width == Width.ZMM || isHigh || isBroadcast;
    if (isEvex && op.form == Op.Form.VEX) {
      throw new IllegalArgumentException(
          op + " has neither zmm, broadcasts nor registers above 15");
    }
    if (isBroadcast && op.shape != Op.Shape.FULL) {
      throw new IllegalArgumentException(op + " cannot repeat an element of memory");
    }
    int high =
        switch (rm) {
          case Vec vec -> vec.index() >> 3;
          case Mem mem -> highBits(mem);
        };
    vector(op, width, reg, middle, high, isEvex, isBroadcast);
    switch (rm) {
      case Vec vec -> registers(reg, vec.index());
      case Mem mem -> memory(reg, mem, isEvex ? unit(op, width, isBroadcast) : 1);
    }
  }

  /** The same with a general register, which only moves and broadcasts have. */
  void vector(Op op, Width width, int reg, Gpr rm) {
    boolean isEvex = op.form.needsEvex() || width == Width.ZMM || reg > 15;
    vector(op, width, reg, 0, rm.number >> 3, isEvex, false);
    registers(reg, rm.number);
  }

  private static int unit(Op op, Width width, boolean isBroadcast) {
    return isBroadcast ? (op.form.isWide() ? 8 : 4) : op.shape.memoryBytes(width);
  }

  private void vector(
      Op op, Width width, int reg, int middle, int high, boolean isEvex, boolean isBroadcast) {
    int wide = op.form.isWide() ? 0x80 : 0;
    if (!isEvex) {
      vex(op.prefix, op.map, wide != 0, width == Width.YMM, reg, middle, high);
      put(op.opcode);
      return;
    }
    put(
        0x62,
        notBit(reg, 3, 7) | notBit(high, 1, 6) | notBit(high, 0, 5) | notBit(reg, 4, 4) | op.map,
        wide | ((~middle & 15) << 3) | 4 | op.prefix,
        (width.code << 5) | (isBroadcast ? 0x10 : 0) | notBit(middle, 4, 3),
        op.opcode);
  }

  /** A VEX prefix, of two bytes where that can be; {@code high} is index bit 3, base bit 3. */
  void vex(int prefix, int map, boolean isWide, boolean isYmm, int reg, int middle, int high) {
    int tail = ((~middle & 15) << 3) | (isYmm ? 4 : 0) | prefix;
    if (map == 1 && !isWide && high == 0) {
      put(0xC5, notBit(reg, 3, 7) | tail);
    } else {
      put(
          0xC4,
          notBit(reg, 3, 7) | notBit(high, 1, 6) | notBit(high, 0, 5) | map,
          (isWide ? 0x80 : 0) | tail);
    }
  }

  /** One bit of a register's number, at another place. */
  private static int bit(int value, int from, int to) {
    return ((value >> from) & 1) << to;
  }

  /** The same inverted, as VEX and EVEX want it. */
  private static int notBit(int value, int from, int to) {
    return bit(~value, from, to);
  }

  /** An AMX instruction in memory; loads and stores of tiles insist on a SIB byte. */
  void tile(int prefix, int opcode, int reg, Mem mem) {
    refuseBroadcast(mem);
    vex(prefix, 2, false, false, reg, 0, highBits(mem));
    put(opcode);
    memory(reg, mem, 1);
  }

  /** All bytes, with every jump in its shortest form. */
  byte[] code() {
    boolean[] isNear = new boolean[jumps.size()];
    int[] start = starts(isNear);
    while (widen(isNear, start)) {
      start = starts(isNear);
    }
    byte[] code = new byte[start[jumps.size()] + size];
    int from = 0;
    for (int j = 0; j < jumps.size(); j++) {
      Jump jump = jumps.get(j);
      System.arraycopy(bytes, from, code, start[j] + from, jump.position - from);
      from = jump.position;
      write(jump, isNear[j], distance(start, j), code, start[j] + from);
    }
    System.arraycopy(bytes, from, code, start[jumps.size()] + from, size - from);
    return code;
  }

  /** For every jump, and for the end, the bytes of the jumps before. */
  private int[] starts(boolean[] isNear) {
    int[] start = new int[jumps.size() + 1];
    for (int j = 0; j < jumps.size(); j++) {
      start[j + 1] = start[j] + jumps.get(j).bytes(isNear[j]);
    }
    return start;
  }

  /** From the end of the jump to its target. */
  private int distance(int[] start, int j) {
    Label target = jumps.get(j).target;
    int end = jumps.get(j).position + start[j + 1];
    return target.position() + start[target.jumpsBefore()] - end;
  }

  private boolean widen(boolean[] isNear, int[] start) {
    boolean hasChanged = false;
    for (int j = 0; j < isNear.length; j++) {
      int distance = distance(start, j);
      if (!isNear[j] && distance != (byte) distance) {
        isNear[j] = true;
        hasChanged = true;
      }
    }
    return hasChanged;
  }

  private static void write(Jump jump, boolean isNear, int distance, byte[] code, int at) {
    if (!isNear) {
      code[at] = (byte) jump.shortOpcode;
      code[at + 1] = (byte) distance;
      return;
    }
    int length = jump.bytes(true);
    if (jump.shortOpcode == JUMP) {
      code[at] = (byte) 0xE9;
    } else {
      code[at] = 0x0F;
      code[at + 1] = (byte) (jump.shortOpcode + 0x10);
    }
    for (int i = 0; i < 4; i++) {
      code[at + length - 4 + i] = (byte) (distance >> (8 * i));
    }
  }
}
