package burhan.checkpoint;

import burhan.tensor.BadInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The keys and values in front of a GGUF file's tensors, decoded when asked for. Knows types, not
 * what a key means; every error names the file and the key.
 */
public final class GgufMetadata {
  private static final int LONGEST_KEY = 65_535;
  private static final long LONGEST_TEXT = 64L << 20;

  /** Where a value lies; {@code count} is 1 for a single value. */
  private record Value(GgufType type, boolean isList, long count, long at) {}

  private final Path file;
  private final MemorySegment bytes;
  private final Map<String, Value> values;

  private GgufMetadata(Path file, MemorySegment bytes, Map<String, Value> values) {
    this.file = file;
    this.bytes = bytes;
    this.values = values;
  }

  static GgufMetadata read(Path file, MemorySegment bytes, GgufCursor cursor, long count) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      cursor.reading("metadata key " + i);
      String key = cursor.string(LONGEST_KEY);
      if (key.isEmpty() || key.indexOf('\0') >= 0) {
        throw cursor.bad("is empty or holds a NUL; the file is damaged");
      }
      cursor.reading("key '%s'".formatted(shortened(key)));
      if (values.put(key, value(cursor)) != null) {
        throw cursor.bad("stands there twice; the file is damaged");
      }
    }
    return new GgufMetadata(file, bytes, values);
  }

  private static Value value(GgufCursor cursor) {
    GgufType type = type(cursor);
    if (type != GgufType.ARRAY) {
      long at = cursor.position();
      cursor.skip(type);
      return new Value(type, false, 1, at);
    }
    GgufType element = type(cursor);
    if (element == GgufType.ARRAY) {
      throw cursor.bad("is a list of lists, which no model file uses");
    }
    long count = cursor.count("elements", element.bytes == 0 ? 8 : element.bytes);
    long at = cursor.position();
    if (element == GgufType.STRING || element == GgufType.BOOL) {
      for (long i = 0; i < count; i++) {
        cursor.skip(element);
      }
    } else {
      cursor.take(count * element.bytes);
    }
    return new Value(element, true, count, at);
  }

  private static GgufType type(GgufCursor cursor) {
    int number = cursor.u32();
    GgufType type = GgufType.of(number);
    if (type == null) {
      throw cursor.bad(
          "has value type %s, known are 0 to 12; the file is damaged or newer than this version"
              .formatted(Integer.toUnsignedString(number)));
    }
    return type;
  }

  private static String shortened(String key) {
    return key.length() <= 80 ? key : key.substring(0, 80) + "...";
  }

  /** What errors call the file. */
  public String where() {
    return file.toString();
  }

  /** All keys, in file order. */
  public Set<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Whether the value of a present key is a list. */
  public boolean isList(String key) {
    Value value = values.get(key);
    return value != null && value.isList();
  }

  /** A required string. */
  public String text(String key) {
    Value value = single(key, "a string");
    if (value.type() != GgufType.STRING) {
      throw wrong(key, value, "a string");
    }
    return at(key, value).string(LONGEST_TEXT);
  }

  public String text(String key, String absent) {
    return has(key) ? text(key) : absent;
  }

  /** A required whole number of any width within bounds. */
  public long integer(String key, long least, long most) {
    Value value = single(key, "a whole number");
    if (!value.type().isInteger()) {
      throw wrong(key, value, "a whole number");
    }
    long number = at(key, value).integer(value.type(), value.at());
    if (number < least || number > most) {
      throw bad(key, "is %d, expected %d to %d".formatted(number, least, most));
    }
    return number;
  }

  public long integer(String key, long least, long most, long absent) {
    return has(key) ? integer(key, least, most) : absent;
  }

  /** A required finite number, whole or not. */
  public double number(String key) {
    Value value = single(key, "a number");
    if (value.type() == GgufType.STRING || value.type() == GgufType.BOOL) {
      throw wrong(key, value, "a number");
    }
    double number = at(key, value).number(value.type(), value.at());
    if (!Double.isFinite(number)) {
      throw bad(key, "is " + number + ", expected a finite number");
    }
    return number;
  }

  public double number(String key, double absent) {
    return has(key) ? number(key) : absent;
  }

  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    Value value = single(key, "true or false");
    if (value.type() != GgufType.BOOL) {
      throw wrong(key, value, "true or false");
    }
    return at(key, value).integer(GgufType.BOOL, value.at()) != 0;
  }

  /** How many values a list has; 1 for a single value. */
  public long count(String key) {
    return require(key).count();
  }

  /** A required list of strings, which must be UTF-8. */
  public List<String> texts(String key) {
    GgufCursor cursor = strings(key);
    int count = Math.toIntExact(count(key));
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(cursor.string(LONGEST_TEXT));
    }
    return texts;
  }

  /** A required list of strings as the bytes in the file. */
  public byte[][] bytes(String key) {
    GgufCursor cursor = strings(key);
    byte[][] texts = new byte[Math.toIntExact(count(key))][];
    for (int i = 0; i < texts.length; i++) {
      long length = cursor.u64();
      texts[i] = bytes.asSlice(cursor.take(length), length).toArray(ValueLayout.JAVA_BYTE);
    }
    return texts;
  }

  private GgufCursor strings(String key) {
    Value value = list(key, "a list of strings");
    if (value.type() != GgufType.STRING) {
      throw wrong(key, value, "a list of strings");
    }
    return at(key, value);
  }

  /** A required list of whole numbers. */
  public long[] integers(String key) {
    Value value = list(key, "a list of whole numbers");
    if (!value.type().isInteger() && value.type() != GgufType.BOOL) {
      throw wrong(key, value, "a list of whole numbers");
    }
    GgufCursor cursor = at(key, value);
    long[] numbers = new long[Math.toIntExact(value.count())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = cursor.integer(value.type(), value.at() + (long) i * value.type().bytes);
    }
    return numbers;
  }

  /** A required list of numbers. */
  public float[] numbers(String key) {
    Value value = list(key, "a list of numbers");
    if (value.type() == GgufType.STRING || value.type() == GgufType.BOOL) {
      throw wrong(key, value, "a list of numbers");
    }
    GgufCursor cursor = at(key, value);
    float[] numbers = new float[Math.toIntExact(value.count())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) cursor.number(value.type(), value.at() + (long) i * value.type().bytes);
    }
    return numbers;
  }

  /** The value's type must be exactly this one: for keys that decide how the file is read. */
  long exactly(String key, GgufType type) {
    Value value = single(key, type.toString());
    if (value.type() != type) {
      throw wrong(key, value, type.toString());
    }
    return at(key, value).integer(type, value.at());
  }

  /** The value as {@link GgufWriter} takes it, for copying into another file. */
  public Object copy(String key) {
    Value value = require(key);
    GgufType type = value.type();
    if (value.isList()) {
      return switch (type) {
        case STRING -> bytes(key);
        case F32, F64 -> numbers(key);
        case I64, U64 -> integers(key);
        default -> {
          long[] numbers = integers(key);
          boolean fit = LongStream.of(numbers).allMatch(n -> n == (int) n);
          yield fit ? LongStream.of(numbers).mapToInt(n -> (int) n).toArray() : numbers;
        }
      };
    }
    return switch (type) {
      case STRING -> text(key);
      case BOOL -> flag(key, false);
      case F32 -> (float) number(key);
      case F64 -> number(key);
      case I64, U64 -> at(key, value).integer(type, value.at());
      default -> {
        long number = at(key, value).integer(type, value.at());
        yield number == (int) number ? (Object) (int) number : (Object) number;
      }
    };
  }

  private Value require(String key) {
    Value value = values.get(key);
    if (value == null) {
      throw bad(key, "is missing");
    }
    return value;
  }

  private Value single(String key, String expected) {
    Value value = require(key);
    if (value.isList()) {
      throw wrong(key, value, expected);
    }
    return value;
  }

  private Value list(String key, String expected) {
    Value value = require(key);
    if (!value.isList()) {
      throw wrong(key, value, expected);
    }
    return value;
  }

  private GgufCursor at(String key, Value value) {
    GgufCursor cursor = new GgufCursor(file, bytes, value.at());
    cursor.reading("key '%s'".formatted(key));
    return cursor;
  }

  private BadInputException wrong(String key, Value value, String expected) {
    return bad(
        key,
        "is %s%s, expected %s"
            .formatted(value.isList() ? "a list of " : "", value.type(), expected));
  }

  /** An error about a key of this file. */
  public BadInputException bad(String key, String problem) {
    return new BadInputException("%s: key '%s' %s".formatted(file, key, problem));
  }
}
