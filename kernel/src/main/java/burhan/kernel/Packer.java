package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import burhan.tensor.BlockScales;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Brings stored rows into the order of {@link PackedFormat}: the same numbers, no arithmetic but
 * for types that have no packed format of their own. One pass over the file, in parallel.
 */
final class Packer {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOW_NIBBLES = 0x0F0F0F0F0F0F0F0FL;
  private static final long EVEN = 0x00FF00FF00FF00FFL;
  private static final long SIGNS = 0x8080808080808080L;
  private static final int BLOCK = 32;
  private static final long LEAST_UNLOADED = 1 << 16;
  private static final int FP8_BLOCK = 128;
  // A scale that makes up for reading E4M3 (bias 7) as float16 (bias 15).
  private static final float FP8_AS_HALF = 256;

  private final PackedFormat format;
  private final Tensor weight;
  private final MemorySegment data;
  private final byte[] stored; // one row
  private final MemorySegment storedSegment;
  private boolean hasNaN;
  private final int cols;
  private final int stride;

  private Packer(PackedFormat format, Tensor weight) {
    this.format = format;
    this.weight = weight;
    this.data = weight.data();
    this.cols = Math.toIntExact(weight.dim(1));
    this.stride = Math.toIntExact(weight.byteSize() / weight.dim(0));
    this.stored = new byte[stride];
    this.storedSegment = MemorySegment.ofArray(stored);
  }

  /**
   * The packed copy of a matrix, or null if there is no room for it or the packed format cannot
   * hold it: FP8 with NaN or with scales of other blocks than 128 by 128.
   *
   * @param slabs where the copy lies
   */
  static @Nullable PackedWeight pack(Tensor weight, Slabs slabs, Workers workers) {
    PackedFormat format = PackedFormat.of(weight.type());
    if (format == null || (format == PackedFormat.FP8 && !isPackable(weight.scales()))) {
      return null;
    }
    int rows = Math.toIntExact(weight.dim(0));
    int cols = Math.toIntExact(weight.dim(1));
    MemorySegment out = slabs.allocate(PackedWeight.byteSize(format, rows, cols));
    if (out == null) {
      return null;
    }
    PackedWeight packed =
        new PackedWeight(format, rows, cols, PackedWeight.units(format, cols), out);
    long work = (long) rows * cols;
    AtomicBoolean hasNaN = new AtomicBoolean();
    workers.split(
        packed.groups(),
        work,
        (part, from, to) -> {
          Packer packer = new Packer(format, weight);
          packer.groups(packed, from, to);
          if (packer.hasNaN) {
            hasNaN.set(true);
          }
        });
    if (hasNaN.get()) {
      return null;
    }
    if (weight.data().isMapped() && weight.byteSize() >= LEAST_UNLOADED) {
      // Else a model would be in memory twice while it loads; rows still wanted are read again.
      weight.data().unload();
    }
    return packed;
  }

  private static boolean isPackable(@Nullable BlockScales scales) {
    return scales == null
        || (scales.blockCols() == FP8_BLOCK
            && scales.blockRows() % PackedFormat.ROWS == 0
            && scales.firstRow() % PackedFormat.ROWS == 0);
  }

  private void groups(PackedWeight packed, int from, int to) {
    byte[] group = new byte[Math.toIntExact(packed.groupBytes())];
    byte[] asQ8 =
        new byte[Math.toIntExact(DType.Q8_0.byteSize((long) Math.ceilDiv(cols, BLOCK) * BLOCK))];
    float[] floats = new float[cols];
    for (int g = from; g < to; g++) {
      Arrays.fill(group, (byte) 0);
      int first = g * PackedFormat.ROWS;
      int rows = Math.min(PackedFormat.ROWS, packed.rows() - first);
      for (int r = 0; r < rows; r++) {
        row(first + r, r, group, asQ8, floats);
      }
      if (format == PackedFormat.FP8) {
        fp8Scales(first, group);
      }
      MemorySegment.copy(group, 0, packed.data(), JAVA_BYTE, g * packed.groupBytes(), group.length);
    }
  }

  private void row(int row, int lane, byte[] out, byte[] asQ8, float[] floats) {
    MemorySegment.copy(data, JAVA_BYTE, (long) row * stride, stored, 0, stride);
    switch (format) {
      case Q8_0 -> {
        if (weight.type() == DType.Q8_0) {
          q8(stored, lane, out);
        } else {
          weight.row(row, floats, 0);
          toQ8(floats, MemorySegment.ofArray(asQ8));
          q8(asQ8, lane, out);
        }
      }
      case Q4_0 -> q4(lane, out);
      case Q4_K -> q4k(lane, out);
      case Q5_K -> q5k(lane, out);
      case Q6_K -> q6k(lane, out);
      case BF16 -> pairs(lane, out);
      case F16 -> halves(lane, out);
      case F32 -> {
        weight.row(row, floats, 0);
        for (int k = 0; k < cols; k++) {
          INT.set(out, k * PackedFormat.LINE + lane * 4, Float.floatToRawIntBits(floats[k]));
        }
      }
      case FP8 -> fp8(lane, out);
    }
  }

  private static long eight(byte[] from, int at) {
    return (long) LONG.get(from, at);
  }

  private static short half(byte[] from, int at) {
    return (short) SHORT.get(from, at);
  }

  /** A row as Q8_0 blocks; types whose numbers are whole multiples of a scale keep that scale. */
  private void toQ8(float[] floats, MemorySegment blocks) {
    DType type = weight.type();
    if (type != DType.Q5_0 && type != DType.IQ4_NL) {
      Elements.encode(DType.Q8_0, floats, 0, cols, blocks, 0);
      return;
    }
    for (int b = 0; b * BLOCK < cols; b++) {
      short half = half(stored, b * type.blockBytes());
      float scale = Float.float16ToFloat(half);
      blocks.set(JAVA_SHORT_UNALIGNED, b * 34L, half);
      for (int i = 0; i < BLOCK; i++) {
        int q = scale == 0 ? 0 : Math.round(floats[b * BLOCK + i] / scale);
        blocks.set(JAVA_BYTE, b * 34L + 2 + i, (byte) q);
      }
    }
  }

  private void q8(byte[] from, int lane, byte[] out) {
    for (int b = 0, at = 0; b * BLOCK < cols; b++, at += 34) {
      int unit = (b >>> 1) * format.unitBytes();
      int scaleAt = unit + 16 * PackedFormat.LINE + (b & 1) * 32 + lane * 2;
      SHORT.set(out, scaleAt, half(from, at));
      int line = unit + (b & 1) * 8 * PackedFormat.LINE + lane * 4;
      for (int i = 0; i < 8; i++, line += PackedFormat.LINE) {
        int v = (int) INT.get(from, at + 2 + 4 * i);
        INT.set(out, line, (v & 0xFF0000FF) | (v >>> 8 & 0xFF00) | (v << 8 & 0xFF0000));
      }
    }
  }

  /** Eight nibbles, one to a byte, as a lane. */
  private static int nibbles(long eight) {
    return (int)
        (Long.compress(eight, LOW_NIBBLES & EVEN)
            | Long.compress(eight, LOW_NIBBLES & ~EVEN) << 16);
  }

  /** The lowest {@code width} bits where they are, those above them from bit 8 on. */
  private static long apart(long bits, int width) {
    return (bits & ((1L << width) - 1)) | ((bits >>> width) << 8);
  }

  private void q4(int lane, byte[] out) {
    for (int b = 0, at = 0; b * BLOCK < cols; b++, at += 18) {
      int unit = (b >>> 1) * format.unitBytes();
      int scaleAt = unit + 8 * PackedFormat.LINE + (b & 1) * 32 + lane * 2;
      SHORT.set(out, scaleAt, half(stored, at));
      int line = unit + (b & 1) * 4 * PackedFormat.LINE + lane * 4;
      long low = eight(stored, at + 2);
      long high = eight(stored, at + 10);
      INT.set(out, line, nibbles(low));
      INT.set(out, line + PackedFormat.LINE, nibbles(high));
      INT.set(out, line + 2 * PackedFormat.LINE, nibbles(low >>> 4));
      INT.set(out, line + 3 * PackedFormat.LINE, nibbles(high >>> 4));
    }
  }

  /** The scales and minima of a Q4_K or Q5_K block, whose stored form begins alike. */
  private void kHeader(int at, int lane, int unit, byte[] out) {
    SHORT.set(out, unit + lane * 2, half(stored, at));
    SHORT.set(out, unit + 32 + lane * 2, half(stored, at + 2));
    for (int g = 0; g < 8; g++) {
      int scaleAt = unit + 64 + g * 16 + lane;
      out[scaleAt] = (byte) Elements.kGroupScale(storedSegment, at + 4, g);
      out[scaleAt + 128] = (byte) Elements.kGroupMinimum(storedSegment, at + 4, g);
    }
  }

  private void q4k(int lane, byte[] out) {
    for (int unit = 0, at = 0; unit < out.length; unit += format.unitBytes(), at += 144) {
      kHeader(at, lane, unit, out);
      for (int g = 0; g < 8; g++) {
        int line = unit + 320 + g * 256 + lane * 4;
        for (int m = 0; m < 4; m++, line += PackedFormat.LINE) {
          long v = eight(stored, at + 16 + (g >>> 1) * 32 + 8 * m);
          INT.set(out, line, nibbles(v >>> ((g & 1) * 4)));
        }
      }
    }
  }

  private void q5k(int lane, byte[] out) {
    long ones = LOW_NIBBLES & LOW_NIBBLES >>> 3;
    for (int unit = 0, at = 0; unit < out.length; unit += format.unitBytes(), at += 176) {
      kHeader(at, lane, unit, out);
      for (int g = 0; g < 8; g++) {
        int line = unit + 320 + g * 320 + lane * 4;
        long fifths = 0;
        for (int m = 0; m < 4; m++, line += PackedFormat.LINE) {
          long v = eight(stored, at + 48 + (g >>> 1) * 32 + 8 * m);
          INT.set(out, line, nibbles(v >>> ((g & 1) * 4)));
          long bits = eight(stored, at + 16 + 8 * m) >>> g;
          fifths |= apart(Long.compress(bits, ones & EVEN), 2) << (2 * m);
          fifths |= apart(Long.compress(bits, ones & ~EVEN), 2) << (16 + 2 * m);
        }
        INT.set(out, line, (int) fifths);
      }
    }
  }

  private void q6k(int lane, byte[] out) {
    long pairs = LOW_NIBBLES & LOW_NIBBLES >>> 2;
    for (int unit = 0, at = 0; unit < out.length; unit += format.unitBytes(), at += 210) {
      SHORT.set(out, unit + lane * 2, half(stored, at + 208));
      for (int g = 0; g < 16; g++) {
        out[unit + 64 + g * 16 + lane] = stored[at + 192 + g];
      }
      for (int s = 0; s < 8; s++) {
        int block = unit + 320 + s * 384 + lane * 4;
        long upper = 0;
        for (int m = 0; m < 4; m++) {
          // Numbers 32 s + 8 m and on: nibbles in halves of 128, bit pairs four to a byte.
          int half = s >>> 2;
          int quarter = s & 3;
          long low =
              eight(stored, at + half * 64 + (quarter & 1) * 32 + 8 * m) >>> ((quarter >>> 1) * 4);
          INT.set(out, block + m * PackedFormat.LINE, nibbles(low));
          long high = eight(stored, at + 128 + half * 32 + 8 * m) >>> (quarter * 2);
          int shift = (m & 1) * 4;
          upper |= apart(Long.compress(high, pairs & EVEN), 4) << shift;
          upper |= apart(Long.compress(high, pairs & ~EVEN), 4) << (16 + shift);
          if (shift != 0) {
            INT.set(out, block + (4 + m / 2) * PackedFormat.LINE, (int) upper);
            upper = 0;
          }
        }
      }
    }
  }

  private void halves(int lane, byte[] out) {
    for (int k = 0; k < cols; k++) {
      SHORT.set(out, k * 32 + lane * 2, half(stored, 2 * k));
    }
  }

  private void pairs(int lane, byte[] out) {
    int line = lane * 4;
    for (int k = 0; k + 1 < cols; k += 2, line += PackedFormat.LINE) {
      INT.set(out, line, (int) INT.get(stored, 2 * k));
    }
    if (cols % 2 != 0) {
      SHORT.set(out, line, half(stored, 2 * (cols - 1)));
    }
  }

  private void fp8(int lane, byte[] out) {
    long carries = 0; // into the sign bit, by seven ones: NaN
    for (int k = 0; k < cols; k += Long.BYTES) {
      int count = Math.min(Long.BYTES, cols - k);
      long bytes = count == Long.BYTES ? eight(stored, k) : last(k);
      carries |= (bytes & ~SIGNS) + (SIGNS >>> 7);
      int at = k / FP8_BLOCK * format.unitBytes() + k % FP8_BLOCK * PackedFormat.ROWS + lane;
      for (int i = 0; i < count; i++) {
        out[at + i * PackedFormat.ROWS] = (byte) (bytes >>> (Byte.SIZE * i));
      }
    }
    hasNaN |= (carries & SIGNS) != 0;
  }

  /** The bytes of a row from {@code k} on, fewer than eight. */
  private long last(int k) {
    long bytes = 0;
    for (int i = cols - 1; i >= k; i--) {
      bytes = (bytes << Byte.SIZE) | (stored[i] & 0xFF);
    }
    return bytes;
  }

  private void fp8Scales(int row, byte[] out) {
    BlockScales scales = weight.scales();
    for (int unit = 0; unit * format.unitBytes() < out.length; unit++) {
      float scale = scales == null ? 1 : scales.at(row, unit * FP8_BLOCK);
      int at = unit * format.unitBytes() + FP8_BLOCK * PackedFormat.ROWS;
      INT.set(out, at, Float.floatToRawIntBits(scale * FP8_AS_HALF));
    }
  }
}
