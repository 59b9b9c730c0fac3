package burhan.token;

import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Function;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.Loop;
import burhan.token.JinjaValue.None;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Space;
import burhan.token.JinjaValue.Undefined;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is inside a value: attributes, items, slices, and the methods of strings and mappings. */
final class JinjaMembers {
  private final JinjaBudget budget;
  private final JinjaStrings strings;

  JinjaMembers(JinjaBudget budget) {
    this.budget = budget;
    this.strings = new JinjaStrings(budget);
  }

  /** {@code value.name}: a method before an item. */
  JinjaValue attribute(JinjaValue value, String name) {
    JinjaValue method = method(value, name);
    JinjaValue found = method != null ? method : own(value, name);
    return found != null ? found : missing(value, name);
  }

  /** {@code value[index]}: an item before a method. */
  JinjaValue item(JinjaValue value, JinjaValue index) {
    if (index instanceof MarkedText name) {
      JinjaValue own = own(value, name.value());
      JinjaValue found = own != null ? own : method(value, name.value());
      return found != null ? found : missing(value, name.value());
    }
    if (value instanceof Dict dict) {
      JinjaValue found = dict.get(index);
      return found != null ? found : missing(value, "item");
    }
    if (value instanceof Row || value instanceof MarkedText) {
      return index instanceof Int(long place) ? at(value, place) : missing(value, "item");
    }
    return missing(value, "item");
  }

  private JinjaValue missing(JinjaValue value, String name) {
    if (value instanceof Undefined(String what)) {
      throw JinjaOperators.error("'" + what + "' is undefined, so it has no '" + name + "'");
    }
    return new Undefined(name);
  }

  private JinjaValue at(JinjaValue value, long place) {
    long size = length(value);
    long index = place < 0 ? place + size : place;
    if (index < 0 || index >= size) {
      return new Undefined("item " + place);
    }
    if (value instanceof Row row) {
      return row.items().get((int) index);
    }
    MarkedText text = (MarkedText) value;
    budget.read(text.length());
    return text.part(text.index((int) index), text.index((int) index + 1));
  }

  /** Python's {@code len}. */
  long length(JinjaValue value) {
    return switch (value) {
      case MarkedText text -> {
        budget.read(text.length());
        yield text.points();
      }
      case Row row -> row.items().size();
      case Dict dict -> dict.size();
      case Undefined _ -> 0;
      case None _,
          JinjaValue.Bool _,
          Int _,
          JinjaValue.Real _,
          Space _,
          JinjaValue.Stream _,
          Function _,
          Loop _ ->
          throw JinjaOperators.error(JinjaOperators.type(value) + " has no length");
    };
  }

  JinjaValue slice(JinjaValue value, JinjaValue from, JinjaValue to, JinjaValue step) {
    long by = step instanceof None ? 1 : JinjaOperators.integer(step);
    if (by == 0) {
      throw JinjaOperators.error("a slice cannot advance by 0");
    }
    if (!(value instanceof Row) && !(value instanceof MarkedText)) {
      throw JinjaOperators.error("cannot slice " + JinjaOperators.type(value));
    }
    long size = length(value);
    long begin = bound(from, by > 0 ? 0 : size - 1, size, by);
    long end = bound(to, by > 0 ? size : -1, size, by);
    if (value instanceof MarkedText text && by == 1) {
      budget.make(Math.max(0, end - begin));
      return begin < end
          ? text.part(text.index((int) begin), text.index((int) end))
          : MarkedText.EMPTY;
    }
    List<JinjaValue> items =
        value instanceof Row row ? row.items() : JinjaOperators.iterate(value, budget);
    List<JinjaValue> chosen = new ArrayList<>();
    for (long i = begin; by > 0 ? i < end : i > end; i += by) {
      budget.step();
      chosen.add(items.get((int) i));
    }
    return value instanceof Row row ? new Row(chosen, row.kind()) : strings.joined(chosen);
  }

  // As Python: negative bounds count from the end, and all are kept within reach.
  private static long bound(JinjaValue bound, long otherwise, long size, long by) {
    if (bound instanceof None) {
      return otherwise;
    }
    long at = JinjaOperators.integer(bound);
    at = at < 0 ? Math.max(at + size, by > 0 ? 0 : -1) : at;
    return Math.min(at, by > 0 ? size : size - 1);
  }

  // What a value holds under a name: an item of a mapping, a member of a namespace or loop.
  private @Nullable JinjaValue own(JinjaValue value, String name) {
    return switch (value) {
      case Dict dict -> dict.get(name);
      case Space space -> space.members.get(name);
      case Loop loop -> loop(loop, name);
      case MarkedText _,
          Undefined _,
          None _,
          JinjaValue.Bool _,
          Int _,
          JinjaValue.Real _,
          Row _,
          JinjaValue.Stream _ ->
          null;
      case Function function -> name.equals("name") ? MarkedText.trusted(function.name()) : null;
    };
  }

  private @Nullable JinjaValue loop(Loop loop, String name) {
    int size = loop.items.size();
    return switch (name) {
      case "index" -> new Int(loop.index + 1);
      case "index0" -> new Int(loop.index);
      case "revindex" -> new Int(size - loop.index);
      case "revindex0" -> new Int(size - loop.index - 1);
      case "first" -> JinjaValue.of(loop.index == 0);
      case "last" -> JinjaValue.of(loop.index == size - 1);
      case "length" -> new Int(size);
      case "depth" -> new Int(loop.depth + 1);
      case "depth0" -> new Int(loop.depth);
      case "previtem" ->
          loop.index > 0 ? loop.items.get(loop.index - 1) : new Undefined("previtem");
      case "nextitem" ->
          loop.index + 1 < size ? loop.items.get(loop.index + 1) : new Undefined("nextitem");
      case "cycle" ->
          new Function(
              "loop.cycle",
              arguments -> {
                if (arguments.positional().isEmpty()) {
                  throw JinjaOperators.error("loop.cycle() needs something to go through");
                }
                return arguments.positional().get(loop.index % arguments.positional().size());
              });
      case "changed" ->
          new Function(
              "loop.changed",
              arguments -> {
                JinjaValue now = new Row(arguments.positional(), Row.Kind.TUPLE);
                JinjaValue before = loop.lastSeen;
                loop.lastSeen = now;
                return JinjaValue.of(before == null || !JinjaOperators.equal(before, now, budget));
              });
      default -> null;
    };
  }

  private @Nullable JinjaValue method(JinjaValue value, String name) {
    return switch (value) {
      case MarkedText text -> strings.method(text, name);
      case Dict dict -> dictMethod(dict, name);
      case Row row -> rowMethod(row, name);
      case Undefined _,
          None _,
          JinjaValue.Bool _,
          Int _,
          JinjaValue.Real _,
          Space _,
          JinjaValue.Stream _,
          Function _,
          Loop _ ->
          null;
    };
  }

  private @Nullable JinjaValue dictMethod(Dict dict, String name) {
    return switch (name) {
      case "get" ->
          new Function(
              name,
              arguments -> {
                JinjaValue found = dict.get(arguments.atMost(2).value(0, "key"));
                return found != null ? found : arguments.value(1, "default", JinjaValue.NONE);
              });
      case "items" -> new Function(name, _ -> items(dict));
      case "keys" -> new Function(name, _ -> Row.view(dict.keys()));
      case "values" ->
          new Function(
              name, _ -> Row.view(dict.entries().stream().map(Dict.Entry::value).toList()));
      case "copy" -> new Function(name, _ -> dict);
      case "clear", "pop", "popitem", "setdefault", "update" -> refused(name, "a mapping");
      default -> null;
    };
  }

  /** The entries of a mapping as pairs. */
  Row items(Dict dict) {
    budget.make(16L * dict.size());
    List<JinjaValue> pairs = new ArrayList<>();
    for (Dict.Entry entry : dict.entries()) {
      pairs.add(Row.tuple(entry.key(), entry.value()));
    }
    return Row.view(pairs);
  }

  private @Nullable JinjaValue rowMethod(Row row, String name) {
    return switch (name) {
      case "index" ->
          new Function(
              name,
              arguments -> {
                for (int i = 0; i < row.items().size(); i++) {
                  if (JinjaOperators.equal(row.items().get(i), arguments.value(0, "x"), budget)) {
                    return new Int(i);
                  }
                }
                throw JinjaOperators.error("index(): the list does not hold it");
              });
      case "count" ->
          new Function(
              name,
              arguments -> {
                long count = 0;
                for (JinjaValue item : row.items()) {
                  count += JinjaOperators.equal(item, arguments.value(0, "x"), budget) ? 1 : 0;
                }
                return new Int(count);
              });
      case "copy" -> new Function(name, _ -> row);
      case "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort" ->
          refused(name, "a list");
      default -> null;
    };
  }

  // Hugging Face renders in an immutable sandbox; so do we.
  private static Function refused(String name, String what) {
    return new Function(
        name,
        _ -> {
          throw JinjaOperators.error(name + "() would change " + what + ", which is not allowed");
        });
  }
}
