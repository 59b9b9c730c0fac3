package burhan.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Native memory of one thread for emitted kernels, grown and never given back. The activations of
 * all products of a region lie one behind the other; what several products share is there once.
 */
final class X86Buffers {
  private static final int MOST_KNOWN = 64;

  private final Arena arena = Arena.ofAuto();
  private MemorySegment floats = MemorySegment.NULL;
  private MemorySegment sums = MemorySegment.NULL;
  private MemorySegment unpacked = MemorySegment.NULL;
  private MemorySegment sizes = MemorySegment.NULL;
  private final List<MemorySegment> activations = new ArrayList<>();
  private int chunk; // of activations, the one in use
  private long used; // of it
  private final @Nullable Known[] known = new Known[MOST_KNOWN];
  private int knownCount;

  /** What activations are prepared as. */
  enum Form {
    FLOATS,
    WORDS,
    BYTES,
    TILES
  }

  /** Activations that are prepared. */
  private static final class Known {
    float[] x = {};
    int xAt;
    int tokens;
    int padded;
    Form form = Form.FLOATS;
    long address;

    // The same array, not an equal one: it matters where the numbers are.
    @SuppressWarnings("ReferenceEquality")
    boolean is(float[] otherX, int otherAt, int otherTokens, int otherPadded, Form otherForm) {
      return x == otherX
          && xAt == otherAt
          && tokens == otherTokens
          && padded == otherPadded
          && form == otherForm;
    }
  }

  /** A region begins: whatever was prepared may have changed. */
  void begin() {
    chunk = 0;
    used = 0;
    knownCount = 0;
  }

  /** Where these activations are since {@link #begin}, or 0. */
  long find(float[] x, int xAt, int tokens, int padded, Form form) {
    for (int i = 0; i < knownCount; i++) {
      Known entry = known[i];
      if (entry != null && entry.is(x, xAt, tokens, padded, form)) {
        return entry.address;
      }
    }
    return 0;
  }

  void remember(float[] x, int xAt, int tokens, int padded, Form form, long address) {
    if (knownCount == MOST_KNOWN) {
      return;
    }
    Known entry = known[knownCount];
    if (entry == null) {
      entry = new Known();
      known[knownCount] = entry;
    }
    entry.x = x;
    entry.xAt = xAt;
    entry.tokens = tokens;
    entry.padded = padded;
    entry.form = form;
    entry.address = address;
    knownCount++;
  }

  /**
   * Room for floats: activations themselves, or, if they are only on their way to integers, a place
   * that the next call uses again.
   */
  MemorySegment floats(long count, boolean isPassing) {
    return isPassing ? passing(count) : activations(4 * count);
  }

  /** Room for floats on their way to another form. */
  MemorySegment passing(long count) {
    if (floats.byteSize() < 4 * count) {
      floats = arena.allocate(4 * count, PackedFormat.LINE);
    }
    return floats;
  }

  /** Room for activations that stay until {@link #begin}. */
  MemorySegment activations(long bytes) {
    long aligned = Math.ceilDiv(bytes, PackedFormat.LINE) * PackedFormat.LINE;
    while (chunk < activations.size() && used + aligned > activations.get(chunk).byteSize()) {
      chunk++;
      used = 0;
    }
    if (chunk == activations.size()) {
      long size = Math.max(aligned, chunk == 0 ? 1 << 16 : 2 * activations.getLast().byteSize());
      activations.add(arena.allocate(size, PackedFormat.LINE));
    }
    MemorySegment room = activations.get(chunk).asSlice(used, bytes);
    used += aligned;
    return room;
  }

  MemorySegment unpacked(long bytes) {
    if (unpacked.byteSize() < bytes) {
      unpacked = arena.allocate(bytes, PackedFormat.LINE);
    }
    return unpacked;
  }

  MemorySegment sizes(long bytes) {
    if (sizes.byteSize() < bytes) {
      sizes = arena.allocate(bytes, PackedFormat.LINE);
    }
    return sizes;
  }

  MemorySegment sums(long count) {
    if (sums.byteSize() < 4 * count) {
      sums = arena.allocate(4 * count, PackedFormat.LINE);
    }
    return sums;
  }
}
