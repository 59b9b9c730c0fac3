package burhan.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected texts are what jinja2 3.1 renders with Hugging Face's settings. */
class ChatTemplateTest {
  private static final Map<String, Object> CONTEXT = context();

  private static Map<String, Object> context() {
    Map<String, Object> context = new HashMap<>();
    context.put("s", "Hello, World");
    context.put("u", "áéí 😀 ß");
    context.put("n", null);
    context.put("i", 7);
    context.put("l", List.of(3, 1, 2));
    context.put("d", map("a", 1, "b", List.of(1, 2), "c", null));
    context.put(
        "m",
        List.of(
            map("role", "user", "n", 1), map("role", "bot", "n", 3), map("role", "user", "n", 2)));
    context.put("ws", "  a  b \n c  ");
    context.put("q", "a\"b'c\n\t\\");
    return context;
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static String render(String template) {
    return ChatTemplate.of(template).render(CONTEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "not n is none, not x is defined, n is none and i @ [False, True, 7]",
        "1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, 'a' in s, 3 in l, 5 not in l, not 5 in l @ [True, False, True, False, True, True, True]",
        "1 + 2 * 3 - 4 / 2, -2 ** 2, 2 ** 3 ** 2, -7 // 2, -7 % 3, 7.0 // 2 @ [5.0, 4, 64, -4, 2, 3.0]",
        "2 * 3 ~ 4, 'x' 'y', 'a' ~ 1 ~ none ~ true ~ 1.5 ~ [1] @ ['64', 'xy', 'a1NoneTrue1.5[1]']",
        "'a' if x else 'b' if n else 'c', i if s is string else 0 @ ['c', 7]",
        "1e16, 0.00001, 0.1 + 0.2, 1e15, 3.0, 1.5e-7, 1/3 @ [1e+16, 1e-05, 0.30000000000000004, 1000000000000000.0, 3.0, 1.5e-07, 0.3333333333333333]",
        "(1,), (), {'a': (1, 'x')}, {}, none @ [(1,), (), {'a': (1, 'x')}, {}, None]",
        "u|length, u[4], u[::-1], u[1:6:2], s[-5:], s[5:2], l[::-1], l[-1:-3:-1] @ [7, '😀', 'ß 😀 íéá', 'é  ', 'World', '', [2, 1, 3], [2, 1]]",
        "d.a, d['a'], d.get('z'), d.get('z', 5), d.items()|list @ [1, 1, None, 5, [('a', 1), ('b', [1, 2]), ('c', None)]]",
        "ws.strip(), ws.lstrip(), ws|trim, 'xyaxy'.strip('xy') @ ['a  b \\n c', 'a  b \\n c  ', 'a  b \\n c', 'a']",
        "ws.split(), 'a,b,c'.split(',', 1), 'a,b,c'.rsplit(',', 1), ' a b  c '.split(none, 1) @ [['a', 'b', 'c'], ['a', 'b,c'], ['a,b', 'c'], ['a', 'b  c ']]",
        "'a-b-c'.partition('-'), 'a-b'.rpartition('x'), 'a\\nb\\r\\nc\\n'.splitlines() @ [('a', '-', 'b-c'), ('', '', 'a-b'), ['a', 'b', 'c']]",
        "s.replace('l', 'L', 2), 'ab'.replace('', '-'), 'aaa'|replace('aa', 'b') @ ['HeLLo, World', '-a-b-', 'ba']",
        "s.startswith('He'), s.endswith(('d', 'x')), s.find('l'), s.rfind('l'), s.count('l') @ [True, True, 2, 10, 3]",
        "'{} {0}'.format(1) if n else '{}-{x}'.format(1, x=2), '%s=%03d|%.1f' % ('a', 7, 2.25) @ ['1-2', 'a=007|2.2']",
        "l|sort, l|sort(reverse=true), l|min, l|max, l|sum, m|map(attribute='n')|list @ [[1, 2, 3], [3, 2, 1], 1, 3, 6, [1, 3, 2]]",
        "m|selectattr('role', 'eq', 'user')|map(attribute='n')|join('+'), m|rejectattr('role', 'eq', 'user')|list|length @ ['1+2', 1]",
        "[1, 1, 2]|unique|list, ['b', 'A']|sort, {'b': 1, 'a': 2}|dictsort, [1, 2, 3]|batch(2)|list @ [[1, 2], ['A', 'b'], [('a', 2), ('b', 1)], [[1, 2], [3]]]",
        "'42'|int, 'x'|int(5), '4.7'|int, '3.5'|float, 2.5|round, 2.567|round(2), -i|abs @ [42, 5, 4, 3.5, 2.0, 2.57, 7]",
        "x|default('q'), n|default('q'), n|default('q', true), x|d @ ['q', None, 'q', '']",
        "i is divisibleby 7, i is in [1, 7], l is iterable, d is mapping, s is sequence, i is not odd, true is integer @ [True, True, True, True, True, False, False]",
        "range(5, 0, -2)|list, range(3)|length, dict(a=1), namespace(a=1).a @ [[5, 3, 1], 3, {'a': 1}, 1]",
        "\"they're bill's\"|title, 'foo bar baz qux'|truncate(9), 'a b  c'|wordcount @ [\"They're Bill's\", 'foo...', 3]",
        "'%5s|%-5s|%x' % ('ab', 'cd', 255), 'ab'.center(5, '*'), '-5'.zfill(4) @ ['   ab|cd   |ff', '**ab*', '-005']",
      })
  void evaluatesLikeJinja(String expressions, String expected) {
    assertEquals(expected, render("{{ [" + expressions.replace("\\\\", "\\") + "] }}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "{{ q|tojson }}@\"a\\\"b'c\\n\\t\\\\\"",
        "{{ u|tojson }}@\"áéí 😀 ß\"",
        "{{ d|tojson }}@{\"a\": 1, \"b\": [1, 2], \"c\": null}",
        "{{ {'b': 1, 'a': []}|tojson(indent=2, sort_keys=true) }}@{¶  \"a\": [],¶  \"b\": 1¶}",
        "{{ {1: 2, none: 3, true: 1.5}|tojson(separators=(',', ':')) }}@{\"1\":1.5,\"null\":3}",
        "{{ 'é'|tojson(ensure_ascii=true) }}@\"\\u00e9\"",
        "{{ 'a¶b¶¶c'|indent }}@a¶    b¶¶    c",
        "{{ 'a¶b'|indent('> ', true) }}@> a¶> b",
        "{{ '<a & \"b\">'|e }}@&lt;a &amp; &#34;b&#34;&gt;"
      })
  void filtersTextLikeJinja(String template, String expected) {
    assertEquals(expected.replace('¶', '\n'), render(template.replace('¶', '\n')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      ignoreLeadingAndTrailingWhitespace = false,
      quoteCharacter = '`',
      value = {
        "a¶  {% if i %}¶  b¶  {% endif %}¶c@a¶  b¶c",
        "a  {%+ if i %} b  {%+ endif %}¶c@a   b  c",
        "   {{ i }}   ¶   {# c #}¶ x@   7   ¶ x",
        "{% if i +%}¶a¶{% endif %}@¶a¶",
        "{%- for a in l %}¶  {{ a }}¶{%- endfor %}¶¶end@  3  1  2¶end",
        "a{{- i -}} b {%- if i -%} c {%- endif -%} d@a7bcd",
        " {% raw %} ¶ {{x}} ¶ {% endraw %} ¶ y@ ¶ {{x}} ¶ ¶ y",
        "{% raw -%}  a {{ b }}  {%- endraw %} c@a {{ b }} c",
        "x¶¶{%- if i %}¶¶y{% endif %}¶¶@x¶y",
        "{%if i%}a{%endif%}{{i}}@a7",
        "a¶¶@a¶",
        "{{ '}}' }}{{ {'a': {'b': 1}}['a'] }}@}}{'b': 1}"
      })
  void treatsWhiteSpaceLikeJinja(String template, String expected) {
    assertEquals(expected.replace('¶', '\n'), render(template.replace('¶', '\n')));
    assertEquals(expected.replace('¶', '\n'), render(template.replace("¶", "\r\n")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "{% for a in l %}{{ loop.index }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.previtem }}{{ loop.cycle('x', 'y') }};{% endfor %}@12Truex;21False3y;30False1x;",
        "{% for a in l if a > 1 %}{{ loop.index }}:{{ a }} {% endfor %}{% for a in l if a > 5 %}{% else %}none{% endfor %}@1:3 2:2 none",
        "{% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %}{% for k, v in d.items() %}{{ k }}{% endfor %}@123abc",
        "{% for a in l %}{% if a == 1 %}{% continue %}{% endif %}{{ a }}{% endfor %}{% for a in l %}{% if a == 1 %}{% break %}{% endif %}{{ a }}{% endfor %}@323",
        "{% for x in [[1, [2]], [3]] recursive %}{% if x is iterable %}<{{ loop(x) }}>{% else %}{{ x }}{% endif %}{% endfor %}@<1<2>><3>",
        "{% set a = 1 %}{% for q in l %}{% set a = a + 1 %}{{ a }}{% endfor %}{{ a }}@2221",
        "{% set ns = namespace(a=1) %}{% for q in l %}{% set ns.a = ns.a + q %}{% endfor %}{{ ns.a }}@7",
        "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c %}x{{ i }}{% endset %}{{ c }}{% set e | upper %}y{% endset %}{{ e }}@12x7Y",
        "{% macro f(a, b=2, c=a) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ f(1) }}{{ f(b=5, a=2) }}@[121][252]",
        "{% macro f(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, x=4) }}@(2,){'x': 4}",
        "{% macro f() %}<{{ caller(5) }}>{% endmacro %}{% call(v) f() %}in{{ v }}{% endcall %}@<in5>",
        "{% macro f(k) %}{{ k if k < 2 else k * f(k - 1)|int }}{% endmacro %}{{ f(5) }}@120",
        "{% set a = 1 %}{% macro f() %}{{ a }}{% endmacro %}{% set a = 2 %}{{ f() }}@2",
        "{% filter replace('a', 'b')|upper %}banana{% endfilter %}{% with a = 1 %}{{ a }}{% endwith %}{{ a }}@BBNBNB1",
        "{% if n %}1{% elif i %}2{% else %}3{% endif %}{% generation %}g{% endgeneration %}@2g",
        "{% if false %}{{ s|unknown }}{% endif %}ok@ok"
      })
  void carriesOutLikeJinja(String template, String expected) {
    assertEquals(expected, render(template));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ s + 1 }}",
        "{{ n + 1 }}",
        "{{ x + 1 }}",
        "{{ x.y }}",
        "{{ 'a' in n }}",
        "{{ 'a' < 1 }}",
        "{{ n|length }}",
        "{{ i() }}",
        "{{ s|unknown }}",
        "{{ s is unknown }}",
        "{{ x|tojson }}",
        "{{ l|map('string')|tojson }}",
        "{{ l|map('string') }}",
        "{{ s.upper }}",
        "{{ range }}",
        "{{ l.append(1) }}",
        "{{ d.update({}) }}",
        "{% set d.a = 1 %}",
        "{% for a in i %}{% endfor %}",
        "{% for a, b in l %}{% endfor %}",
        "{{ raise_exception('no') }}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% unknown %}",
        "{{",
        "{{ a b }}",
        "{{ (1 }}",
        "{{ 'abc }}",
        "{% if i %}",
        "{% endif %}",
        "{% break %}",
        "{{ 1 + }}",
        "{{ }}",
        "{% for a %}",
        "{{ [1}] }}",
        "{# never",
        "{% raw %}",
        "{{ 1 / 0 }}",
        "{{ 10 ** 30 }}",
        "{{ $ }}",
        "{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}",
        "{{ '\\u12' }}",
        "{{ 99999999999999999999 }}"
      })
  void refusesWhatMakesNoSense(String template) {
    BadInputException e = assertThrows(BadInputException.class, () -> render(template));
    assertTrue(String.valueOf(e.getMessage()).startsWith("chat template: "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ range(100000000)|list }}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for a in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 'a'.center(1000000000) }}",
        "{{ 'a'|indent(1000000000) }}",
        "{{ '%999999999s' % 'a' }}",
        "{{ '%.999999999f' % 1 }}",
        "{{ [1]|tojson(indent=1000000000) }}",
        "{{ [1]|slice(1000000000)|list }}",
        "{{ [1]|batch(1000000000, 1)|list }}",
        "{{ 'aaaa'.replace('', 'b' * 60000000) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set ns = namespace(l=[]) %}{% for a in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[1]) %}{% for a in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l == ns.l }}{{ ns.l|tojson }}",
        "{% set ns = namespace(l=[1], k=[1]) %}{% for a in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.k = [ns.k, ns.k] %}{% endfor %}{{ ns.l is sameas ns.k }}{{ ns.l == ns.k }}",
        "{% set a = 'a' * 9000000 %}{% for i in range(9999) %}{{ (a ~ 'b') in (a ~ 'c') }}{% endfor %}",
        "{% set a = 'a' * 3000000 %}{% set b = 'a' * 1000000 ~ 'b' %}{{ b in a }}",
        "{% set a = 'a' * 3000000 %}{% set b = 'a' * 1000000 ~ 'b' %}{{ a.find(b) }}{{ a.replace(b, '') }}"
      })
  void boundsWorkMemoryAndDepth(String template) {
    assertThrows(BadInputException.class, () -> render(template));
  }

  @Test
  void boundsTheDepthOfTheSource() {
    for (String deep :
        List.of(
            "{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}",
            "{{ " + "[".repeat(50_000) + " }}",
            "{{ " + "not ".repeat(50_000) + "1 }}",
            "{{ " + "-".repeat(50_000) + "1 }}",
            "{{ x" + ".a".repeat(50_000) + " }}",
            "{{ 1" + " + 1".repeat(50_000) + " }}",
            "{{ 1" + "|int".repeat(50_000) + " }}",
            "{{ l" + "[l[0]".repeat(50_000) + " }}",
            "{{ 1" + " if 1 else 1".repeat(50_000) + " }}",
            "{% if 1 %}".repeat(50_000),
            "{% set " + "(".repeat(50_000) + " %}",
            "{% filter x" + "|x".repeat(50_000) + " %}{% endfilter %}",
            "{% for a in l %}".repeat(200) + "{% endfor %}".repeat(200))) {
      assertThrows(BadInputException.class, () -> render(deep), deep.substring(0, 20));
    }
  }

  @Test
  void longFlatTemplatesAreFine() {
    assertEquals("12".repeat(20_000), render("{{ 1 }}{% if i %}2{% endif %}".repeat(20_000)));
    assertEquals("x".repeat(5_000), render("{{ " + "'x' ~ ".repeat(4_999) + "'x' }}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      value = {
        "{{ '<U>' + s + '</U>' }}@<U>[Hello, World]</U>",
        "{{ bos_token }}{{ s[:5] }}@<B>[Hello]",
        "{{ ('<' ~ s ~ '>')[1:6] }}@[Hello]",
        "{{ ('<' ~ s ~ '>')|upper }}@<[HELLO, WORLD]>",
        "{{ ('  ' ~ s ~ ' >')|trim }}@[Hello, World] >",
        "{{ ('a|' ~ s ~ '|b').split('|')|join('+') }}@a+[Hello, World]+b",
        "{{ ('x' ~ s).replace('l', '<l>') }}@x[He]<l><l>[o, Wor]<l>[d]",
        "{{ 'x<c>'.replace('c', s) }}@x<[Hello, World]>",
        "{{ s|tojson }}@[\"Hello, World\"]",
        "{{ {'a': s} }}{{ {'a': 'b'}|tojson }}@[{'a': 'Hello, World'}]{\"a\": \"b\"}",
        "{{ '%s-%s' % (s, 'x') }}{{ '{}'.format(s) }}@[Hello, World]-x[Hello, World]",
        "{% set a %}<{{ s }}>{% endset %}{{ a }}@<[Hello, World]>",
        "{% macro f(x) %}({{ x }}){% endmacro %}{{ f(s) }}{{ f('t') }}@([Hello, World])(t)",
        "{% for c in s[:2] %}{{ c }}.{% endfor %}@[H].[e].",
        "{{ s|indent(2, true) }}{{ 'ab'|indent(1, true) }}@  [Hello, World] ab",
        "{% for k, v in d.items() %}{{ k }}={{ v }} {% endfor %}@[a]=1 [b]=[1, 2] [c]=None",
        "{{ s|e }}{{ s.center(16, '*') }}@[Hello, World]**[Hello, World]**",
        "{{ s|reverse }}{{ s|list|join }}{{ s|first }}@[dlroW ,olleHHello, WorldH]",
        "{{ [s, '<x>']|join('') }}{{ s|default('y') }}@[Hello, World]<x>[Hello, World]"
      })
  void marksWhatCameInWithTheConversation(String template, String expected) {
    Map<String, Object> context = new HashMap<>(CONTEXT);
    context.put("bos_token", "<B>");
    String marked =
        ChatTemplate.of(template).renderSegments(context).stream()
            .map(s -> s.fromTemplate() ? s.text() : "[" + s.text() + "]")
            .collect(Collectors.joining())
            .strip();
    assertEquals(expected, marked);
  }

  @Test
  void asksItsClock() {
    Clock clock = Clock.fixed(Instant.parse("2026-03-05T15:04:09Z"), ZoneOffset.UTC);
    assertEquals(
        "05 Mar 2026, 5 March, Thu 03:04 PM",
        ChatTemplate.of("{{ strftime_now('%d %b %Y, %-d %B, %a %I:%M %p') }}", clock)
            .render(Map.of()));
  }

  @Test
  void namesTheLineOfAnError() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> render("a\n{% if i %}\n{{ x.y }}{% endif %}"));
    assertTrue(String.valueOf(e.getMessage()).contains("line 3: 'x' is undefined"), e.getMessage());
    e = assertThrows(BadInputException.class, () -> render("a\n\n{{ 'b }}"));
    assertTrue(String.valueOf(e.getMessage()).contains("line 3: "), e.getMessage());
  }

  @Test
  void takesOnlyPlainValues() {
    Map<String, Object> context = new HashMap<>();
    context.put("x", new StringBuilder("text"));
    assertEquals("text", ChatTemplate.of("{{ x }}").render(context));
    context.put("x", new Object());
    assertThrows(BadInputException.class, () -> ChatTemplate.of("{{ x }}").render(context));
    List<Object> deep = List.of();
    for (int i = 0; i < 1_000; i++) {
      deep = Arrays.asList(deep, 1);
    }
    context.put("x", deep);
    assertThrows(BadInputException.class, () -> ChatTemplate.of("{{ x }}").render(context));
  }
}
