package burhan.token;

import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a file or template holds: it works or says why not, and never hangs or falls over. */
@Timeout(120)
class FuzzTest {
  private static final String[] JSON_PARTS = {
    "null",
    "[]",
    "{}",
    "-1",
    "0",
    "7",
    "1e9",
    "99999999999",
    "\"\"",
    "true",
    "\"a\"",
    "\"Ġ\"",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\"Regex\"",
    "\"(a*)*b\"",
    "\"[[:alpha:]]\"",
    "\"\\\\p{Han}\"",
    "\"(?<=a)\"",
    "\"^|$\"",
    "\"x{9}{9}{9}\"",
    "\"BPE\"",
    "\"Sequence\"",
    "\"Digits\"",
    "\"Metaspace\"",
    "\"NFKC\"",
    "\"Prepend\"",
    "\"Strip\"",
    "\ud800",
    "\u0000"
  };

  private static final String JSON =
      """
      {"added_tokens": [{"id": 6, "content": "<x>", "special": true, "normalized": true,
          "lstrip": true, "rstrip": true, "single_word": false}],
       "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"},
          {"type": "Replace", "pattern": {"Regex": "a{2,3}"}, "content": "b"}]},
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": "\\\\s?\\\\p{L}+|x"}, "behavior": "Isolated",
           "invert": false}, {"type": "Digits", "individual_digits": true},
          {"type": "ByteLevel", "add_prefix_space": true, "use_regex": true}]},
       "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "ignore_merges": false, "unk_token": null,
          "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3, "abab": 4, "Ã": 5},
          "merges": ["a b", ["ab", "ab"]]}}
      """;

  private static final String[] TEMPLATE_PARTS = {
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "-%}",
    "{%-",
    "{{-",
    " for x in l ",
    " endfor ",
    " if ",
    " endif ",
    " else ",
    " elif ",
    " set x = ",
    " set ns.x = ",
    " endset ",
    " macro f(a, b=1) ",
    " endmacro ",
    " call(v) f(1) ",
    " endcall ",
    " filter upper ",
    " endfilter ",
    " raw ",
    " endraw ",
    " break ",
    " continue ",
    " x ",
    " l ",
    " d ",
    " s ",
    " n ",
    " ns ",
    " loop ",
    " f ",
    ".a",
    ".items()",
    ".split('a')",
    ".replace('a', s)",
    ".format(x)",
    ".join(l)",
    "[0]",
    "[-1]",
    "[1:]",
    "[::-1]",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "'a'",
    "'%s'",
    "1",
    "-3",
    "1.5",
    "99999",
    " + ",
    " - ",
    " * ",
    " / ",
    " // ",
    " % ",
    " ** ",
    " ~ ",
    " == ",
    " < ",
    " in ",
    " not ",
    " and ",
    " or ",
    " is ",
    " defined ",
    " iterable ",
    "|",
    "|length",
    "|tojson",
    "|list",
    "|join(',')",
    "|map('upper')",
    "|sort",
    "|batch(3)",
    "|indent(9)",
    "|int",
    "|select('odd')",
    ",",
    ":",
    "=",
    "range(9)",
    "namespace(x=1)",
    "loop(x)",
    "f(x)",
    "\n",
    " ",
    "\\",
    "é",
    "😀",
    "\ud800"
  };

  private static final String TEMPLATE =
      """
      {%- set ns = namespace(x='', seen=false) %}{{ s }}{% macro f(a, b=1) %}{{ a ~ b }}{% endmacro %}
      {%- for x in l %}{% if x is string and x|length > 1 %}{{ f(x, x[1:]|upper) }}{% elif loop.last %}
      {{ d.a + x|string }}{% else %}{%- set ns.x = ns.x ~ x -%}{{ loop.index }}{% endif %}
      {%- endfor %}{% for k, v in d.items() %}{{ k|tojson }}: {{ v or 'none' }}{% endfor %}
      {% call(v) f(1) %}{{ v }}{% endcall %}{{ (ns.x|trim).split('a')[-1] }}{% raw %}{{ }}{% endraw %}
      """;

  @Test
  void aDamagedTokenizerFileIsReadOrRefused() {
    Random random = new Random(11);
    int read = 0;
    for (int i = 0; i < 4_000; i++) {
      String json = damaged(JSON, JSON_PARTS, random);
      try {
        Tokenizer tokenizer = Tokenizer.parse(json, "fuzz");
        read++;
        for (String text : List.of("ab abab <x> 12 ÀB", "aaaa\u0301 字\ud800x", "")) {
          tokenizer.decode(tokenizer.encode(text));
          tokenizer.decode(tokenizer.encodeWithSpecials(text));
        }
      } catch (BadInputException e) {
        assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
      }
    }
    assertTrue(read > 100, "some of them can be read: " + read);
  }

  @Test
  void aDamagedTemplateIsRenderedOrRefused() {
    Random random = new Random(12);
    int rendered = 0;
    for (int i = 0; i < 8_000; i++) {
      rendered += renders(damaged(TEMPLATE, TEMPLATE_PARTS, random)) ? 1 : 0;
    }
    assertTrue(rendered > 100, "some of them can be rendered: " + rendered);
  }

  @Test
  void randomTemplatesAreRenderedOrRefused() {
    Random random = new Random(13);
    int rendered = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder template = new StringBuilder(random.nextBoolean() ? "{{ " : "{% ");
      for (int k = random.nextInt(14); k >= 0; k--) {
        template.append(TEMPLATE_PARTS[random.nextInt(TEMPLATE_PARTS.length)]);
      }
      template.append(random.nextBoolean() ? " }}" : " %}{% endfor %}");
      rendered += renders(template.toString()) ? 1 : 0;
    }
    assertTrue(rendered > 100, "some of them can be rendered: " + rendered);
  }

  private static boolean renders(String template) {
    Map<String, Object> context = new HashMap<>();
    context.put("s", "Some text");
    context.put("n", null);
    context.put("x", 3);
    context.put("l", List.of("a", "bcd", 4, 2.5, List.of(1, 2)));
    context.put("d", Map.of("a", "b"));
    try {
      ChatTemplate.of(template).renderSegments(context);
      return true;
    } catch (BadInputException e) {
      assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
      return false;
    }
  }

  private static String damaged(String whole, String[] parts, Random random) {
    StringBuilder text = new StringBuilder(whole);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(text.length());
      int length = Math.min(random.nextInt(6), text.length() - at);
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, at + length);
        case 1 -> text.insert(at, parts[random.nextInt(parts.length)]);
        case 2 -> text.replace(at, at + length, parts[random.nextInt(parts.length)]);
        default -> {
          int to = random.nextInt(text.length());
          text.insert(to, text.substring(at, Math.min(at + 4 * length, text.length())));
        }
      }
    }
    return text.toString();
  }
}
