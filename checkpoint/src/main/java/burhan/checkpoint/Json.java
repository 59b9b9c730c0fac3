package burhan.checkpoint;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object of a model's files, read field by field with errors that name the file and the
 * field. Knows no schema: whoever reads a field says what it must be.
 */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final long LARGEST = 512L << 20;

  private final String where;
  private final JsonNode node;
  private final UnaryOperator<String> naming; // what errors call a field

  private Json(String where, JsonNode node, UnaryOperator<String> naming) {
    this.where = where;
    this.node = node;
    this.naming = naming;
  }

  /**
   * @throws BadInputException if the file is missing, not JSON, or not an object
   */
  public static Json read(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST) {
        throw new BadInputException(
            "%s: %d bytes of JSON, at most %d are read".formatted(file, size, LARGEST));
      }
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new BadInputException("%s: no such file".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new BadInputException("%s: not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new BadInputException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * @param where what errors call the text, such as its file
   */
  public static Json parse(String where, String text) {
    try {
      return of(where, MAPPER.readTree(text));
    } catch (JacksonException e) {
      throw new BadInputException(
          "%s: not valid JSON: %s".formatted(where, e.getOriginalMessage()), e);
    }
  }

  /** An object that is already a tree. */
  public static Json of(String where, JsonNode node) {
    return of(where, node, field -> "'" + field + "'");
  }

  /**
   * An object whose fields have other names in the file they come from.
   *
   * @param naming a field, or {@code object.field}, to what errors shall call it
   */
  public static Json of(String where, JsonNode node, UnaryOperator<String> naming) {
    if (!node.isObject()) {
      throw new BadInputException(
          "%s: expected a JSON object, got %s".formatted(where, node.getNodeType()));
    }
    return new Json(where, node, naming);
  }

  /** The mapper for writing. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  public String where() {
    return where;
  }

  public JsonNode node() {
    return node;
  }

  public boolean has(String field) {
    JsonNode value = node.get(field);
    return value != null && !value.isNull();
  }

  /** A required object. */
  public Json object(String field) {
    return of(where, require(field), inner -> naming.apply(field + "." + inner));
  }

  /** An object, or null when absent. */
  public @Nullable Json objectOrNull(String field) {
    return has(field) ? object(field) : null;
  }

  /** A required whole number within bounds. */
  public int integer(String field, int least, int most) {
    JsonNode value = require(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(field, value, "a whole number from " + least + " to " + most);
    }
    int number = value.intValue();
    if (number < least || number > most) {
      throw wrong(field, value, "a whole number from " + least + " to " + most);
    }
    return number;
  }

  public int integer(String field, int least, int most, int absent) {
    return has(field) ? integer(field, least, most) : absent;
  }

  /** A required finite number. */
  public double number(String field) {
    JsonNode value = require(field);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(field, value, "a number");
    }
    return value.doubleValue();
  }

  public double number(String field, double absent) {
    return has(field) ? number(field) : absent;
  }

  public String text(String field) {
    JsonNode value = require(field);
    if (!value.isString()) {
      throw wrong(field, value, "a string");
    }
    return value.stringValue();
  }

  public String text(String field, String absent) {
    return has(field) ? text(field) : absent;
  }

  public boolean flag(String field, boolean absent) {
    if (!has(field)) {
      return absent;
    }
    JsonNode value = require(field);
    if (!value.isBoolean()) {
      throw wrong(field, value, "true or false");
    }
    return value.booleanValue();
  }

  /** A required list of whole numbers, each at least 0. */
  public long[] sizes(String field) {
    JsonNode value = require(field);
    if (!value.isArray()) {
      throw wrong(field, value, "a list of sizes");
    }
    long[] sizes = new long[value.size()];
    for (int i = 0; i < sizes.length; i++) {
      JsonNode size = value.get(i);
      if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
        throw wrong(field, value, "a list of sizes");
      }
      sizes[i] = size.longValue();
    }
    return sizes;
  }

  /** A required list of strings. */
  public List<String> texts(String field) {
    JsonNode value = require(field);
    List<String> texts = new ArrayList<>();
    for (JsonNode text : value) {
      if (!text.isString()) {
        throw wrong(field, value, "a list of strings");
      }
      texts.add(text.stringValue());
    }
    return texts;
  }

  /** The fields' names in file order. */
  public List<String> names() {
    return new ArrayList<>(node.propertyNames());
  }

  private JsonNode require(String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      throw bad(field, "is missing");
    }
    return value;
  }

  /** An error about a field of this object. */
  public BadInputException bad(String field, String problem) {
    return new BadInputException("%s: %s %s".formatted(where, naming.apply(field), problem));
  }

  private BadInputException wrong(String field, JsonNode value, String expected) {
    String got = value.toString();
    return bad(
        field,
        "is %s, expected %s"
            .formatted(got.length() > 80 ? got.substring(0, 80) + "..." : got, expected));
  }
}
