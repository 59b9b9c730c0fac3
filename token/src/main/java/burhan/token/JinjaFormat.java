package burhan.token;

import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;

/** Python's two ways to fill values into a text: {@code '%s' % x} and {@code '{}'.format(x)}. */
final class JinjaFormat {
  private JinjaFormat() {}

  /** {@code format % value}, with %s %r %d %i %f %x and %%. */
  static MarkedText percent(MarkedText format, JinjaValue value, JinjaBudget budget) {
    List<JinjaValue> values =
        value instanceof Row row && row.kind() == Row.Kind.TUPLE ? row.items() : List.of(value);
    MarkedText.Builder out = new MarkedText.Builder();
    String text = format.value();
    int used = 0;
    int from = 0;
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
      out.append(format, from, at);
      int end = at + 1;
      JinjaValue given = null;
      if (end < text.length() && text.charAt(end) == '(') {
        int close = text.indexOf(')', end);
        given = close > 0 && value instanceof Dict d ? d.get(text.substring(end + 1, close)) : null;
        if (given == null) {
          throw JinjaOperators.error("cannot fill '" + text.substring(at) + "'");
        }
        end = close + 1;
      }
      int spec = end;
      while (end < text.length() && "-+ #0123456789.".indexOf(text.charAt(end)) >= 0) {
        end++;
      }
      if (end == text.length()) {
        throw JinjaOperators.error("a format ends within '" + text.substring(at) + "'");
      }
      char conversion = text.charAt(end);
      from = end + 1;
      if (conversion == '%') {
        out.trusted("%");
        continue;
      }
      if (given == null) {
        if (used == values.size()) {
          throw JinjaOperators.error("a format needs more values than its " + used);
        }
        given = values.get(used++);
      }
      MarkedText filled = one(given, text.substring(spec, end), conversion, budget);
      budget.make(filled.length());
      out.append(filled);
    }
    if (used < values.size() && !(value instanceof Dict)) {
      throw JinjaOperators.error("a format got more values than it needs");
    }
    return out.append(format, from, text.length()).build();
  }

  private static MarkedText one(
      JinjaValue value, String spec, char conversion, JinjaBudget budget) {
    MarkedText text =
        switch (conversion) {
          case 's' -> JinjaPrinter.string(value, budget);
          case 'r' -> JinjaPrinter.repr(value, budget);
          case 'd', 'i', 'x', 'X', 'f', 'e' -> number(value, spec, conversion);
          default -> throw JinjaOperators.error("unknown format '%" + conversion + "'");
        };
    if (conversion == 's' || conversion == 'r') {
      int width = width(spec);
      return new JinjaStrings(budget)
          .pad(text, width, MarkedText.trusted(" "), spec.startsWith("-") ? 0 : 2);
    }
    return text;
  }

  private static int width(String spec) {
    String digits = spec.replaceAll("\\..*|[^0-9]", "");
    if (digits.length() > 4) {
      throw JinjaOperators.error("a format asks for a width of " + digits);
    }
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static MarkedText number(JinjaValue value, String spec, char conversion) {
    if (!JinjaOperators.isNumber(value)) {
      throw JinjaOperators.error(
          "%" + conversion + " needs a number, got " + JinjaOperators.type(value));
    }
    if (!spec.matches("[-+ 0]{0,2}[0-9]{0,3}(\\.[0-9]{0,2})?")) {
      throw JinjaOperators.error("cannot read the format '%" + spec + conversion + "'");
    }
    try {
      return MarkedText.trusted(
          switch (conversion) {
            case 'f' -> fixed(JinjaOperators.real(value), spec);
            case 'e' -> String.format(Locale.ROOT, "%" + spec + "e", JinjaOperators.real(value));
            default ->
                String.format(
                    Locale.ROOT,
                    "%" + spec.replaceAll("\\..*", "") + (conversion == 'i' ? 'd' : conversion),
                    value instanceof JinjaValue.Real(double x)
                        ? (long) x
                        : JinjaOperators.integer(value));
          });
    } catch (IllegalFormatException e) {
      throw JinjaOperators.error("cannot read the format '%" + spec + conversion + "'");
    }
  }

  // Python rounds the exact binary value, and a tie to even; Java rounds a tie up.
  private static String fixed(double x, String spec) {
    int point = spec.indexOf('.');
    String digits = point < 0 ? "6" : "0" + spec.substring(point + 1);
    return Double.isNaN(x) || Double.isInfinite(x)
        ? JinjaPrinter.real(x)
        : String.format(
            Locale.ROOT,
            "%" + spec + "f",
            new BigDecimal(x).setScale(Integer.parseInt(digits), RoundingMode.HALF_EVEN));
  }

  /** {@code format.format(...)}, with {}, {0} and {name}; no format specifications. */
  static MarkedText braces(MarkedText format, JinjaArguments arguments, JinjaBudget budget) {
    MarkedText.Builder out = new MarkedText.Builder();
    String text = format.value();
    int place = 0;
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != '{' && c != '}') {
        continue;
      }
      out.append(format, from, at);
      if (text.startsWith(c == '{' ? "{{" : "}}", at)) {
        out.append(format, at, at + 1);
        at++;
      } else {
        int close = c == '{' ? text.indexOf('}', at) : -1;
        if (close < 0) {
          throw JinjaOperators.error("format(): a single '" + c + "'");
        }
        String field = text.substring(at + 1, close);
        JinjaValue value =
            field.isEmpty()
                ? arguments.find(place++, "")
                : field.matches("[0-9]{1,4}")
                    ? arguments.find(Integer.parseInt(field), "")
                    : arguments.named().get(field);
        if (value == null) {
          throw JinjaOperators.error("format(): nothing to put for '{" + field + "}'");
        }
        MarkedText filled = JinjaPrinter.string(value, budget);
        budget.make(filled.length());
        out.append(filled);
        at = close;
      }
      from = at + 1;
    }
    return out.append(format, from, text.length()).build();
  }
}
