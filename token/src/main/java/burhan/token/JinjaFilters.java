package burhan.token;

import burhan.token.JinjaPrinter.JsonStyle;
import burhan.token.JinjaValue.Bool;
import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.None;
import burhan.token.JinjaValue.Real;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Stream;
import burhan.token.JinjaValue.Undefined;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The filters behind {@code |}; those over several values are {@link JinjaRows}. */
final class JinjaFilters {
  private final JinjaBudget budget;
  private final JinjaMembers members;
  private final JinjaStrings strings;
  private final JinjaRows rows;

  JinjaFilters(JinjaBudget budget, JinjaMembers members, JinjaTests tests) {
    this.budget = budget;
    this.members = members;
    this.strings = new JinjaStrings(budget);
    this.rows = new JinjaRows(budget, members, tests, this);
  }

  JinjaValue apply(String name, JinjaValue value, JinjaArguments arguments) {
    JinjaValue result = onText(name, value, arguments);
    if (result == null) {
      result = onOne(name, value, arguments);
    }
    if (result == null) {
      result = rows.apply(name, value, arguments);
    }
    if (result == null) {
      throw JinjaOperators.error("unknown filter '" + name + "'");
    }
    return result;
  }

  private @Nullable JinjaValue onText(String name, JinjaValue value, JinjaArguments a) {
    return switch (name) {
      case "string", "safe" -> string(value);
      case "upper" -> string(value).mapped(string(value).value().toUpperCase(Locale.ROOT));
      case "lower" -> string(value).mapped(string(value).value().toLowerCase(Locale.ROOT));
      case "capitalize" -> JinjaStrings.capitalized(string(value));
      case "title" -> title(string(value));
      case "trim" -> {
        JinjaValue chars = a.value(0, "chars", JinjaValue.NONE);
        yield strings.strip(
            string(value), chars instanceof None ? null : a.text(0, "chars").value(), true, true);
      }
      case "replace" ->
          strings.replace(
              string(value),
              string(a.value(0, "old")),
              string(a.value(1, "new")),
              a.value(2, "count", JinjaValue.NONE) instanceof None
                  ? -1
                  : a.integer(2, "count", -1));
      case "indent" -> indent(string(value), a);
      case "center" ->
          strings.pad(string(value), a.size(0, "width", 80), MarkedText.trusted(" "), 1);
      case "truncate" -> truncate(string(value), a);
      case "wordcount" -> new Int(strings.words(string(value), -1).items().size());
      case "format" ->
          JinjaFormat.percent(
              string(value),
              a.named().isEmpty() ? new Row(a.positional(), Row.Kind.TUPLE) : dict(a),
              budget);
      case "e", "escape", "forceescape" -> escape(string(value));
      case "tojson" -> JinjaPrinter.json(value, style(a), budget);
      default -> null;
    };
  }

  private @Nullable JinjaValue onOne(String name, JinjaValue value, JinjaArguments a) {
    return switch (name) {
      case "default", "d" -> {
        boolean missing =
            value instanceof Undefined
                || (a.flag(1, "boolean", false) && !JinjaOperators.isTrue(value));
        yield missing ? a.value(0, "default_value", MarkedText.EMPTY) : value;
      }
      case "length", "count" -> new Int(members.length(value));
      case "abs" -> JinjaOperators.real(value) < 0 ? negated(value) : value;
      case "int" -> integer(value, a);
      case "float" -> real(value, a);
      case "round" -> round(value, a);
      case "attr" -> {
        JinjaValue found = members.attribute(value, a.text(0, "name").value());
        yield value instanceof Dict ? new Undefined(a.text(0, "name").value()) : found;
      }
      case "items" -> {
        if (value instanceof Undefined) {
          yield new Stream(List.of());
        }
        if (!(value instanceof Dict dict)) {
          throw JinjaOperators.error("items needs a mapping, got " + JinjaOperators.type(value));
        }
        yield new Stream(members.items(dict).items());
      }
      default -> null;
    };
  }

  private MarkedText string(JinjaValue value) {
    MarkedText text = JinjaPrinter.string(value, budget);
    budget.make(text.length());
    return text;
  }

  private static Dict dict(JinjaArguments arguments) {
    Dict dict = new Dict();
    arguments.named().forEach((name, value) -> dict.put(MarkedText.trusted(name), value));
    return dict;
  }

  private JinjaValue negated(JinjaValue value) {
    return JinjaOperators.arithmetic("-", new Int(0), value, budget);
  }

  private JinjaValue integer(JinjaValue value, JinjaArguments a) {
    JinjaValue otherwise = a.value(0, "default", new Int(0));
    if (value instanceof Int || value instanceof Bool) {
      return new Int(JinjaOperators.integer(value));
    }
    if (value instanceof MarkedText text) {
      String digits = text.value().strip().replace("_", "");
      if (digits.matches("[-+]?[0-9]{1,18}")) {
        return new Int(Long.parseLong(digits));
      }
    }
    JinjaValue number = value instanceof Real ? value : parsed(value);
    boolean fits = number instanceof Real(double x) && Math.abs(x) < 9e18;
    return fits ? new Int((long) JinjaOperators.real(number)) : otherwise;
  }

  private static JinjaValue real(JinjaValue value, JinjaArguments a) {
    if (JinjaOperators.isNumber(value)) {
      return new Real(JinjaOperators.real(value));
    }
    JinjaValue number = parsed(value);
    return number instanceof Real ? number : a.value(0, "default", new Real(0));
  }

  private static JinjaValue parsed(JinjaValue value) {
    String text = value instanceof MarkedText marked ? marked.value().strip() : "";
    // Java would also take 1f, 0x1p3 and the like.
    return text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")
        ? new Real(Double.parseDouble(text))
        : JinjaValue.NONE;
  }

  private static JinjaValue round(JinjaValue value, JinjaArguments a) {
    int places = Math.clamp(a.integer(0, "precision", 0), -300, 300);
    double x = JinjaOperators.real(value);
    String method = a.text(1, "method", MarkedText.trusted("common")).value();
    RoundingMode mode =
        switch (method) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw JinjaOperators.error("round: unknown method '" + method + "'");
        };
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return new Real(x);
    }
    double rounded = new BigDecimal(x).setScale(places, mode).doubleValue();
    return value instanceof Real || !method.equals("common")
        ? new Real(rounded)
        : new Int((long) rounded);
  }

  private MarkedText indent(MarkedText text, JinjaArguments a) {
    JinjaValue width = a.value(0, "width", new Int(4));
    MarkedText by =
        width instanceof MarkedText prefix
            ? prefix
            : MarkedText.trusted(" ".repeat(a.size(0, "width", 4)));
    boolean first = a.flag(1, "first", false);
    boolean blank = a.flag(2, "blank", false);
    List<JinjaValue> lines = strings.lines(text, false).items();
    boolean endsLine = text.isEmpty() || text.value().endsWith("\n");
    MarkedText.Builder out = new MarkedText.Builder();
    for (int i = 0; i < lines.size() + (endsLine ? 1 : 0); i++) {
      MarkedText line = i < lines.size() ? (MarkedText) lines.get(i) : MarkedText.EMPTY;
      boolean indents = i == 0 ? first : blank || !line.isEmpty();
      budget.make((long) line.length() + by.length() + 1);
      out.trusted(i > 0 ? "\n" : "").append(indents ? by : MarkedText.EMPTY).append(line);
    }
    return out.build();
  }

  private static MarkedText truncate(MarkedText text, JinjaArguments a) {
    long length = a.integer(0, "length", 255);
    MarkedText end = a.text(2, "end", MarkedText.trusted("..."));
    long leeway = a.integer(3, "leeway", 5);
    if (length < end.points()) {
      throw JinjaOperators.error("truncate: a length of " + length + " has no room for the end");
    }
    if (text.points() <= length + leeway) {
      return text;
    }
    MarkedText cut = text.part(0, text.index((int) length - end.points()));
    int space = cut.value().lastIndexOf(' ');
    cut = a.flag(1, "killwords", false) || space < 0 ? cut : cut.part(0, space);
    return new MarkedText.Builder().append(cut).append(end).build();
  }

  private static MarkedText title(MarkedText text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean begins = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.value().charAt(i);
      out.append(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
      begins = JinjaStrings.isSpace(c) || "-({[<".indexOf(c) >= 0;
    }
    return text.mapped(out.toString());
  }

  private MarkedText escape(MarkedText text) {
    MarkedText escaped = text;
    String[] pairs = {"&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", "\"", "&#34;"};
    for (int i = 0; i < pairs.length; i += 2) {
      escaped =
          strings.replace(
              escaped, MarkedText.trusted(pairs[i]), MarkedText.trusted(pairs[i + 1]), -1);
    }
    return escaped;
  }

  private JsonStyle style(JinjaArguments a) {
    JinjaValue indent = a.value(1, "indent", JinjaValue.NONE);
    String by =
        switch (indent) {
          case MarkedText text when text.length() <= 16 -> text.value();
          case Int(long n) when n <= 16 -> " ".repeat((int) Math.max(n, 0));
          case Bool(boolean b) -> b ? " " : "";
          default -> null;
        };
    if (by == null && !(indent instanceof None)) {
      throw JinjaOperators.error("tojson: expected an indentation of at most 16 characters");
    }
    String item = by == null ? ", " : ",";
    String key = ": ";
    if (a.value(2, "separators", JinjaValue.NONE) instanceof Row row && row.items().size() == 2) {
      item = string(row.items().get(0)).value();
      key = string(row.items().get(1)).value();
    }
    return new JsonStyle(
        by, item, key, a.flag(3, "sort_keys", false), a.flag(0, "ensure_ascii", false));
  }
}
