package burhan.token;

import burhan.token.JinjaValue.Function;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.None;
import burhan.token.JinjaValue.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Python's string methods, on texts that keep their marks. */
final class JinjaStrings {
  /** Methods that make no text. */
  private static final Set<String> LOOKING =
      Set.of("startswith", "endswith", "find", "rfind", "index", "rindex", "count");

  private final JinjaBudget budget;

  JinjaStrings(JinjaBudget budget) {
    this.budget = budget;
  }

  @Nullable JinjaValue method(MarkedText text, String name) {
    Function.Body body =
        switch (name) {
          case "strip" -> a -> strip(text, chars(a), true, true);
          case "lstrip" -> a -> strip(text, chars(a), true, false);
          case "rstrip" -> a -> strip(text, chars(a), false, true);
          case "split" -> a -> split(text, a, false);
          case "rsplit" -> a -> split(text, a, true);
          case "splitlines" -> a -> lines(text, a.flag(0, "keepends", false));
          case "partition" -> a -> partition(text, a.text(0, "sep"), false);
          case "rpartition" -> a -> partition(text, a.text(0, "sep"), true);
          case "startswith" -> a -> JinjaValue.of(affix(text, a, true));
          case "endswith" -> a -> JinjaValue.of(affix(text, a, false));
          case "removeprefix" -> a -> remove(text, a.text(0, "prefix").value(), true);
          case "removesuffix" -> a -> remove(text, a.text(0, "suffix").value(), false);
          case "replace" ->
              a -> replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1));
          case "find" -> a -> new Int(find(text, a, false));
          case "rfind" -> a -> new Int(find(text, a, true));
          case "index" -> a -> new Int(found(find(text, a, false)));
          case "rindex" -> a -> new Int(found(find(text, a, true)));
          case "count" -> a -> new Int(count(text, a.text(0, "sub").value()));
          case "join" -> a -> join(text, JinjaOperators.iterate(a.value(0, "iterable"), budget));
          case "format" -> a -> JinjaFormat.braces(text, a, budget);
          case "zfill" -> a -> zeros(text, a.size(0, "width", 0));
          case "ljust" -> a -> pad(text, a, 0);
          case "rjust" -> a -> pad(text, a, 2);
          case "center" -> a -> pad(text, a, 1);
          default -> null;
        };
    if (body == null) {
      body = caseMethod(text, name);
    }
    if (body == null) {
      return null;
    }
    Function.Body method = body;
    return new Function(
        name,
        arguments -> {
          if (LOOKING.contains(name) || name.startsWith("is")) {
            budget.read(text.length());
          } else {
            budget.make(text.length());
          }
          return method.call(arguments);
        });
  }

  private Function.@Nullable Body caseMethod(MarkedText text, String name) {
    String value = text.value();
    return switch (name) {
      case "upper" -> _ -> text.mapped(value.toUpperCase(Locale.ROOT));
      case "lower", "casefold" -> _ -> text.mapped(value.toLowerCase(Locale.ROOT));
      case "title" -> _ -> titled(text);
      case "capitalize" -> _ -> capitalized(text);
      case "swapcase" ->
          _ ->
              mapPoints(
                  text,
                  p ->
                      Character.isUpperCase(p)
                          ? Character.toLowerCase(p)
                          : Character.toUpperCase(p));
      case "isdigit" -> _ -> all(value, Character::isDigit);
      case "isdecimal" -> _ -> all(value, Character::isDigit);
      case "isnumeric" -> _ -> all(value, p -> (CharClass.of(p) & CharClass.NUMBER) != 0);
      case "isalpha" -> _ -> all(value, Character::isLetter);
      case "isalnum" ->
          _ -> all(value, p -> Character.isLetter(p) || (CharClass.of(p) & CharClass.NUMBER) != 0);
      case "isspace" -> _ -> all(value, JinjaStrings::isSpace);
      case "isascii" -> _ -> JinjaValue.of(value.chars().allMatch(c -> c < 0x80));
      case "isupper" -> _ -> JinjaValue.of(isCased(value, true));
      case "islower" -> _ -> JinjaValue.of(isCased(value, false));
      default -> null;
    };
  }

  static boolean isCased(String value, boolean upper) {
    return value.codePoints().anyMatch(upper ? Character::isUpperCase : Character::isLowerCase)
        && value
            .codePoints()
            .noneMatch(p ->
                (upper ? Character.isLowerCase(p) : Character.isUpperCase(p))
                    || Character.isTitleCase(p));
  }

  private static JinjaValue all(String value, IntPredicate test) {
    return JinjaValue.of(!value.isEmpty() && value.codePoints().allMatch(test));
  }

  /** Without white space at both ends, as Python's {@code strip} has it. */
  static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  static boolean isSpace(int point) {
    return CharClass.isSpace(point) || (point >= 0x1C && point <= 0x1F);
  }

  private static @Nullable String chars(JinjaArguments arguments) {
    JinjaValue chars = arguments.atMost(1).value(0, "chars", JinjaValue.NONE);
    return chars instanceof None ? null : arguments.text(0, "chars").value();
  }

  MarkedText strip(MarkedText text, @Nullable String chars, boolean left, boolean right) {
    String value = text.value();
    int from = 0;
    int to = value.length();
    budget.read(chars == null ? 0 : (long) chars.length() * 32);
    IntPredicate goes = chars == null ? JinjaStrings::isSpace : p -> chars.indexOf(p) >= 0;
    while (left && from < to && goes.test(value.codePointAt(from))) {
      from += Character.charCount(value.codePointAt(from));
      budget.read(chars == null ? 0 : chars.length());
    }
    while (right && to > from && goes.test(value.codePointBefore(to))) {
      to -= Character.charCount(value.codePointBefore(to));
      budget.read(chars == null ? 0 : chars.length());
    }
    return text.part(from, to);
  }

  private Row split(MarkedText text, JinjaArguments arguments, boolean fromEnd) {
    long most = arguments.atMost(2).integer(1, "maxsplit", -1);
    JinjaValue separator = arguments.value(0, "sep", JinjaValue.NONE);
    if (separator instanceof None) {
      return fromEnd && most >= 0 ? wordsFromEnd(text, most) : words(text, most);
    }
    String by = arguments.text(0, "sep").value();
    if (by.isEmpty()) {
      throw JinjaOperators.error("split(): the separator is empty");
    }
    search(text, by);
    List<JinjaValue> parts = new ArrayList<>();
    if (fromEnd && most >= 0) {
      int to = text.length();
      for (long n = 0; n < most; n++) {
        int at = to < by.length() ? -1 : text.value().lastIndexOf(by, to - by.length());
        if (at < 0) {
          break;
        }
        parts.addFirst(text.part(at + by.length(), to));
        to = at;
      }
      parts.addFirst(text.part(0, to));
      return made(parts);
    }
    int from = 0;
    for (long n = 0; most < 0 || n < most; n++) {
      int at = text.value().indexOf(by, from);
      if (at < 0) {
        break;
      }
      parts.add(text.part(from, at));
      from = at + by.length();
    }
    parts.add(text.part(from, text.length()));
    return made(parts);
  }

  private Row made(List<JinjaValue> parts) {
    budget.make(16L * parts.size());
    return Row.list(parts);
  }

  // What a naive search may cost.
  private void search(MarkedText text, String what) {
    budget.work((long) text.length() * what.length() / 1024);
  }

  Row words(MarkedText text, long most) {
    String value = text.value();
    List<JinjaValue> words = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < value.length() && isSpace(value.charAt(at))) {
        at++;
      }
      if (at == value.length()) {
        break;
      }
      if (most >= 0 && words.size() >= most) {
        words.add(text.part(at, value.length()));
        break;
      }
      int end = at;
      while (end < value.length() && !isSpace(value.charAt(end))) {
        end++;
      }
      words.add(text.part(at, end));
      at = end;
    }
    return made(words);
  }

  private Row wordsFromEnd(MarkedText text, long most) {
    String value = text.value();
    List<JinjaValue> words = new ArrayList<>();
    int to = value.length();
    while (true) {
      while (to > 0 && isSpace(value.charAt(to - 1))) {
        to--;
      }
      if (to == 0) {
        break;
      }
      if (words.size() >= most) {
        words.addFirst(text.part(0, to));
        break;
      }
      int from = to;
      while (from > 0 && !isSpace(value.charAt(from - 1))) {
        from--;
      }
      words.addFirst(text.part(from, to));
      to = from;
    }
    return made(words);
  }

  Row lines(MarkedText text, boolean keepEnds) {
    String value = text.value();
    List<JinjaValue> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean ends = "\n\r\u000B\f\u001C\u001D\u001E\u0085\u2028\u2029".indexOf(c) >= 0;
      if (ends) {
        int end = i;
        i += c == '\r' && i + 1 < value.length() && value.charAt(i + 1) == '\n' ? 1 : 0;
        lines.add(text.part(from, keepEnds ? i + 1 : end));
        from = i + 1;
      }
    }
    if (from < value.length()) {
      lines.add(text.part(from, value.length()));
    }
    return made(lines);
  }

  private Row partition(MarkedText text, MarkedText separator, boolean last) {
    String by = separator.value();
    search(text, by);
    int at = last ? text.value().lastIndexOf(by) : text.value().indexOf(by);
    if (at < 0) {
      return last
          ? Row.tuple(MarkedText.EMPTY, MarkedText.EMPTY, text)
          : Row.tuple(text, MarkedText.EMPTY, MarkedText.EMPTY);
    }
    int end = at + by.length();
    return Row.tuple(text.part(0, at), text.part(at, end), text.part(end, text.length()));
  }

  private boolean affix(MarkedText text, JinjaArguments arguments, boolean start) {
    JinjaValue what = arguments.value(0, start ? "prefix" : "suffix");
    List<JinjaValue> all = what instanceof Row row ? row.items() : List.of(what);
    MarkedText within = within(text, arguments);
    for (JinjaValue one : all) {
      budget.step();
      if (!(one instanceof MarkedText affix)) {
        throw JinjaOperators.error(
            arguments.function() + "(): expected a string, got " + JinjaOperators.type(one));
      }
      if (start
          ? within.value().startsWith(affix.value())
          : within.value().endsWith(affix.value())) {
        return true;
      }
    }
    return false;
  }

  private MarkedText within(MarkedText text, JinjaArguments arguments) {
    if (!arguments.has(1, "start")) {
      return text;
    }
    JinjaValue part =
        new JinjaMembers(budget)
            .slice(
                text,
                arguments.value(1, "start"),
                arguments.value(2, "end", JinjaValue.NONE),
                JinjaValue.NONE);
    return (MarkedText) part;
  }

  private static MarkedText remove(MarkedText text, String affix, boolean start) {
    boolean has = start ? text.value().startsWith(affix) : text.value().endsWith(affix);
    return !has
        ? text
        : start
            ? text.part(affix.length(), text.length())
            : text.part(0, text.length() - affix.length());
  }

  MarkedText replace(MarkedText text, MarkedText old, MarkedText with, long most) {
    String value = text.value();
    search(text, old.value());
    MarkedText.Builder out = new MarkedText.Builder();
    int from = 0;
    for (long n = 0; most < 0 || n < most; n++) {
      // An empty pattern stands before every character and at the end.
      int at = value.indexOf(old.value(), old.isEmpty() && n > 0 ? from + 1 : from);
      if (at < 0 || (old.isEmpty() && n > value.length())) {
        break;
      }
      budget.make((long) at - from + with.length());
      out.append(text, from, at).append(with);
      from = at + old.length();
      if (old.isEmpty() && at == value.length()) {
        break;
      }
    }
    return out.append(text, from, value.length()).build();
  }

  private long find(MarkedText text, JinjaArguments arguments, boolean last) {
    String what = arguments.text(0, "sub").value();
    search(text, what);
    MarkedText within = within(text, arguments);
    int at = last ? within.value().lastIndexOf(what) : within.value().indexOf(what);
    if (at < 0) {
      return -1;
    }
    long skipped = 0;
    if (arguments.has(1, "start")) {
      long start = arguments.integer(1, "start", 0);
      skipped = Math.clamp(start < 0 ? start + text.points() : start, 0, text.points());
    }
    return skipped + within.value().codePointCount(0, at);
  }

  private static long found(long at) {
    if (at < 0) {
      throw JinjaOperators.error("index(): substring not found");
    }
    return at;
  }

  private long count(MarkedText text, String what) {
    search(text, what);
    if (what.isEmpty()) {
      return text.points() + 1L;
    }
    long count = 0;
    for (int at = text.value().indexOf(what); at >= 0; count++) {
      at = text.value().indexOf(what, at + what.length());
    }
    return count;
  }

  MarkedText join(MarkedText separator, List<JinjaValue> items) {
    MarkedText.Builder out = new MarkedText.Builder();
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof MarkedText text)) {
        throw JinjaOperators.error(
            "join(): item " + i + " is " + JinjaOperators.type(items.get(i)) + ", not a string");
      }
      budget.make((long) text.length() + separator.length());
      out.append(i == 0 ? MarkedText.EMPTY : separator).append(text);
    }
    return out.build();
  }

  /** Texts put together. */
  MarkedText joined(List<JinjaValue> parts) {
    return join(MarkedText.EMPTY, parts);
  }

  private MarkedText zeros(MarkedText text, int width) {
    int missing = width - text.points();
    if (missing <= 0) {
      return text;
    }
    budget.make(width);
    boolean signed = !text.isEmpty() && "+-".indexOf(text.value().charAt(0)) >= 0;
    return new MarkedText.Builder()
        .append(text, 0, signed ? 1 : 0)
        .trusted("0".repeat(missing))
        .append(text, signed ? 1 : 0, text.length())
        .build();
  }

  // 0 pads on the right, 1 on both sides, 2 on the left.
  private MarkedText pad(MarkedText text, JinjaArguments arguments, int how) {
    int width = arguments.atMost(2).size(0, "width", 0);
    MarkedText fill = arguments.text(1, "fillchar", MarkedText.trusted(" "));
    if (fill.points() != 1) {
      throw JinjaOperators.error(arguments.function() + "(): expected one character to fill with");
    }
    return pad(text, width, fill, how);
  }

  MarkedText pad(MarkedText text, int width, MarkedText fill, int how) {
    int missing = width - text.points();
    if (missing <= 0) {
      return text;
    }
    budget.make(2L * width);
    // Python puts the odd one on the left when the width is odd, too.
    int left = how == 0 ? 0 : how == 2 ? missing : missing / 2 + (missing & width & 1);
    MarkedText.Builder out = new MarkedText.Builder();
    for (int i = 0; i < left; i++) {
      out.append(fill);
    }
    out.append(text);
    for (int i = left; i < missing; i++) {
      out.append(fill);
    }
    return out.build();
  }

  private static MarkedText titled(MarkedText text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int point = text.value().codePointAt(i);
      i += Character.charCount(point);
      out.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
      inWord = Character.isLetter(point);
    }
    return text.mapped(out.toString());
  }

  static MarkedText capitalized(MarkedText text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.value().codePointAt(0);
    String rest = text.value().substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
    return text.mapped(Character.toString(Character.toTitleCase(first)) + rest);
  }

  private static MarkedText mapPoints(MarkedText text, IntUnaryOperator change) {
    StringBuilder out = new StringBuilder(text.length());
    text.value().codePoints().map(change).forEach(out::appendCodePoint);
    return text.mapped(out.toString());
  }
}
