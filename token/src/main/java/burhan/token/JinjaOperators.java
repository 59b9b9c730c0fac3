package burhan.token;

import burhan.tensor.BadInputException;
import burhan.token.JinjaValue.Bool;
import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Function;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.Loop;
import burhan.token.JinjaValue.None;
import burhan.token.JinjaValue.Real;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Space;
import burhan.token.JinjaValue.Stream;
import burhan.token.JinjaValue.Undefined;
import java.util.ArrayList;
import java.util.List;

/** Python's operators on a template's values: truth, equality, order, arithmetic, membership. */
final class JinjaOperators {
  private JinjaOperators() {}

  static BadInputException error(String what) {
    return new BadInputException("chat template: " + what);
  }

  static String type(JinjaValue value) {
    return switch (value) {
      case MarkedText _ -> "a string";
      case Undefined(String name) -> "'" + name + "', which is undefined";
      case None _ -> "None";
      case Bool _ -> "a boolean";
      case Int _ -> "an integer";
      case Real _ -> "a float";
      case Row row -> row.kind() == Row.Kind.TUPLE ? "a tuple" : "a list";
      case Dict _ -> "a mapping";
      case Space _ -> "a namespace";
      case Stream _ -> "a generator";
      case Function _ -> "a function";
      case Loop _ -> "a loop";
    };
  }

  static boolean isTrue(JinjaValue value) {
    return switch (value) {
      case MarkedText text -> !text.isEmpty();
      case Undefined _, None _ -> false;
      case Bool(boolean b) -> b;
      case Int(long n) -> n != 0;
      case Real(double x) -> x != 0;
      case Row(List<JinjaValue> items, _) -> !items.isEmpty();
      case Dict dict -> dict.size() > 0;
      case Space _, Stream _, Function _, Loop _ -> true;
    };
  }

  /** What a value is as the key of a mapping. */
  static Object key(JinjaValue value) {
    return switch (value) {
      case MarkedText text -> text.value();
      case None none -> none;
      case Bool(boolean b) -> b ? 1L : 0L;
      case Int(long n) -> n;
      case Real(double x) -> x == Math.rint(x) && Math.abs(x) < 1e15 ? (Object) (long) x : x;
      case Undefined _, Row _, Dict _, Space _, Stream _, Function _, Loop _ ->
          throw error("cannot use " + type(value) + " as a key");
    };
  }

  static boolean equal(JinjaValue a, JinjaValue b, JinjaBudget budget) {
    budget.step();
    if (isNumber(a) && isNumber(b)) {
      boolean reals = a instanceof Real || b instanceof Real;
      return reals ? real(a) == real(b) : integer(a) == integer(b);
    }
    if (a instanceof MarkedText x && b instanceof MarkedText y) {
      budget.read(x.length() == y.length() ? x.length() : 0);
      return x.equals(y);
    }
    if (a instanceof Row x && b instanceof Row y) {
      boolean equal = x.kind() == y.kind() && x.items().size() == y.items().size();
      for (int i = 0; equal && i < x.items().size(); i++) {
        equal = equal(x.items().get(i), y.items().get(i), budget);
      }
      return equal;
    }
    if (a instanceof Dict x && b instanceof Dict y) {
      boolean equal = x.size() == y.size();
      for (Dict.Entry entry : x.entries()) {
        JinjaValue other = equal ? y.get(entry.key()) : null;
        equal = other != null && equal(entry.value(), other, budget);
      }
      return equal;
    }
    // What is left is equal to itself only; rows of different kinds are told apart above.
    return !(a instanceof Row)
        && (a.equals(b) || (a instanceof Undefined && b instanceof Undefined));
  }

  /** Negative, zero or positive, or an error for what has no order. */
  static int compare(JinjaValue a, JinjaValue b, JinjaBudget budget) {
    budget.step();
    if (isNumber(a) && isNumber(b)) {
      return a instanceof Real || b instanceof Real
          ? Double.compare(real(a), real(b))
          : Long.compare(integer(a), integer(b));
    }
    if (a instanceof MarkedText x && b instanceof MarkedText y) {
      budget.read(Math.min(x.length(), y.length()));
      return comparePoints(x.value(), y.value());
    }
    if (a instanceof Row x && b instanceof Row y) {
      int common = Math.min(x.items().size(), y.items().size());
      for (int i = 0; i < common; i++) {
        if (!equal(x.items().get(i), y.items().get(i), budget)) {
          return compare(x.items().get(i), y.items().get(i), budget);
        }
      }
      return Integer.compare(x.items().size(), y.items().size());
    }
    throw error("cannot compare " + type(a) + " with " + type(b));
  }

  // Python orders by code point; UTF-16 order differs where surrogates meet U+E000 and up.
  private static int comparePoints(String x, String y) {
    int common = Math.min(x.length(), y.length());
    for (int i = 0; i < common; i++) {
      if (x.charAt(i) != y.charAt(i)) {
        return Integer.compare(x.codePointAt(i), y.codePointAt(i));
      }
    }
    return Integer.compare(x.length(), y.length());
  }

  static boolean contains(JinjaValue all, JinjaValue one, JinjaBudget budget) {
    return switch (all) {
      case MarkedText text when one instanceof MarkedText part -> {
        // A naive search can look at every place with the whole of the part.
        budget.read((long) text.length() * Math.min(part.length(), 64));
        budget.work(part.length() > 64 ? (long) text.length() * part.length() / 1024 : 0);
        yield text.value().contains(part.value());
      }
      case Row(List<JinjaValue> items, _) -> containsItem(items, one, budget);
      case Stream stream -> containsItem(stream.take(), one, budget);
      case Dict dict -> dict.get(one) != null;
      case Undefined _ -> false;
      case MarkedText _, None _, Bool _, Int _, Real _, Space _, Function _, Loop _ ->
          throw error("cannot look for " + type(one) + " in " + type(all));
    };
  }

  private static boolean containsItem(List<JinjaValue> items, JinjaValue one, JinjaBudget budget) {
    for (JinjaValue item : items) {
      if (equal(item, one, budget)) {
        return true;
      }
    }
    return false;
  }

  /** What a for loop goes through. */
  static List<JinjaValue> iterate(JinjaValue value, JinjaBudget budget) {
    return switch (value) {
      case Row(List<JinjaValue> items, _) -> items;
      case Dict dict -> dict.keys();
      case Stream stream -> stream.take();
      case Undefined _ -> List.of();
      case MarkedText text -> {
        budget.make(8L * text.length());
        List<JinjaValue> points = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); ) {
          int next = i + Character.charCount(text.value().codePointAt(i));
          points.add(text.part(i, next));
          i = next;
        }
        yield points;
      }
      case None _, Bool _, Int _, Real _, Space _, Function _, Loop _ ->
          throw error("cannot go through " + type(value));
    };
  }

  static boolean isNumber(JinjaValue value) {
    return value instanceof Int || value instanceof Real || value instanceof Bool;
  }

  static long integer(JinjaValue value) {
    return switch (value) {
      case Int(long n) -> n;
      case Bool(boolean b) -> b ? 1 : 0;
      case MarkedText _,
          Undefined _,
          None _,
          Real _,
          Row _,
          Dict _,
          Space _,
          Stream _,
          Function _,
          Loop _ ->
          throw error("expected an integer, got " + type(value));
    };
  }

  static double real(JinjaValue value) {
    return value instanceof Real(double x) ? x : integer(value);
  }

  /** {@code a op b} for + - * / // % and **. */
  static JinjaValue arithmetic(String op, JinjaValue a, JinjaValue b, JinjaBudget budget) {
    if (isNumber(a) && isNumber(b)) {
      return a instanceof Real || b instanceof Real || op.equals("/")
          ? reals(op, real(a), real(b))
          : integers(op, integer(a), integer(b));
    }
    switch (op) {
      case "+" -> {
        if (a instanceof MarkedText x && b instanceof MarkedText y) {
          budget.make((long) x.length() + y.length());
          return new MarkedText.Builder().append(x).append(y).build();
        }
        if (a instanceof Row x && b instanceof Row y && x.kind() == y.kind()) {
          budget.make(8L * (x.items().size() + y.items().size()));
          List<JinjaValue> all = new ArrayList<>(x.items());
          all.addAll(y.items());
          return new Row(all, x.kind());
        }
      }
      case "*" -> {
        if (isNumber(a) || isNumber(b)) {
          return isNumber(a) ? repeat(b, integer(a), budget) : repeat(a, integer(b), budget);
        }
      }
      case "%" -> {
        if (a instanceof MarkedText format) {
          return JinjaFormat.percent(format, b, budget);
        }
      }
      default -> {}
    }
    throw error("cannot compute " + type(a) + " " + op + " " + type(b));
  }

  private static JinjaValue repeat(JinjaValue value, long times, JinjaBudget budget) {
    int count = Math.clamp(times, 0, 64_000_001);
    if (value instanceof MarkedText text) {
      budget.make((long) text.length() * count);
      MarkedText.Builder out = new MarkedText.Builder();
      for (int i = 0; i < count && !text.isEmpty(); i++) {
        out.append(text);
      }
      return out.build();
    }
    if (value instanceof Row row) {
      budget.make(8L * row.items().size() * count);
      List<JinjaValue> all = new ArrayList<>();
      for (int i = 0; i < count && !row.items().isEmpty(); i++) {
        all.addAll(row.items());
      }
      return new Row(all, row.kind());
    }
    throw error("cannot repeat " + type(value));
  }

  private static JinjaValue integers(String op, long a, long b) {
    if (op.equals("**") && b < 0) {
      return new Real(Math.pow((double) a, (double) b));
    }
    try {
      return new Int(
          switch (op) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, nonZero(b));
            case "%" -> Math.floorMod(a, nonZero(b));
            default -> power(a, b);
          });
    } catch (ArithmeticException e) {
      throw new BadInputException("chat template: a number does not fit into 64 bits", e);
    }
  }

  private static long power(long base, long exponent) {
    if (base == 0 || base == 1 || exponent == 0) {
      return exponent == 0 ? 1 : base;
    }
    if (base == -1) {
      return exponent % 2 == 0 ? 1 : -1;
    }
    long result = 1;
    for (long i = 0; i < exponent; i++) { // ends by overflow after 63 rounds at most
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw error("division by zero");
    }
    return divisor;
  }

  private static JinjaValue reals(String op, double a, double b) {
    if (b == 0 && (op.equals("/") || op.equals("//") || op.equals("%"))) {
      throw error("division by zero");
    }
    return new Real(
        switch (op) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> a / b;
          case "//" -> Math.floor(a / b);
          case "%" -> a - b * Math.floor(a / b);
          default -> Math.pow(a, b);
        });
  }
}
