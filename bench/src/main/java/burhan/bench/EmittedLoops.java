package burhan.bench;

import burhan.assembler.Assembler;
import burhan.assembler.ExecutableMemory;
import burhan.assembler.ExecutableMemoryException;
import burhan.assembler.Feature;
import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Processor;
import burhan.assembler.Vec;
import burhan.assembler.Width;
import burhan.kernel.KernelChoice;
import burhan.kernel.KernelPolicy;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The two loops of a roofline in machine code, because what a compiler makes of them in Java
 * reaches a quarter of the multiply-adds. Knows vectors; of tiles (AMX) nothing.
 */
final class EmittedLoops implements AutoCloseable {
  // Two units with a latency of four or five cycles need eight to ten chains.
  private static final int CHAINS = 12;
  private static final int LOADS = 8;

  private final ExecutableMemory multiply;
  private final ExecutableMemory read;
  private final MethodHandle multiplyAdd;
  private final MethodHandle readAll;
  private final Width width;

  private EmittedLoops(Width width) throws ExecutableMemoryException {
    this.width = width;
    this.multiply = ExecutableMemory.load(multiplyCode(width));
    this.read = ExecutableMemory.load(readCode(width));
    this.multiplyAdd = multiply.function(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    this.readAll =
        read.function(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  }

  /** Null where no code may be emitted, or the processor has no fused multiply-add. */
  static @Nullable EmittedLoops open() {
    if (!KernelPolicy.machine().allows(KernelChoice.X86)) {
      return null;
    }
    try {
      Processor processor = Processor.detect();
      if (!processor.has(Feature.AVX2) || !processor.has(Feature.FMA)) {
        return null;
      }
      return new EmittedLoops(processor.has(Feature.AVX512) ? Width.ZMM : Width.YMM);
    } catch (ExecutableMemoryException e) {
      return null;
    }
  }

  private static byte[] multiplyCode(Width width) {
    Assembler code = new Assembler();
    for (int i = 0; i < CHAINS + 2; i++) {
      Vec register = new Vec(i, width);
      code.vpxor(register, register, register);
    }
    Label again = code.label();
    code.bind(again);
    for (int i = 0; i < CHAINS; i++) {
      code.vfmadd231ps(new Vec(i, width), new Vec(CHAINS, width), new Vec(CHAINS + 1, width));
    }
    code.dec(Gpr.RDI);
    code.jnz(again);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  private static byte[] readCode(Width width) {
    Assembler code = new Assembler();
    Label again = code.label();
    code.bind(again);
    for (int i = 0; i < LOADS; i++) {
      code.vmovdqu(new Vec(i, width), Mem.at(Gpr.RDI, i * width.bytes()));
    }
    code.add(Gpr.RDI, LOADS * width.bytes());
    code.sub(Gpr.RSI, LOADS * width.bytes());
    code.jnz(again);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  /** Multiplications and additions of that many rounds, each counted. */
  double flops(long rounds) {
    int lanes = width.bytes() / Float.BYTES;
    return 2.0 * rounds * CHAINS * lanes;
  }

  void multiplyAdd(long rounds) {
    try {
      multiplyAdd.invokeExact(rounds);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Bytes of one step: {@link #read} takes whole ones, at least one. */
  int step() {
    return LOADS * width.bytes();
  }

  void read(MemorySegment memory) {
    try {
      readAll.invokeExact(memory.address(), memory.byteSize());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    multiply.close();
    read.close();
  }
}
