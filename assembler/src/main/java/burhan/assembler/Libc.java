package burhan.assembler;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/** The few calls of the C library on Linux x86-64 that Java does not offer. */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_VALUE =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Libc() {}

  /** Fails where the calls below would mean something else. */
  static void requireLinuxX86() throws ExecutableMemoryException {
    String system = System.getProperty("os.name", "");
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    if (!system.equals("Linux") || !(processor.equals("amd64") || processor.equals("x86_64"))) {
      throw new ExecutableMemoryException(
          "machine code is emitted for Linux on x86-64 only; this is %s on %s"
              .formatted(system, processor));
    }
  }

  /**
   * Calls a function that takes longs and returns an int or a long, -1 for an error.
   *
   * @param purpose what a refusal means, as the head of the sentence
   */
  static long call(String name, ValueLayout result, String purpose, long... arguments)
      throws ExecutableMemoryException {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    Object[] values = new Object[arguments.length + 1];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = ValueLayout.JAVA_LONG;
      values[i + 1] = arguments[i];
    }
    MethodHandle handle = handle(name, FunctionDescriptor.of(result, layouts), ERRNO);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      values[0] = state;
      long returned = ((Number) handle.invokeWithArguments(values)).longValue();
      if (returned == -1) {
        int errno = (int) ERRNO_VALUE.get(state, 0L);
        throw new ExecutableMemoryException(
            "%s: %s failed with errno %d (%s)".formatted(purpose, name, errno, text(errno)));
      }
      return returned;
    } catch (ExecutableMemoryException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** What the numbers of a refusal mean; the C library's own words need no call for these few. */
  private static String text(int errno) {
    return switch (errno) {
      case 1 -> "operation not permitted";
      case 12 -> "out of memory";
      case 13 -> "permission denied";
      case 22 -> "invalid argument";
      case 38, 95 -> "not supported by this kernel";
      default -> "see errno(3)";
    };
  }

  @SuppressWarnings("restricted") // the module's purpose; --enable-native-access says so
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options)
      throws ExecutableMemoryException {
    MemorySegment address =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(
                () -> new ExecutableMemoryException("the C library has no function " + name));
    return LINKER.downcallHandle(address, descriptor, options);
  }

  /** Machine code at an address as a Java function. */
  @SuppressWarnings("restricted") // as above
  static MethodHandle function(
      MemorySegment code, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(code, descriptor, options);
  }
}
