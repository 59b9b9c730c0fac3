package burhan.kernel;

import burhan.assembler.Gpr;
import burhan.assembler.Label;
import burhan.assembler.Mem;
import burhan.assembler.Vec;

/**
 * Machine code for a product of packed floats with float32 activations: one fused multiply-add a
 * number, in the order of k. FP8 is read as float16, exactly, by moving its bits.
 */
final class FloatKernel extends X86Emitter {
  private static final int CHUNK = 8; // numbers of k in straight code

  private boolean isAdding; // to what out holds

  FloatKernel(PackedFormat format, int tokens, boolean is512) {
    super(format, tokens, is512);
  }

  /** The function whose product is added to what {@code out} holds. */
  byte[] emitAdding() {
    isAdding = true;
    return emit();
  }

  @Override
  int unitStride() {
    return format.unitCols() * Float.BYTES;
  }

  @Override
  void prepare() {
    if (format == PackedFormat.BF16) {
      constant(upperHalf(), 0xFFFF0000);
    } else if (format == PackedFormat.FP8) {
      constant(mask, 0xBF80BF80);
    }
  }

  @Override
  void beginGroup() {
    if (format != PackedFormat.FP8) {
      for (int i = 0; i < tokens * parts; i++) {
        if (isAdding) {
          a.vmovups(vec(i), kept(i / parts, i % parts));
        } else {
          a.vpxor(vec(i), vec(i), vec(i));
        }
      }
    } else if (!isAdding) {
      clearKept();
    }
  }

  @Override
  void endGroup() {
    if (format != PackedFormat.FP8) {
      for (int i = 0; i < tokens * parts; i++) {
        a.vmovups(kept(i / parts, i % parts), vec(i));
      }
    }
  }

  /** The register of bf16's mask: the one to use freely where no other is left. */
  private int upperHalf() {
    return is512 ? mask : tmp;
  }

  private Vec accumulator(int t, int p) {
    return vec(t * parts + p);
  }

  @Override
  void unit() {
    if (format == PackedFormat.FP8) {
      scaledUnit();
      return;
    }
    chunk(WEIGHTS);
    a.add(WEIGHTS, format.unitBytes());
  }

  private void chunk(Gpr base) {
    readAhead(base, format.unitBytes() * CHUNK / format.unitCols());
    for (int k = 0; k < CHUNK; k++) {
      weights(base, k);
      for (int t = 0; t < tokens; t++) {
        a.vbroadcastss(vec(b), x(t, k * Float.BYTES));
        for (int p = 0; p < parts; p++) {
          a.vfmadd231ps(accumulator(t, p), vec(w + p), vec(b));
        }
      }
    }
    advanceX(CHUNK * Float.BYTES);
  }

  /** 128 numbers of k under one scale. */
  private void scaledUnit() {
    for (int i = 0; i < tokens * parts; i++) {
      a.vpxor(vec(i), vec(i), vec(i));
    }
    a.mov(DATA, WEIGHTS);
    a.mov(INNER, format.unitCols() / CHUNK);
    Label next = a.label();
    a.bind(next);
    chunk(DATA);
    a.add(DATA, CHUNK * ROWS);
    a.dec(INNER);
    a.jnz(next);
    a.vbroadcastss(vec(b), Mem.at(WEIGHTS, format.unitCols() * ROWS));
    for (int t = 0; t < tokens; t++) {
      for (int p = 0; p < parts; p++) {
        a.vmovups(vec(w + p), kept(t, p));
        a.vfmadd231ps(vec(w + p), accumulator(t, p), vec(b));
        a.vmovups(kept(t, p), vec(w + p));
      }
    }
    a.add(WEIGHTS, format.unitBytes());
  }

  /** The sixteen rows' numbers at {@code k} as float32. */
  void weights(Gpr base, int k) {
    if (format == PackedFormat.FP8) {
      fp8(base, k);
      return;
    }
    for (int p = 0; p < parts; p++) {
      Vec row = vec(w + p);
      switch (format) {
        case F32 -> a.vmovups(row, Mem.at(base, k * PackedFormat.LINE + p * 32));
        case F16 -> a.vcvtph2ps(row, Mem.at(base, k * 32 + p * 16));
        case BF16 -> {
          Mem pair = Mem.at(base, k / 2 * PackedFormat.LINE + p * 32);
          if (k % 2 == 0) {
            a.vmovdqu(row, pair);
            a.vpslld(row, row, 16);
          } else {
            a.vpand(row, vec(upperHalf()), pair);
          }
        }
        case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K, FP8 ->
            throw new IllegalArgumentException(format + " is no plain float");
      }
    }
  }

  /** Sign to the top, exponent and mantissa below float16's first exponent bit. */
  private void fp8(Gpr base, int k) {
    Vec halves = Vec.y(tmp);
    a.vpmovsxbw(halves, Mem.at(base, k * ROWS));
    a.vpsllw(halves, halves, 7);
    a.vpand(halves, halves, Vec.y(mask));
    if (is512) {
      a.vcvtph2ps(vec(w), halves);
    } else {
      a.vcvtph2ps(vec(w), Vec.x(tmp));
      a.vextracti128(Vec.x(tmp), halves, 1);
      a.vcvtph2ps(vec(w + 1), Vec.x(tmp));
    }
  }
}
