package burhan.assembler;

import java.util.Locale;

/**
 * A vector register. Numbers 16 to 31 and ZMM exist on AVX-512 only, and lead to EVEX encodings.
 *
 * @param index 0 to 31
 */
public record Vec(int index, Width width) implements Source {
  public Vec {
    if (index < 0 || index > 31) {
      throw new IllegalArgumentException("vector register " + index + ": there are 0 to 31");
    }
  }

  public static Vec x(int index) {
    return new Vec(index, Width.XMM);
  }

  public static Vec y(int index) {
    return new Vec(index, Width.YMM);
  }

  public static Vec z(int index) {
    return new Vec(index, Width.ZMM);
  }

  @Override
  public String toString() {
    return width.name().toLowerCase(Locale.ROOT) + index;
  }
}
