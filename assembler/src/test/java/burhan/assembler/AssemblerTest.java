package burhan.assembler;

import static burhan.assembler.Gpr.R12;
import static burhan.assembler.Gpr.RAX;
import static burhan.assembler.Gpr.RCX;
import static burhan.assembler.Gpr.RDI;
import static burhan.assembler.Gpr.RSP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Jumps and refusals; the encodings themselves stand in {@link EncodingTest}. */
class AssemblerTest {
  private static String hex(Assembler assembler) {
    return HexFormat.of().formatHex(assembler.code());
  }

  private static void fill(Assembler assembler, int bytes) {
    for (int i = 0; i < bytes; i++) {
      assembler.ret();
    }
  }

  @Test
  void everyJumpHasItsConditionShortAndNear() {
    List<BiConsumer<Assembler, Label>> jumps =
        List.of(
            Assembler::jb,
            Assembler::jae,
            Assembler::jz,
            Assembler::jnz,
            Assembler::jbe,
            Assembler::ja,
            Assembler::jl,
            Assembler::jge,
            Assembler::jle,
            Assembler::jg,
            Assembler::jmp);
    // As GNU as: jump back to itself, short and from 128 bytes behind.
    List<String> bytes =
        List.of("72fe", "73fe", "74fe", "75fe", "76fe", "77fe", "7cfe", "7dfe", "7efe", "7ffe");
    for (int i = 0; i < jumps.size(); i++) {
      Assembler near = new Assembler();
      Label start = near.label();
      near.bind(start);
      fill(near, 128);
      jumps.get(i).accept(near, start);
      Assembler close = new Assembler();
      Label self = close.label();
      close.bind(self);
      jumps.get(i).accept(close, self);
      boolean isAlways = i == bytes.size();
      assertEquals(isAlways ? "ebfe" : bytes.get(i), hex(close));
      String opcode = isAlways ? "e97bffffff" : "0f8" + bytes.get(i).charAt(1) + "7affffff";
      assertEquals(opcode, hex(near).substring(256));
    }
  }

  @Test
  void aForwardJumpIsShortUpTo127BytesAndNearBeyond() {
    for (int distance : new int[] {0, 127, 128}) {
      Assembler assembler = new Assembler();
      Label end = assembler.label();
      assembler.jz(end);
      fill(assembler, distance);
      assembler.bind(end);
      assembler.inc(RAX);
      String jump = distance < 128 ? "74%02x".formatted(distance) : "0f8480000000";
      assertEquals(jump + "c3".repeat(distance) + "48ffc0", hex(assembler));
    }
  }

  /** The inner jump grows from two bytes to six, and only then is the outer one too far. */
  @Test
  void aJumpThatGrowsPushesAnotherOverTheLimit() {
    Assembler assembler = new Assembler();
    Label end = assembler.label();
    Label far = assembler.label();
    assembler.jmp(end);
    assembler.jz(far);
    fill(assembler, 124);
    assembler.bind(end);
    fill(assembler, 100);
    assembler.bind(far);
    assertEquals("e9820000000f84e0000000" + "c3".repeat(224), hex(assembler));
  }

  @Test
  void labelsAreBoundOnceByTheirOwnAssembler() {
    Assembler assembler = new Assembler();
    Label label = assembler.label();
    assembler.jmp(label);
    assertThrows(IllegalStateException.class, assembler::code);
    assembler.bind(label);
    assertThrows(IllegalStateException.class, () -> assembler.bind(label));
    assertThrows(IllegalArgumentException.class, () -> new Assembler().jmp(label));
  }

  @Test
  void operandsThatCannotBeEncodedAreRefused() {
    Vec x = Vec.x(0);
    Vec y = Vec.y(0);
    Vec z = Vec.z(0);
    Mem memory = Mem.at(RAX);
    List<Consumer<Assembler>> wrong =
        List.of(
            a -> a.vpaddd(y, y, x),
            a -> a.vpaddd(y, z, y),
            a -> a.vpsignb(z, z, z),
            a -> a.vpsignb(y, y, Vec.y(16)),
            a -> a.vpmaddwd(y, y, memory.broadcast()),
            a -> a.vmovups(memory.broadcast(), y),
            a -> a.vpmovsxbw(y, y),
            a -> a.vpmovsxbd(z, y),
            a -> a.vpbroadcastd(y, y),
            a -> a.vmovd(y, RAX),
            a -> a.vextracti128(y, y, 1),
            a -> a.vextracti128(x, Vec.y(17), 1),
            a -> a.vextracti128(x, y, 2),
            a -> a.vextracti64x4(x, y, 1),
            a -> a.vinserti128(z, z, y, 1),
            a -> a.vpermd(x, x, x),
            a -> a.vpermq(x, x, 0),
            a -> a.vpslld(y, x, 1),
            a -> a.vpslld(y, y, 256),
            a -> a.shl(RAX, 64),
            a -> a.vcvtneps2bf16(y, y),
            a -> a.mov(RAX, memory.broadcast()),
            a -> a.ldtilecfg(memory.broadcast()),
            a -> a.tileloadd(new Tile(1), memory),
            a -> a.tdpbssd(new Tile(1), new Tile(2), new Tile(2)),
            a -> Mem.at(RDI, RSP, 1, 0),
            a -> Mem.at(RDI, R12, 3, 0),
            a -> Vec.z(32),
            a -> new Tile(8));
    for (int i = 0; i < wrong.size(); i++) {
      Consumer<Assembler> call = wrong.get(i);
      Assembler assembler = new Assembler();
      assertThrows(
          IllegalArgumentException.class, () -> call.accept(assembler), "call number " + i);
      assertEquals("", hex(assembler), "call number " + i + " left bytes behind");
    }
  }

  @Test
  void aPlaceFurtherOnKeepsTheRest() {
    assertEquals(Mem.at(RAX, RCX, 4, 96), Mem.at(RAX, RCX, 4, 32).plus(64));
    assertEquals(Mem.at(RAX, 8).broadcast(), Mem.at(RAX).broadcast().plus(8));
  }
}
