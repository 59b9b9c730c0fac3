package burhan.kernel;

import java.lang.invoke.MethodHandle;

/**
 * {@link Tiles} in emitted code.
 *
 * @param one multiplies one tile of tokens
 * @param two multiplies two
 */
record X86Tiles(MethodHandle convert, MethodHandle unpack, MethodHandle one, MethodHandle two)
    implements Tiles {
  @Override
  public void convert(long floats, long to, long steps) {
    try {
      convert.invokeExact(floats, to, steps);
    } catch (Throwable e) {
      throw new AssertionError("emitted code throws nothing", e);
    }
  }

  @Override
  public void unpack(long weights, long to, long units) {
    try {
      unpack.invokeExact(weights, to, units);
    } catch (Throwable e) {
      throw new AssertionError("emitted code throws nothing", e);
    }
  }

  @Override
  public void multiply(int tiles, long a, long b, long c, long steps, long count, long sizes) {
    try {
      if (tiles == 2) {
        two.invokeExact(a, b, c, steps, count, sizes);
      } else {
        one.invokeExact(a, b, c, steps, count, sizes);
      }
    } catch (Throwable e) {
      throw new AssertionError("emitted code throws nothing", e);
    }
  }
}
