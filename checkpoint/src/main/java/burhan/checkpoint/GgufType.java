package burhan.checkpoint;

import org.jspecify.annotations.Nullable;

/** Types of a GGUF metadata value. */
enum GgufType {
  U8(0, 1),
  I8(1, 1),
  U16(2, 2),
  I16(3, 2),
  U32(4, 4),
  I32(5, 4),
  F32(6, 4),
  BOOL(7, 1),
  STRING(8, 0),
  ARRAY(9, 0),
  U64(10, 8),
  I64(11, 8),
  F64(12, 8);

  /** Bytes of a value; 0 where each value has a length of its own. */
  final int bytes;

  /** The number that stands for the type in the file. */
  final int number;

  GgufType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  static @Nullable GgufType of(int number) {
    for (GgufType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return null;
  }

  boolean isInteger() {
    return switch (this) {
      case U8, I8, U16, I16, U32, I32, U64, I64 -> true;
      case F32, F64, BOOL, STRING, ARRAY -> false;
    };
  }
}
