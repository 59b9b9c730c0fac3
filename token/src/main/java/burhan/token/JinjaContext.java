package burhan.token;

import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Function;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.Real;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Space;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a template finds when it begins: the conversation as values, and a few functions. */
final class JinjaContext {
  private static final int DEEPEST = 200;

  private final JinjaBudget budget;
  private final Clock clock;

  JinjaContext(JinjaBudget budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
  }

  JinjaScope scope(Map<String, ?> context) {
    JinjaScope functions = new JinjaScope(null);
    function(functions, "range", this::range);
    function(functions, "namespace", this::namespace);
    function(functions, "dict", this::dict);
    function(functions, "cycler", this::cycler);
    function(functions, "joiner", this::joiner);
    function(functions, "strftime_now", a -> strftime(a.text(0, "format").value()));
    function(
        functions,
        "raise_exception",
        a -> {
          throw JinjaOperators.error(JinjaPrinter.string(a.value(0, "message"), budget).value());
        });
    JinjaScope scope = new JinjaScope(functions);
    context.forEach((name, value) -> {
      // bos_token and its like are the tokenizer's, not the conversation's.
      boolean trusted = name.endsWith("_token") && value instanceof String;
      scope.set(name, trusted ? MarkedText.trusted(String.valueOf(value)) : value(value, 0));
    });
    return scope;
  }

  private static void function(JinjaScope scope, String name, Function.Body body) {
    scope.set(name, new Function(name, body));
  }

  /** A Java value as a template's: null, booleans, numbers, strings, collections, maps, JSON. */
  static JinjaValue value(@Nullable Object value, int depth) {
    if (depth > DEEPEST) {
      throw JinjaOperators.error("the conversation nests deeper than " + DEEPEST + " levels");
    }
    return switch (value) {
      case null -> JinjaValue.NONE;
      case JinjaValue given -> given;
      case Segment(String text, boolean fromTemplate) when fromTemplate ->
          MarkedText.trusted(Utf8.valid(text));
      case Segment(String text, _) -> MarkedText.input(Utf8.valid(text));
      case Boolean b -> JinjaValue.of(b);
      case Double x -> new Real(x);
      case Float x -> new Real(x);
      case Number n -> new Int(n.longValue());
      case CharSequence text -> MarkedText.input(Utf8.valid(text.toString()));
      case JsonNode node -> json(node, depth);
      case Map<?, ?> map -> {
        Dict dict = new Dict();
        map.forEach((key, item) -> dict.put(value(key, depth + 1), value(item, depth + 1)));
        yield dict;
      }
      case Collection<?> items -> {
        List<JinjaValue> row = new ArrayList<>(items.size());
        for (Object item : items) {
          row.add(value(item, depth + 1));
        }
        yield Row.list(row);
      }
      default ->
          throw JinjaOperators.error(
              "cannot give a template " + value.getClass().getSimpleName() + " values");
    };
  }

  private static JinjaValue json(JsonNode node, int depth) {
    if (node.isObject()) {
      Dict dict = new Dict();
      node.properties()
          .forEach(entry ->
              dict.put(
                  MarkedText.input(Utf8.valid(entry.getKey())),
                  value(entry.getValue(), depth + 1)));
      return dict;
    }
    if (node.isArray()) {
      List<JinjaValue> row = new ArrayList<>(node.size());
      node.forEach(item -> row.add(value(item, depth + 1)));
      return Row.list(row);
    }
    if (node.isNumber()) {
      boolean whole = node.isIntegralNumber() && node.canConvertToLong();
      return whole ? new Int(node.longValue()) : new Real(node.doubleValue());
    }
    if (node.isBoolean()) {
      return JinjaValue.of(node.booleanValue());
    }
    return node.isString() ? value(node.stringValue(), depth) : JinjaValue.NONE;
  }

  private JinjaValue range(JinjaArguments a) {
    a.atMost(3);
    boolean single = !a.has(1, "stop");
    long from = single ? 0 : a.integer(0, "start", 0);
    long to = single ? JinjaOperators.integer(a.value(0, "stop")) : a.integer(1, "stop", 0);
    long step = a.integer(2, "step", 1);
    if (step == 0) {
      throw JinjaOperators.error("range() cannot advance by 0");
    }
    double size = Math.ceil(((double) to - from) / step);
    if (size > JinjaBudget.LARGEST) {
      throw JinjaOperators.error(
          "range() of more than " + JinjaBudget.LARGEST + " numbers is too large");
    }
    budget.make((long) (8 * Math.max(size, 0)));
    List<JinjaValue> numbers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      numbers.add(new Int(from + i * step));
    }
    return Row.view(numbers);
  }

  private JinjaValue namespace(JinjaArguments a) {
    Space space = new Space();
    if (a.atMost(1).find(0, "") instanceof Dict dict) {
      dict.entries()
          .forEach(entry ->
              space.members.put(JinjaPrinter.string(entry.key(), budget).value(), entry.value()));
    }
    space.members.putAll(a.named());
    return space;
  }

  private JinjaValue dict(JinjaArguments a) {
    Dict dict = new Dict();
    if (a.atMost(1).find(0, "") instanceof Dict other) {
      other.entries().forEach(entry -> dict.put(entry.key(), entry.value()));
    }
    a.named().forEach((name, value) -> dict.put(MarkedText.trusted(name), value));
    return dict;
  }

  private JinjaValue cycler(JinjaArguments a) {
    List<JinjaValue> items = a.positional();
    if (items.isEmpty()) {
      throw JinjaOperators.error("cycler() needs something to go through");
    }
    Space space = new Space();
    int[] at = {0};
    space.members.put("current", items.getFirst());
    space.members.put(
        "next",
        new Function(
            "next",
            _ -> {
              JinjaValue now = items.get(at[0]);
              at[0] = (at[0] + 1) % items.size();
              space.members.put("current", items.get(at[0]));
              return now;
            }));
    space.members.put(
        "reset",
        new Function(
            "reset",
            _ -> {
              at[0] = 0;
              space.members.put("current", items.getFirst());
              return JinjaValue.NONE;
            }));
    return space;
  }

  private JinjaValue joiner(JinjaArguments a) {
    JinjaValue separator = a.value(0, "sep", MarkedText.trusted(", "));
    boolean[] used = {false};
    return new Function(
        "joiner",
        _ -> {
          JinjaValue now = used[0] ? separator : MarkedText.EMPTY;
          used[0] = true;
          return now;
        });
  }

  // C's strftime, as far as templates go with it.
  private MarkedText strftime(String format) {
    ZonedDateTime now = ZonedDateTime.now(clock);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char field = format.charAt(++i);
      boolean plain = field == '-' && i + 1 < format.length(); // %-d: no leading zero
      field = plain ? format.charAt(++i) : field;
      String value = field(now, field);
      out.append(plain ? value.replaceFirst("^0+(?=.)", "") : value);
    }
    return MarkedText.trusted(out.toString());
  }

  private static String field(ZonedDateTime now, char field) {
    return switch (field) {
      case 'Y' -> String.format(Locale.ROOT, "%04d", now.getYear());
      case 'y' -> String.format(Locale.ROOT, "%02d", now.getYear() % 100);
      case 'm' -> String.format(Locale.ROOT, "%02d", now.getMonthValue());
      case 'd' -> String.format(Locale.ROOT, "%02d", now.getDayOfMonth());
      case 'e' -> String.format(Locale.ROOT, "%2d", now.getDayOfMonth());
      case 'H' -> String.format(Locale.ROOT, "%02d", now.getHour());
      case 'I' -> String.format(Locale.ROOT, "%02d", (now.getHour() + 11) % 12 + 1);
      case 'M' -> String.format(Locale.ROOT, "%02d", now.getMinute());
      case 'S' -> String.format(Locale.ROOT, "%02d", now.getSecond());
      case 'j' -> String.format(Locale.ROOT, "%03d", now.getDayOfYear());
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'A' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> now.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b' -> now.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'F' -> field(now, 'Y') + "-" + field(now, 'm') + "-" + field(now, 'd');
      case 'T' -> field(now, 'H') + ":" + field(now, 'M') + ":" + field(now, 'S');
      case '%' -> "%";
      default -> throw JinjaOperators.error("strftime_now: unknown field '%" + field + "'");
    };
  }
}
