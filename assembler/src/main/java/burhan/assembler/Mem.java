package burhan.assembler;

import org.jspecify.annotations.Nullable;

/**
 * A place in memory: base + index * scale + disp.
 *
 * @param index any register but RSP, which cannot be encoded here
 * @param scale 1, 2, 4 or 8
 * @param isBroadcast one element is read and repeated over the whole vector (EVEX)
 */
public record Mem(Gpr base, @Nullable Gpr index, int scale, int disp, boolean isBroadcast)
    implements Source {
  public Mem {
    if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
      throw new IllegalArgumentException("scale " + scale + ": expected 1, 2, 4 or 8");
    }
    if (index == Gpr.RSP) {
      throw new IllegalArgumentException("RSP cannot be an index");
    }
  }

  public static Mem at(Gpr base) {
    return at(base, 0);
  }

  public static Mem at(Gpr base, int disp) {
    return new Mem(base, null, 1, disp, false);
  }

  public static Mem at(Gpr base, Gpr index, int scale, int disp) {
    return new Mem(base, index, scale, disp, false);
  }

  /** The element at this place, repeated over the vector. */
  public Mem broadcast() {
    return new Mem(base, index, scale, disp, true);
  }

  /** The place so many bytes further on. */
  public Mem plus(int bytes) {
    return new Mem(base, index, scale, Math.addExact(disp, bytes), isBroadcast);
  }
}
