package burhan.assembler;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Machine code in memory of its own, written first and executable afterwards, never both at once.
 * Whoever closes it makes sure that nobody is inside the code. Knows no instruction.
 */
public final class ExecutableMemory implements AutoCloseable {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private final MemorySegment code;
  private final Arena arena;

  private ExecutableMemory(MemorySegment code, Arena arena) {
    this.code = code;
    this.arena = arena;
  }

  /**
   * Copies position-independent code to executable memory.
   *
   * @throws ExecutableMemoryException if this is not Linux on x86-64, or if the system refuses
   */
  public static ExecutableMemory load(byte[] code) throws ExecutableMemoryException {
    if (code.length == 0) {
      throw new IllegalArgumentException("there is no code to load");
    }
    Libc.requireLinuxX86();
    long address =
        Libc.call(
            "mmap",
            ValueLayout.JAVA_LONG,
            "no memory for machine code",
            0,
            code.length,
            READ | WRITE,
            PRIVATE_ANONYMOUS,
            -1,
            0);
    Arena arena = Arena.ofShared();
    MemorySegment memory = reinterpret(address, code.length, arena);
    try {
      memory.copyFrom(MemorySegment.ofArray(code));
      Libc.call(
          "mprotect",
          ValueLayout.JAVA_INT,
          "memory may not be made executable here",
          address,
          code.length,
          READ | EXECUTE);
    } catch (ExecutableMemoryException | RuntimeException e) {
      arena.close();
      throw e;
    }
    return new ExecutableMemory(memory.asReadOnly(), arena);
  }

  @SuppressWarnings("restricted") // mmap gave exactly these bytes
  private static MemorySegment reinterpret(long address, long bytes, Arena arena) {
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, arena, memory -> unmap(memory.address(), bytes));
  }

  static void unmap(long address, long bytes) {
    try {
      Libc.call("munmap", ValueLayout.JAVA_INT, "memory was not given back", address, bytes);
    } catch (ExecutableMemoryException e) {
      throw new AssertionError(e);
    }
  }

  /** Where the code begins. */
  public long address() {
    return code.address();
  }

  /** The code, read-only. */
  public MemorySegment code() {
    return code;
  }

  /** The code from its first byte on as a function by the C convention. */
  public MethodHandle function(FunctionDescriptor descriptor, Linker.Option... options) {
    return Libc.function(code, descriptor, options);
  }

  /** Gives the memory back; a function made from it must not be called any more. */
  @Override
  public void close() {
    arena.close();
  }
}
