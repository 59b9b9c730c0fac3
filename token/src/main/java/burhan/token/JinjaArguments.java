package burhan.token;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, by place and by name. */
record JinjaArguments(String function, List<JinjaValue> positional, Map<String, JinjaValue> named) {

  /** The argument, or null. */
  @Nullable JinjaValue find(int place, String name) {
    return place >= 0 && place < positional.size() ? positional.get(place) : named.get(name);
  }

  boolean has(int place, String name) {
    return find(place, name) != null;
  }

  JinjaValue value(int place, String name) {
    JinjaValue value = find(place, name);
    if (value == null) {
      throw JinjaOperators.error(function + "() lacks its argument '" + name + "'");
    }
    return value;
  }

  JinjaValue value(int place, String name, JinjaValue otherwise) {
    JinjaValue value = find(place, name);
    return value == null ? otherwise : value;
  }

  MarkedText text(int place, String name) {
    return text(value(place, name), name);
  }

  MarkedText text(int place, String name, MarkedText otherwise) {
    JinjaValue value = find(place, name);
    return value == null ? otherwise : text(value, name);
  }

  private MarkedText text(JinjaValue value, String name) {
    if (value instanceof MarkedText text) {
      return text;
    }
    throw JinjaOperators.error(
        function + "(): '" + name + "' must be a string, got " + JinjaOperators.type(value));
  }

  boolean flag(int place, String name, boolean otherwise) {
    JinjaValue value = find(place, name);
    return value == null ? otherwise : JinjaOperators.isTrue(value);
  }

  long integer(int place, String name, long otherwise) {
    JinjaValue value = find(place, name);
    return value == null ? otherwise : JinjaOperators.integer(value);
  }

  /** A number of things to make: not negative, and small enough to make. */
  int size(int place, String name, long otherwise) {
    long value = integer(place, name, otherwise);
    if (value > JinjaBudget.LARGEST) {
      throw JinjaOperators.error(function + "(): '" + name + "' of " + value + " is too large");
    }
    return (int) Math.max(value, 0);
  }

  /** Refuses more arguments than the function knows. */
  JinjaArguments atMost(int most) {
    if (positional.size() > most) {
      throw JinjaOperators.error(
          function + "() takes at most " + most + " arguments, got " + positional.size());
    }
    return this;
  }
}
