package burhan.token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template can hold in its hands: Python's plain values and nothing of Java's, so that there
 * is nothing to break out to.
 */
sealed interface JinjaValue
    permits MarkedText,
        JinjaValue.Undefined,
        JinjaValue.None,
        JinjaValue.Bool,
        JinjaValue.Int,
        JinjaValue.Real,
        JinjaValue.Row,
        JinjaValue.Dict,
        JinjaValue.Space,
        JinjaValue.Stream,
        JinjaValue.Function,
        JinjaValue.Loop {

  None NONE = None.NONE;
  Bool TRUE = new Bool(true);
  Bool FALSE = new Bool(false);

  static Bool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** What is not there. Prints as nothing, is false, has no parts; anything else is an error. */
  record Undefined(String name) implements JinjaValue {}

  /** Python's None. */
  enum None implements JinjaValue {
    NONE
  }

  record Bool(boolean value) implements JinjaValue {}

  /** A whole number. Python's have no bound; ours end in an error past 64 bits. */
  record Int(long value) implements JinjaValue {}

  record Real(double value) implements JinjaValue {}

  /** Several values in order. */
  record Row(List<JinjaValue> items, Kind kind) implements JinjaValue {
    enum Kind {
      LIST,
      TUPLE,
      /** A range, or the keys of a mapping: iterable, but not meant to be printed. */
      VIEW
    }

    static Row list(List<JinjaValue> items) {
      return new Row(items, Kind.LIST);
    }

    static Row tuple(JinjaValue... items) {
      return new Row(List.of(items), Kind.TUPLE);
    }

    static Row view(List<JinjaValue> items) {
      return new Row(items, Kind.VIEW);
    }
  }

  /** A mapping in order of insertion. Not changed once a template can see it. */
  final class Dict implements JinjaValue {
    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    record Entry(JinjaValue key, JinjaValue value) {}

    void put(JinjaValue key, JinjaValue value) {
      Object plain = JinjaOperators.key(key);
      Entry before = entries.get(plain);
      entries.put(plain, new Entry(before == null ? key : before.key(), value));
    }

    @Nullable JinjaValue get(JinjaValue key) {
      Entry entry = entries.get(JinjaOperators.key(key));
      return entry == null ? null : entry.value();
    }

    @Nullable JinjaValue get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    int size() {
      return entries.size();
    }

    List<Entry> entries() {
      return List.copyOf(entries.values());
    }

    List<JinjaValue> keys() {
      List<JinjaValue> keys = new ArrayList<>(entries.size());
      entries.values().forEach(entry -> keys.add(entry.key()));
      return keys;
    }
  }

  /** A namespace: the one thing whose members a template can set. */
  final class Space implements JinjaValue {
    final Map<String, JinjaValue> members = new LinkedHashMap<>();
  }

  /** What a lazy filter gives: can be gone through once, and neither printed nor counted. */
  final class Stream implements JinjaValue {
    private List<JinjaValue> rest;

    Stream(List<JinjaValue> items) {
      this.rest = items;
    }

    List<JinjaValue> take() {
      List<JinjaValue> items = rest;
      rest = List.of();
      return items;
    }
  }

  /** Something that can be called. */
  record Function(String name, Body body) implements JinjaValue {
    /** The code of a function. */
    interface Body {
      JinjaValue call(JinjaArguments arguments);
    }
  }

  /** The {@code loop} of a for statement. */
  final class Loop implements JinjaValue {
    final List<JinjaValue> items;
    final int depth;
    final Function again; // for a recursive loop
    int index;
    @Nullable JinjaValue lastSeen; // by loop.changed

    Loop(List<JinjaValue> items, int depth, Function again) {
      this.items = items;
      this.depth = depth;
      this.again = again;
    }
  }
}
