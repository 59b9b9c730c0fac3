package burhan.token;

import burhan.tensor.BadInputException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An object of a JSON file that may be hostile: each field is read as what it must be, or the error
 * says where it stands and what was expected.
 *
 * @param where file and path, for errors
 */
record JsonFields(String where, JsonNode object) {
  JsonFields {
    if (!object.isObject()) {
      throw new BadInputException(where + ": expected a JSON object, got " + kind(object));
    }
  }

  boolean has(String name) {
    return !object.path(name).isNull() && !object.path(name).isMissingNode();
  }

  String text(String name) {
    JsonNode value = object.path(name);
    if (!value.isString()) {
      throw bad(name, "a string", value);
    }
    return Utf8.valid(value.stringValue());
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    JsonNode value = object.path(name);
    if (!has(name)) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw bad(name, "true or false", value);
    }
    return value.booleanValue();
  }

  /** A whole number from 0 to {@code most}. */
  int count(String name, int most) {
    JsonNode value = object.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw bad(name, "a whole number up to " + most, value);
    }
    if (value.intValue() < 0 || value.intValue() > most) {
      throw bad(name, "a number from 0 to " + most, value);
    }
    return value.intValue();
  }

  JsonFields object(String name) {
    return new JsonFields(where + ": " + name, object.path(name));
  }

  List<JsonFields> objects(String name) {
    List<JsonFields> items = new ArrayList<>();
    for (JsonNode item : array(name)) {
      items.add(new JsonFields(where + ": " + name + "[" + items.size() + "]", item));
    }
    return items;
  }

  JsonNode array(String name) {
    JsonNode value = object.path(name);
    if (!value.isArray()) {
      throw bad(name, "an array", value);
    }
    return value;
  }

  /** The error of a field: got {@code value}, expected something else. */
  BadInputException bad(String name, String expected, JsonNode value) {
    return new BadInputException(
        where + ": " + name + " is " + kind(value) + ", expected " + expected);
  }

  static String kind(JsonNode value) {
    if (value.isMissingNode()) {
      return "missing";
    }
    if (value.isContainer()) {
      return value.isArray() ? "an array" : "an object";
    }
    String text = value.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
