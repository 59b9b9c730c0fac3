package burhan.token;

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
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values as text, as Python writes them: {@code str}, {@code repr} and {@code json.dumps}. What
 * Python would print as an address in memory is an error here.
 */
final class JinjaPrinter {
  private final JinjaBudget budget;
  private final StringBuilder out = new StringBuilder();
  private boolean sawInput;

  private JinjaPrinter(JinjaBudget budget) {
    this.budget = budget;
  }

  /** {@code str(value)}. */
  static MarkedText string(JinjaValue value, JinjaBudget budget) {
    if (value instanceof MarkedText text) {
      return text;
    }
    if (value instanceof Undefined) {
      return MarkedText.EMPTY;
    }
    JinjaPrinter printer = new JinjaPrinter(budget);
    printer.repr(value);
    return printer.text();
  }

  /** How a list would show the value. */
  static MarkedText repr(JinjaValue value, JinjaBudget budget) {
    JinjaPrinter printer = new JinjaPrinter(budget);
    printer.repr(value);
    return printer.text();
  }

  /** {@code json.dumps(value, ensure_ascii=False, ...)}. */
  static MarkedText json(JinjaValue value, JsonStyle style, JinjaBudget budget) {
    JinjaPrinter printer = new JinjaPrinter(budget);
    printer.json(value, style, 0);
    return printer.text();
  }

  /**
   * How JSON is laid out.
   *
   * @param indent what each level is indented with; null puts everything on one line
   */
  record JsonStyle(
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      boolean sortKeys,
      boolean ascii) {}

  private MarkedText text() {
    return sawInput ? MarkedText.input(out.toString()) : MarkedText.trusted(out.toString());
  }

  private void write(String text) {
    budget.make(text.length());
    out.append(text);
  }

  private void repr(JinjaValue value) {
    budget.enter();
    switch (value) {
      case MarkedText text -> quote(text);
      case Undefined _ -> write("Undefined");
      case None _ -> write("None");
      case Bool(boolean b) -> write(b ? "True" : "False");
      case Int(long n) -> write(Long.toString(n));
      case Real(double x) -> write(real(x));
      case Row row -> reprRow(row);
      case Dict dict -> {
        String separator = "{";
        for (Dict.Entry entry : dict.entries()) {
          write(separator);
          repr(entry.key());
          write(": ");
          repr(entry.value());
          separator = ", ";
        }
        write(dict.size() == 0 ? "{}" : "}");
      }
      case Space _, Stream _, Function _, Loop _ -> throw unprintable(value);
    }
    budget.leave();
  }

  private void reprRow(Row row) {
    if (row.kind() == Row.Kind.VIEW) {
      throw unprintable(row);
    }
    boolean isTuple = row.kind() == Row.Kind.TUPLE;
    write(isTuple ? "(" : "[");
    List<JinjaValue> items = row.items();
    for (int i = 0; i < items.size(); i++) {
      write(i > 0 ? ", " : "");
      repr(items.get(i));
    }
    write(isTuple ? items.size() == 1 ? ",)" : ")" : "]");
  }

  private static RuntimeException unprintable(JinjaValue value) {
    return JinjaOperators.error(
        "cannot print " + JinjaOperators.type(value) + "; turn it to a list");
  }

  private void quote(MarkedText text) {
    sawInput |= text.hasInput();
    String value = text.value();
    budget.make(2L * value.length());
    char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    value
        .codePoints()
        .forEach(point -> {
          switch (point) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
              if (point == quote) {
                out.append('\\').append(quote);
              } else if (isPrintable(point)) {
                out.appendCodePoint(point);
              } else if (point < 0x100) {
                out.append(String.format("\\x%02x", point));
              } else {
                out.append(String.format(point < 0x10000 ? "\\u%04x" : "\\U%08x", point));
              }
            }
          }
        });
    out.append(quote);
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }

  /** {@code repr} of a float: the shortest digits, with an exponent below 1e-4 and from 1e16 on. */
  static String real(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Double.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    }
    if (x == 0) {
      return 1 / x < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(x)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = shortest.unscaledValue().abs().toString();
    return (x < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private void json(JinjaValue value, JsonStyle style, int level) {
    budget.enter();
    switch (value) {
      case MarkedText text -> jsonString(text, style.ascii());
      case None _ -> write("null");
      case Bool(boolean b) -> write(b ? "true" : "false");
      case Int(long n) -> write(Long.toString(n));
      case Real(double x) -> write(jsonReal(x));
      case Row row when row.kind() != Row.Kind.VIEW -> {
        String separator = "[";
        for (JinjaValue item : row.items()) {
          separate(separator, style, level + 1);
          json(item, style, level + 1);
          separator = style.itemSeparator();
        }
        close(row.items().isEmpty(), "[]", "]", style, level);
      }
      case Dict dict -> {
        String separator = "{";
        for (Dict.Entry entry : entries(dict, style)) {
          separate(separator, style, level + 1);
          jsonKey(entry.key(), style);
          write(style.keySeparator());
          json(entry.value(), style, level + 1);
          separator = style.itemSeparator();
        }
        close(dict.size() == 0, "{}", "}", style, level);
      }
      case Row _, Undefined _, Space _, Stream _, Function _, Loop _ ->
          throw JinjaOperators.error(
              "tojson cannot write " + JinjaOperators.type(value) + " as JSON");
    }
    budget.leave();
  }

  private List<Dict.Entry> entries(Dict dict, JsonStyle style) {
    List<Dict.Entry> entries = dict.entries();
    return style.sortKeys()
        ? entries.stream()
            .sorted((a, b) -> JinjaOperators.compare(a.key(), b.key(), budget))
            .toList()
        : entries;
  }

  private void separate(String separator, JsonStyle style, int level) {
    write(separator);
    if (style.indent() != null) {
      write("\n");
      write(style.indent().repeat(level));
    }
  }

  private void close(boolean empty, String whole, String end, JsonStyle style, int level) {
    if (empty) {
      write(whole);
    } else {
      separate("", style, level);
      write(end);
    }
  }

  private void jsonKey(JinjaValue key, JsonStyle style) {
    if (key instanceof MarkedText text) {
      jsonString(text, style.ascii());
      return;
    }
    write("\"");
    json(key, style, 0);
    write("\"");
  }

  private static String jsonReal(double x) {
    return Double.isNaN(x)
        ? "NaN"
        : Double.isInfinite(x) ? (x > 0 ? "Infinity" : "-Infinity") : real(x);
  }

  private void jsonString(MarkedText text, boolean ascii) {
    sawInput |= text.hasInput();
    String value = text.value();
    budget.make(2L * value.length());
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7E)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
