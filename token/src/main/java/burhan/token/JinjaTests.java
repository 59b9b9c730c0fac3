package burhan.token;

import burhan.token.JinjaValue.Bool;
import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Function;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.None;
import burhan.token.JinjaValue.Real;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Stream;
import burhan.token.JinjaValue.Undefined;

/** The tests behind {@code is}. */
final class JinjaTests {
  private final JinjaBudget budget;

  JinjaTests(JinjaBudget budget) {
    this.budget = budget;
  }

  boolean holds(String name, JinjaValue value, JinjaArguments arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value instanceof None;
      case "true" -> value instanceof Bool(boolean b) && b;
      case "false" -> value instanceof Bool(boolean b) && !b;
      case "boolean" -> value instanceof Bool;
      case "integer" -> value instanceof Int;
      case "float" -> value instanceof Real;
      case "number" -> JinjaOperators.isNumber(value);
      case "string" -> value instanceof MarkedText;
      case "mapping" -> value instanceof Dict;
      case "sequence" ->
          value instanceof MarkedText
              || value instanceof Row
              || value instanceof Dict
              || value instanceof Undefined;
      case "iterable" ->
          value instanceof MarkedText
              || value instanceof Row
              || value instanceof Dict
              || value instanceof Stream
              || value instanceof Undefined;
      case "callable" -> value instanceof Function;
      case "odd" -> Math.floorMod(JinjaOperators.integer(value), 2) == 1;
      case "even" -> Math.floorMod(JinjaOperators.integer(value), 2) == 0;
      case "divisibleby" -> isDivisible(value, arguments.value(0, "num"));
      case "upper" -> JinjaStrings.isCased(JinjaPrinter.string(value, budget).value(), true);
      case "lower" -> JinjaStrings.isCased(JinjaPrinter.string(value, budget).value(), false);
      case "sameas" -> isSame(value, arguments.value(0, "other"));
      case "in" -> JinjaOperators.contains(arguments.value(0, "seq"), value, budget);
      case "eq", "equalto", "==" ->
          JinjaOperators.equal(value, arguments.value(0, "other"), budget);
      case "ne", "!=" -> !JinjaOperators.equal(value, arguments.value(0, "other"), budget);
      case "lt", "lessthan", "<" -> order(value, arguments) < 0;
      case "le", "<=" -> order(value, arguments) <= 0;
      case "gt", "greaterthan", ">" -> order(value, arguments) > 0;
      case "ge", ">=" -> order(value, arguments) >= 0;
      case "escaped" -> false;
      default -> throw JinjaOperators.error("unknown test '" + name + "'");
    };
  }

  private int order(JinjaValue value, JinjaArguments arguments) {
    return JinjaOperators.compare(value, arguments.value(0, "other"), budget);
  }

  private boolean isDivisible(JinjaValue value, JinjaValue by) {
    JinjaValue rest = JinjaOperators.arithmetic("%", value, by, budget);
    return JinjaOperators.equal(rest, new Int(0), budget);
  }

  private static boolean isSame(JinjaValue value, JinjaValue other) {
    return !(value instanceof Row) && value.equals(other);
  }
}
