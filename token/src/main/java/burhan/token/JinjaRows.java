package burhan.token;

import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.None;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Stream;
import burhan.token.JinjaValue.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters over several values. Lazy ones give a stream, as in the reference. */
final class JinjaRows {
  private final JinjaBudget budget;
  private final JinjaMembers members;
  private final JinjaTests tests;
  private final JinjaFilters filters;

  JinjaRows(JinjaBudget budget, JinjaMembers members, JinjaTests tests, JinjaFilters filters) {
    this.budget = budget;
    this.members = members;
    this.tests = tests;
    this.filters = filters;
  }

  @Nullable JinjaValue apply(String name, JinjaValue value, JinjaArguments a) {
    return switch (name) {
      case "list" -> Row.list(items(value));
      case "first" -> end(value, true);
      case "last" -> end(value, false);
      case "join" -> join(items(value), a);
      case "reverse" -> reverse(value);
      case "sort" -> Row.list(sorted(items(value), a, 2));
      case "unique" -> new Stream(unique(items(value), a));
      case "min" -> extreme(value, a, -1);
      case "max" -> extreme(value, a, 1);
      case "sum" -> sum(items(value), a);
      case "map" -> new Stream(map(items(value), a));
      case "select" -> new Stream(select(items(value), a, 0, true));
      case "reject" -> new Stream(select(items(value), a, 0, false));
      case "selectattr" -> new Stream(select(items(value), a, 1, true));
      case "rejectattr" -> new Stream(select(items(value), a, 1, false));
      case "batch" -> new Stream(batch(items(value), a));
      case "slice" -> new Stream(slices(items(value), a));
      case "dictsort" -> dictSort(value, a);
      default -> null;
    };
  }

  private List<JinjaValue> items(JinjaValue value) {
    List<JinjaValue> items = JinjaOperators.iterate(value, budget);
    budget.make(8L * items.size());
    return new ArrayList<>(items);
  }

  private JinjaValue end(JinjaValue value, boolean first) {
    if (value instanceof MarkedText) {
      return members.item(value, new Int(first ? 0 : -1));
    }
    if (!first && value instanceof Stream) {
      throw JinjaOperators.error("last: a generator has no end to look at");
    }
    List<JinjaValue> items = JinjaOperators.iterate(value, budget);
    return items.isEmpty()
        ? new Undefined("first or last")
        : first ? items.getFirst() : items.getLast();
  }

  private MarkedText join(List<JinjaValue> items, JinjaArguments a) {
    MarkedText separator = JinjaPrinter.string(a.value(0, "d", MarkedText.EMPTY), budget);
    UnaryOperator<JinjaValue> part = attribute(a, 1);
    List<JinjaValue> texts = new ArrayList<>();
    for (JinjaValue item : items) {
      texts.add(JinjaPrinter.string(part.apply(item), budget));
    }
    return new JinjaStrings(budget).join(separator, texts);
  }

  private JinjaValue reverse(JinjaValue value) {
    List<JinjaValue> items = items(value);
    Collections.reverse(items);
    return value instanceof MarkedText ? new JinjaStrings(budget).joined(items) : new Stream(items);
  }

  // What the argument 'attribute' takes of an item: a path such as function.name or 0.
  private UnaryOperator<JinjaValue> attribute(JinjaArguments a, int place) {
    JinjaValue path = a.value(place, "attribute", JinjaValue.NONE);
    return switch (path) {
      case None _ -> item -> item;
      case Int index -> item -> members.item(item, index);
      case MarkedText text -> {
        String[] names = text.value().split("\\.", -1);
        yield item -> {
          JinjaValue at = item;
          for (String name : names) {
            budget.step();
            boolean isIndex = name.matches("[0-9]{1,9}");
            at =
                members.item(
                    at, isIndex ? new Int(Long.parseLong(name)) : MarkedText.trusted(name));
          }
          return at;
        };
      }
      default -> throw JinjaOperators.error(a.function() + ": expected the name of an attribute");
    };
  }

  // Order and equality without regard to case, unless asked for.
  private UnaryOperator<JinjaValue> caseless(JinjaArguments a, int place) {
    return a.flag(place, "case_sensitive", false)
        ? value -> value
        : value ->
            value instanceof MarkedText text
                ? text.mapped(text.value().toLowerCase(Locale.ROOT))
                : value;
  }

  private List<JinjaValue> sorted(List<JinjaValue> items, JinjaArguments a, int attributeAt) {
    UnaryOperator<JinjaValue> part = attribute(a, attributeAt);
    UnaryOperator<JinjaValue> fold = caseless(a, 1);
    Comparator<JinjaValue> order =
        (x, y) ->
            JinjaOperators.compare(fold.apply(part.apply(x)), fold.apply(part.apply(y)), budget);
    items.sort(a.flag(0, "reverse", false) ? order.reversed() : order);
    return items;
  }

  private List<JinjaValue> unique(List<JinjaValue> items, JinjaArguments a) {
    UnaryOperator<JinjaValue> part = attribute(a, 1);
    UnaryOperator<JinjaValue> fold = caseless(a, 0);
    List<JinjaValue> seen = new ArrayList<>();
    List<JinjaValue> kept = new ArrayList<>();
    for (JinjaValue item : items) {
      JinjaValue key = fold.apply(part.apply(item));
      if (!JinjaOperators.contains(Row.list(seen), key, budget)) {
        seen.add(key);
        kept.add(item);
      }
    }
    return kept;
  }

  private JinjaValue extreme(JinjaValue value, JinjaArguments a, int sign) {
    UnaryOperator<JinjaValue> part = attribute(a, 1);
    UnaryOperator<JinjaValue> fold = caseless(a, 0);
    JinjaValue best = null;
    for (JinjaValue item : items(value)) {
      if (best == null
          || sign
                  * JinjaOperators.compare(
                      fold.apply(part.apply(item)), fold.apply(part.apply(best)), budget)
              > 0) {
        best = item;
      }
    }
    return best == null ? new Undefined("minimum or maximum of nothing") : best;
  }

  private JinjaValue sum(List<JinjaValue> items, JinjaArguments a) {
    UnaryOperator<JinjaValue> part = attribute(a, 0);
    JinjaValue total = a.value(1, "start", new Int(0));
    for (JinjaValue item : items) {
      total = JinjaOperators.arithmetic("+", total, part.apply(item), budget);
    }
    return total;
  }

  private List<JinjaValue> map(List<JinjaValue> items, JinjaArguments a) {
    List<JinjaValue> mapped = new ArrayList<>(items.size());
    if (a.positional().isEmpty() && a.named().containsKey("attribute")) {
      UnaryOperator<JinjaValue> part = attribute(a, -1);
      JinjaValue otherwise = a.named().get("default");
      for (JinjaValue item : items) {
        JinjaValue value = part.apply(item);
        mapped.add(value instanceof Undefined && otherwise != null ? otherwise : value);
      }
      return mapped;
    }
    String filter = a.text(0, "filter").value();
    for (JinjaValue item : items) {
      budget.step();
      mapped.add(filters.apply(filter, item, behind(a, 1, filter)));
    }
    return mapped;
  }

  private List<JinjaValue> select(
      List<JinjaValue> items, JinjaArguments a, int testAt, boolean wanted) {
    UnaryOperator<JinjaValue> part =
        testAt == 0
            ? item -> item
            : attribute(
                new JinjaArguments(
                    a.function(), List.of(), Map.of("attribute", a.value(0, "attribute"))),
                -1);
    List<JinjaValue> kept = new ArrayList<>();
    for (JinjaValue item : items) {
      budget.step();
      JinjaValue value = part.apply(item);
      boolean holds;
      if (a.positional().size() > testAt) {
        String test = a.text(testAt, "test").value();
        holds = tests.holds(test, value, behind(a, testAt + 1, test));
      } else {
        holds = JinjaOperators.isTrue(value);
      }
      if (holds == wanted) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static JinjaArguments behind(JinjaArguments a, int from, String function) {
    return new JinjaArguments(
        function, a.positional().subList(from, a.positional().size()), a.named());
  }

  private List<JinjaValue> batch(List<JinjaValue> items, JinjaArguments a) {
    int size = Math.max(1, a.size(0, "linecount", 1));
    JinjaValue fill = a.value(1, "fill_with", JinjaValue.NONE);
    List<JinjaValue> rows = new ArrayList<>();
    for (int from = 0; from < items.size(); from += size) {
      List<JinjaValue> row =
          new ArrayList<>(items.subList(from, Math.min(from + size, items.size())));
      budget.make(8L * size);
      while (!(fill instanceof None) && row.size() < size) {
        row.add(fill);
      }
      rows.add(Row.list(row));
    }
    return rows;
  }

  private List<JinjaValue> slices(List<JinjaValue> items, JinjaArguments a) {
    int count = Math.max(1, a.size(0, "slices", 1));
    JinjaValue fill = a.value(1, "fill_with", JinjaValue.NONE);
    int each = items.size() / count;
    int longer = items.size() % count;
    budget.make(8L * count + items.size());
    List<JinjaValue> slices = new ArrayList<>(count);
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = from + each + (i < longer ? 1 : 0);
      List<JinjaValue> slice = new ArrayList<>(items.subList(from, to));
      if (!(fill instanceof None) && i >= longer) {
        slice.add(fill);
      }
      slices.add(Row.list(slice));
      from = to;
    }
    return slices;
  }

  private JinjaValue dictSort(JinjaValue value, JinjaArguments a) {
    if (!(value instanceof Dict dict)) {
      throw JinjaOperators.error("dictsort needs a mapping, got " + JinjaOperators.type(value));
    }
    UnaryOperator<JinjaValue> fold = caseless(a, 0);
    String by = a.text(1, "by", MarkedText.trusted("key")).value();
    Int place = new Int(by.equals("value") ? 1 : 0);
    Comparator<JinjaValue> order =
        (x, y) ->
            JinjaOperators.compare(
                fold.apply(members.item(x, place)), fold.apply(members.item(y, place)), budget);
    List<JinjaValue> pairs = new ArrayList<>(members.items(dict).items());
    pairs.sort(a.flag(2, "reverse", false) ? order.reversed() : order);
    return Row.list(pairs);
  }
}
