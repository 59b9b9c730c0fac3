package burhan.assembler;

import static burhan.assembler.Gpr.R8;
import static burhan.assembler.Gpr.RAX;
import static burhan.assembler.Gpr.RCX;
import static burhan.assembler.Gpr.RDI;
import static burhan.assembler.Gpr.RDX;
import static burhan.assembler.Gpr.RSI;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Code that runs, in memory that is never writable and executable at once. */
class ExecutableMemoryTest {
  @BeforeAll
  static void needsLinuxOnX86() {
    boolean isThere =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    assumeTrue(isThere, "SKIPPED: machine code runs on Linux x86-64 only");
  }

  /** The line of the process's memory map that holds an address. */
  private static Optional<String> mapping(long address) throws Exception {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/maps"));
    return lines.stream()
        .filter(line -> {
          String[] ends = line.split(" ")[0].split("-");
          return Long.parseUnsignedLong(ends[0], 16) <= address
              && address < Long.parseUnsignedLong(ends[1], 16);
        })
        .findFirst();
  }

  @Test
  void aSumOverALoopWithLabels() throws Throwable {
    Assembler a = new Assembler(); // sum of 1 to n, by adding n, n - 1, ...
    Label loop = a.label();
    Label end = a.label();
    a.mov(RAX, 0);
    a.bind(loop);
    a.cmp(RDI, 0);
    a.jz(end);
    a.add(RAX, RDI);
    a.dec(RDI);
    a.jmp(loop);
    a.bind(end);
    a.ret();
    try (ExecutableMemory memory = ExecutableMemory.load(a.code())) {
      MethodHandle sum =
          memory.function(FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
      assertEquals(5050L, (long) sum.invokeExact(100L));
    }
  }

  @Test
  void twoArraysAreAddedEightFloatsAtATime() throws Throwable {
    assumeTrue(Processor.detect().has(Feature.AVX2), "SKIPPED: this processor has no AVX2");
    Assembler a = new Assembler(); // (a, b, sum, count)
    Label loop = a.label();
    a.mov(RAX, 0);
    a.bind(loop);
    a.vmovups(Vec.y(9), Mem.at(RDI, RAX, 4, 0));
    a.vaddps(Vec.y(9), Vec.y(9), Mem.at(RSI, RAX, 4, 0));
    a.vmovups(Mem.at(RDX, RAX, 4, 0), Vec.y(9));
    a.add(RAX, 8);
    a.cmp(RAX, RCX);
    a.jl(loop);
    a.vzeroupper();
    a.ret();
    try (ExecutableMemory memory = ExecutableMemory.load(a.code());
        Arena arena = Arena.ofConfined()) {
      MethodHandle add =
          memory.function(
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG));
      float[] one = new float[24];
      float[] two = new float[24];
      float[] expected = new float[24];
      for (int i = 0; i < 24; i++) {
        one[i] = i;
        two[i] = 100 * i;
        expected[i] = 101 * i;
      }
      MemorySegment sum = arena.allocate(ValueLayout.JAVA_FLOAT, 24);
      add.invokeExact(
          arena.allocateFrom(ValueLayout.JAVA_FLOAT, one),
          arena.allocateFrom(ValueLayout.JAVA_FLOAT, two),
          sum,
          24L);
      assertArrayEquals(expected, sum.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  /** Signed bytes times signed bytes by way of words: what the kernels for AVX2 are built on. */
  @Test
  void wordsAreMultipliedAndAddedInPairs() throws Throwable {
    assumeTrue(Processor.detect().has(Feature.AVX2), "SKIPPED: this processor has no AVX2");
    Assembler a = new Assembler(); // (16 bytes, 16 bytes, 8 ints)
    a.vpmovsxbw(Vec.y(0), Mem.at(RDI));
    a.vpmovsxbw(Vec.y(12), Mem.at(RSI));
    a.vpmaddwd(Vec.y(3), Vec.y(0), Vec.y(12));
    a.mov(R8, 3);
    a.vmovd(Vec.x(14), R8);
    a.vpbroadcastd(Vec.y(14), Vec.x(14));
    a.vpmulld(Vec.y(3), Vec.y(3), Vec.y(14));
    a.vmovdqu(Mem.at(RDX), Vec.y(3));
    a.vzeroupper();
    a.ret();
    try (ExecutableMemory memory = ExecutableMemory.load(a.code());
        Arena arena = Arena.ofConfined()) {
      MethodHandle dot =
          memory.function(
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
      byte[] one = new byte[16];
      byte[] two = new byte[16];
      int[] expected = new int[8];
      for (int i = 0; i < 16; i++) {
        one[i] = (byte) (i * 37 - 128);
        two[i] = (byte) (127 - i * 16);
        expected[i / 2] += 3 * one[i] * two[i];
      }
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 8);
      dot.invokeExact(
          arena.allocateFrom(ValueLayout.JAVA_BYTE, one),
          arena.allocateFrom(ValueLayout.JAVA_BYTE, two),
          out);
      assertArrayEquals(expected, out.toArray(ValueLayout.JAVA_INT));
    }
  }

  @Test
  void loadedCodeIsReadableAndExecutableButNotWritable() throws Exception {
    Assembler a = new Assembler();
    a.ret();
    long address;
    try (ExecutableMemory memory = ExecutableMemory.load(a.code())) {
      address = memory.address();
      assertEquals("r-xp", mapping(address).orElseThrow().split(" ")[1]);
      assertEquals((byte) 0xC3, memory.code().get(ValueLayout.JAVA_BYTE, 0));
      assertThrows(
          IllegalArgumentException.class,
          () -> memory.code().set(ValueLayout.JAVA_BYTE, 0, (byte) 0));
    }
    assertFalse(
        mapping(address).filter(line -> line.contains("r-xp")).isPresent(), "given back by close");
  }

  @Test
  void aRefusalSaysWhatFailedAndWhy() {
    String message =
        assertThrows(
                ExecutableMemoryException.class,
                () ->
                    Libc.call(
                        "mprotect",
                        ValueLayout.JAVA_INT,
                        "memory may not be made executable here",
                        1,
                        4096,
                        5))
            .getMessage();
    assertTrue(message.contains("mprotect failed with errno 22 (invalid argument)"), message);
  }
}
