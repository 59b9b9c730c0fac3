package burhan.checkpoint;

import burhan.tensor.BadInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Walks through a mapped GGUF header. Every read is compared with what the file still holds, so
 * nothing in it can ask for more memory than the file has bytes. Knows primitive values only.
 */
final class GgufCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private long at;
  private String inside = "the header"; // what is being read, for errors

  GgufCursor(Path file, MemorySegment bytes, long at) {
    this.file = file;
    this.bytes = bytes;
    this.at = at;
  }

  /** Names what is read next, such as {@code key 'general.name'}. */
  void reading(String what) {
    inside = what;
  }

  long position() {
    return at;
  }

  /** Bytes that are left. */
  long remaining() {
    return bytes.byteSize() - at;
  }

  /** Moves over {@code count} bytes and returns where they begin. */
  long take(long count) {
    if (count < 0 || count > remaining()) {
      throw bad(
          "needs %s bytes at offset %d, but the file has %d left; it is truncated or damaged"
              .formatted(Long.toUnsignedString(count), at, remaining()));
    }
    long start = at;
    at += count;
    return start;
  }

  int u32() {
    return bytes.get(INT, take(4));
  }

  long u64() {
    return bytes.get(LONG, take(8));
  }

  /** A count of things that take at least {@code leastBytes} each. */
  long count(String things, long leastBytes) {
    long count = u64();
    if (count < 0 || count > remaining() / leastBytes) {
      throw bad(
          "says it has %s %s, but the file has only %d bytes left; it is truncated or damaged"
              .formatted(Long.toUnsignedString(count), things, remaining()));
    }
    return count;
  }

  /** A string of at most {@code most} bytes. */
  String string(long most) {
    long length = u64();
    if (length < 0 || length > Math.min(most, remaining())) {
      throw bad(
          "has a string of %s bytes at offset %d, at most %d fit; the file is damaged"
              .formatted(Long.toUnsignedString(length), at - 8, Math.min(most, remaining())));
    }
    return utf8(take(length), length);
  }

  String utf8(long start, long length) {
    ByteBuffer slice = bytes.asSlice(start, length).asByteBuffer();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
    } catch (CharacterCodingException e) {
      throw bad("is not UTF-8 text at offset %d; the file is damaged".formatted(start), e);
    }
  }

  /** Moves over one value and checks what can be wrong with it. */
  void skip(GgufType type) {
    switch (type) {
      case STRING -> take(u64());
      case BOOL -> {
        byte value = bytes.get(ValueLayout.JAVA_BYTE, take(1));
        if (value != 0 && value != 1) {
          throw bad("is the truth value " + value + ", expected 0 or 1");
        }
      }
      case U8, I8, U16, I16, U32, I32, F32, U64, I64, F64 -> take(type.bytes);
      case ARRAY -> throw bad("is a list of lists, which no model file uses");
    }
  }

  /** A whole number; u64 values beyond a long are refused. */
  long integer(GgufType type, long where) {
    return switch (type) {
      case U8, BOOL -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, where));
      case I8 -> bytes.get(ValueLayout.JAVA_BYTE, where);
      case U16 -> Short.toUnsignedLong(bytes.get(SHORT, where));
      case I16 -> bytes.get(SHORT, where);
      case U32 -> Integer.toUnsignedLong(bytes.get(INT, where));
      case I32 -> bytes.get(INT, where);
      case I64 -> bytes.get(LONG, where);
      case U64 -> {
        long value = bytes.get(LONG, where);
        if (value < 0) {
          throw bad("is " + Long.toUnsignedString(value) + ", which is too large");
        }
        yield value;
      }
      case F32, F64, STRING, ARRAY -> throw bad("is " + type + ", expected a whole number");
    };
  }

  double number(GgufType type, long where) {
    return switch (type) {
      case F32 -> Float.intBitsToFloat(bytes.get(INT, where));
      case F64 -> Double.longBitsToDouble(bytes.get(LONG, where));
      case U8, I8, U16, I16, U32, I32, BOOL, STRING, ARRAY, U64, I64 -> integer(type, where);
    };
  }

  BadInputException bad(String problem) {
    return new BadInputException("%s: %s %s".formatted(file, inside, problem));
  }

  private BadInputException bad(String problem, Throwable cause) {
    return new BadInputException("%s: %s %s".formatted(file, inside, problem), cause);
  }
}
