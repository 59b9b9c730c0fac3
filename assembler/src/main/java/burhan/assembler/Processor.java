package burhan.assembler;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What this processor and the operating system offer together, asked of the processor itself. Knows
 * no kernel.
 */
public final class Processor {
  private static final long ARCH_PRCTL = 158; // the number of the system call
  private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
  private static final long TILE_DATA = 18;
  // Which registers XCR0 must keep: SSE and AVX; with them masks and ZMM; tiles.
  private static final int VECTOR_STATE = 0x6;
  private static final int ZMM_STATE = 0xE6;
  private static final int TILE_STATE = 0x60000;
  // Leaf 7, EBX: foundation, doubleword and quadword, byte and word, vector length.
  private static final int AVX512_PARTS = (1 << 16) | (1 << 17) | (1 << 30) | (1 << 31);

  private final String vendor;
  private final String brand;
  private final Set<Feature> features;

  private Processor(String vendor, String brand, Set<Feature> features) {
    this.vendor = vendor;
    this.brand = brand;
    this.features = Collections.unmodifiableSet(features);
  }

  /**
   * Asks the processor.
   *
   * @throws ExecutableMemoryException if no code may run that could ask
   */
  public static Processor detect() throws ExecutableMemoryException {
    try (EmittedQuery query = new EmittedQuery()) {
      return of(query);
    }
  }

  /** What a processor with these answers offers. */
  static Processor of(Query query) {
    int[] first = query.cpuid(0, 0);
    return new Processor(
        text(first[1], first[3], first[2]), brand(query), features(query, first[0]));
  }

  private static Set<Feature> features(Query query, int lastLeaf) {
    Set<Feature> found = EnumSet.noneOf(Feature.class);
    int basic = query.cpuid(1, 0)[2];
    if (!has(basic, 27) || lastLeaf < 7) { // OSXSAVE: without it XCR0 cannot be read
      return found;
    }
    int state = query.xcr0();
    int[] seven = query.cpuid(7, 0);
    int[] more = seven[0] >= 1 ? query.cpuid(7, 1) : new int[4];
    boolean hasVectors = (state & VECTOR_STATE) == VECTOR_STATE && has(basic, 28);
    add(found, Feature.AVX2, hasVectors && has(seven[1], 5));
    add(found, Feature.FMA, hasVectors && has(basic, 12));
    add(found, Feature.F16C, hasVectors && has(basic, 29));
    add(found, Feature.AVX_VNNI, hasVectors && has(more[0], 4));
    boolean has512 =
        hasVectors && (state & ZMM_STATE) == ZMM_STATE && (seven[1] & AVX512_PARTS) == AVX512_PARTS;
    add(found, Feature.AVX512, has512);
    add(found, Feature.AVX512_VNNI, has512 && has(seven[2], 11));
    add(found, Feature.AVX512_BF16, has512 && has(more[0], 5));
    boolean hasTiles = (state & TILE_STATE) == TILE_STATE && has(seven[3], 24);
    add(found, Feature.AMX_TILE, hasTiles);
    add(found, Feature.AMX_INT8, hasTiles && has(seven[3], 25));
    add(found, Feature.AMX_BF16, hasTiles && has(seven[3], 22));
    return found;
  }

  private static boolean has(int word, int bit) {
    return ((word >>> bit) & 1) == 1;
  }

  private static void add(Set<Feature> set, Feature feature, boolean isThere) {
    if (isThere) {
      set.add(feature);
    }
  }

  private static String brand(Query query) {
    int extended = 0x80000000;
    if (Integer.compareUnsigned(query.cpuid(extended, 0)[0], extended + 4) < 0) {
      return "";
    }
    int[] words = new int[12];
    for (int part = 0; part < 3; part++) {
      System.arraycopy(query.cpuid(extended + 2 + part, 0), 0, words, 4 * part, 4);
    }
    return text(words);
  }

  private static String text(int... words) {
    byte[] bytes = new byte[4 * words.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (words[i / 4] >> (i % 4 * 8));
    }
    return new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
  }

  /** The maker as the processor spells it, for example {@code AuthenticAMD}. */
  public String vendor() {
    return vendor;
  }

  /** The name it was sold under, or empty. */
  public String brand() {
    return brand;
  }

  public Set<Feature> features() {
    return features;
  }

  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** The same processor as if it lacked some features. */
  public Processor masked(Set<Feature> hidden) {
    Set<Feature> left = EnumSet.noneOf(Feature.class);
    left.addAll(features);
    left.removeAll(hidden);
    return new Processor(vendor, brand, left);
  }

  /**
   * Asks the operating system for the tile registers, once for the whole process and before the
   * first thread uses them.
   *
   * @throws ExecutableMemoryException if there are none or the kernel refuses; the message says why
   */
  public void requestAmx() throws ExecutableMemoryException {
    if (!has(Feature.AMX_TILE)) {
      throw new ExecutableMemoryException("this processor has no AMX, or it is hidden");
    }
    Libc.call(
        "syscall",
        ValueLayout.JAVA_LONG,
        "the kernel refuses AMX",
        ARCH_PRCTL,
        ARCH_REQ_XCOMP_PERM,
        TILE_DATA);
  }

  @Override
  public String toString() {
    return brand + " " + features;
  }

  /** The two instructions that ask. */
  interface Query {
    /** EAX, EBX, ECX and EDX of a leaf. */
    int[] cpuid(int leaf, int subleaf);

    /** The low half of the register that says which state the operating system keeps. */
    int xcr0();
  }

  private static final class EmittedQuery implements Query, AutoCloseable {
    private final ExecutableMemory cpuidCode;
    private final ExecutableMemory xgetbvCode;
    private final MethodHandle cpuid;
    private final MethodHandle xgetbv;

    EmittedQuery() throws ExecutableMemoryException {
      cpuidCode = ExecutableMemory.load(cpuidCode());
      try {
        xgetbvCode = ExecutableMemory.load(xgetbvCode());
      } catch (ExecutableMemoryException e) {
        cpuidCode.close();
        throw e;
      }
      cpuid =
          cpuidCode.function(
              FunctionDescriptor.ofVoid(
                  ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
      xgetbv = xgetbvCode.function(FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }

    /** (leaf, subleaf, int[4] of EAX, EBX, ECX, EDX). */
    private static byte[] cpuidCode() {
      Assembler a = new Assembler();
      a.push(Gpr.RBX);
      a.mov(Gpr.R9, Gpr.RDX);
      a.mov(Gpr.RAX, Gpr.RDI);
      a.mov(Gpr.RCX, Gpr.RSI);
      a.cpuid();
      a.mov32(Mem.at(Gpr.R9), Gpr.RAX);
      a.mov32(Mem.at(Gpr.R9, 4), Gpr.RBX);
      a.mov32(Mem.at(Gpr.R9, 8), Gpr.RCX);
      a.mov32(Mem.at(Gpr.R9, 12), Gpr.RDX);
      a.pop(Gpr.RBX);
      a.ret();
      return a.code();
    }

    private static byte[] xgetbvCode() {
      Assembler a = new Assembler();
      a.mov(Gpr.RCX, 0);
      a.xgetbv();
      a.ret();
      return a.code();
    }

    @Override
    public int[] cpuid(int leaf, int subleaf) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 4);
        cpuid.invokeExact((long) leaf, (long) subleaf, out);
        return out.toArray(ValueLayout.JAVA_INT);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int xcr0() {
      try {
        return (int) xgetbv.invokeExact();
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      cpuidCode.close();
      xgetbvCode.close();
    }
  }
}
