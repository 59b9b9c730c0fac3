package burhan.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the field's byte-level vocabularies cut text, by the name that GGUF files give: {@code
 * tokenizer.ggml.pre}. Patterns are applied in turn, each cutting the pieces of the one before.
 * Knows no vocabulary.
 *
 * @param patterns as {@code tokenizer.json} spells them
 * @param ignoreMerges whether a piece that is a token as a whole is not put together from merges
 */
record NamedSplit(List<String> patterns, boolean ignoreMerges) {
  private static final String DEEPSEEK_LLM_LETTERS =
      "\\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293"
          + "\u0295-\u02af\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c"
          + "\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0"
          + "-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-"
          + "\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b"
          + "\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-"
          + "\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113"
          + "\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f"
          + "\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3"
          + "\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00"
          + "-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a\ud801\udc00-\ud801\udc4f\ud801\udcb0-"
          + "\ud801\udcd3\ud801\udcd8-\ud801\udcfb\ud803\udc80-\ud803\udcb2\ud803\udcc0-\ud803"
          + "\udcf2\ud806\udca0-\ud806\udcdf\ud83a\udd00-\ud83a\udd43]+";
  private static final String CJK = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+";

  private static final NamedSplit GPT_2 = cut(KnownPattern.GPT_2.pattern());
  private static final NamedSplit DIGITS_GPT_2 = cut("\\p{N}", KnownPattern.GPT_2.pattern());
  private static final NamedSplit LLAMA_3 = cut(KnownPattern.LLAMA_3.pattern());
  private static final NamedSplit QWEN_2 = cut(KnownPattern.QWEN_2.pattern());

  private static final Map<String, NamedSplit> BY_NAME =
      Map.ofEntries(
          Map.entry("gpt-2", GPT_2),
          Map.entry("mpt", GPT_2),
          Map.entry("olmo", GPT_2),
          Map.entry("jais", GPT_2),
          Map.entry("phi-2", GPT_2),
          Map.entry("exaone4", GPT_2),
          Map.entry("granite", GPT_2),
          Map.entry("starcoder", DIGITS_GPT_2),
          Map.entry("refact", DIGITS_GPT_2),
          Map.entry("command-r", DIGITS_GPT_2),
          Map.entry("smollm", DIGITS_GPT_2),
          Map.entry("codeshell", DIGITS_GPT_2),
          Map.entry("exaone", DIGITS_GPT_2),
          Map.entry("minerva-7b", DIGITS_GPT_2),
          Map.entry("llama-bpe", whole(LLAMA_3)),
          Map.entry("llama3", whole(LLAMA_3)),
          Map.entry("llama-v3", whole(LLAMA_3)),
          Map.entry("falcon3", whole(LLAMA_3)),
          Map.entry("pixtral", whole(LLAMA_3)),
          Map.entry("lfm2", whole(LLAMA_3)),
          Map.entry("dbrx", LLAMA_3),
          Map.entry("smaug-bpe", LLAMA_3),
          Map.entry("glm4", LLAMA_3),
          Map.entry("chatglm-bpe", LLAMA_3),
          Map.entry("qwen2", QWEN_2),
          Map.entry("deepseek-r1-qwen", QWEN_2),
          Map.entry("stablelm2", QWEN_2),
          Map.entry("megrez", QWEN_2),
          Map.entry("tekken", whole(cut(KnownPattern.TEKKEN.pattern()))),
          Map.entry(
              "deepseek-v3",
              cut("\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", KnownPattern.DEEPSEEK_V3.pattern())),
          Map.entry(
              "deepseek-llm",
              cut(
                  "[\\r\\n]",
                  DEEPSEEK_LLM_LETTERS,
                  "\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+",
                  "\\s+$",
                  CJK,
                  "\\p{N}+")),
          Map.entry("deepseek-coder", cut("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", CJK, "\\p{N}")),
          Map.entry(
              "falcon",
              cut("[\\p{P}\\$\\+<=>\\^~\\|`]+", KnownPattern.GPT_2.pattern(), "[0-9][0-9][0-9]")),
          Map.entry(
              "default",
              cut(
                  "[\\p{P}\\$\\+<=>\\^~\\|]+",
                  KnownPattern.GPT_2.pattern(),
                  "\\p{N}+",
                  "[0-9][0-9][0-9]")));

  // Of names that cut alike, the one most readers know.
  private static final List<String> PREFERRED =
      List.of(
          "gpt-2",
          "starcoder",
          "llama-bpe",
          "dbrx",
          "qwen2",
          "tekken",
          "deepseek-v3",
          "deepseek-llm",
          "deepseek-coder",
          "falcon",
          "default");

  private static NamedSplit cut(String... patterns) {
    return new NamedSplit(List.of(patterns), false);
  }

  private static NamedSplit whole(NamedSplit split) {
    return new NamedSplit(split.patterns, true);
  }

  static Optional<NamedSplit> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * The name to write into a file for steps that end in bytes; empty where none cuts as they do.
   */
  static Optional<String> nameOf(PreTokenizer steps, boolean ignoreMerges) {
    List<String> patterns = new ArrayList<>();
    if (!flatten(steps, patterns)) {
      return Optional.empty();
    }
    NamedSplit wanted = new NamedSplit(patterns, ignoreMerges);
    return PREFERRED.stream().filter(name -> wanted.equals(BY_NAME.get(name))).findFirst();
  }

  private static boolean flatten(PreTokenizer step, List<String> patterns) {
    return switch (step) {
      case PreTokenizer.Sequence(List<PreTokenizer> all) ->
          all.stream().allMatch(one -> flatten(one, patterns));
      case PreTokenizer.Split(TextPattern pattern, PreTokenizer.Behavior behavior, boolean invert)
          when pattern.isRegex() && behavior == PreTokenizer.Behavior.ISOLATED && !invert ->
          // Some files spell the two line ends as themselves.
          patterns.add(pattern.source().replace("\r", "\\r").replace("\n", "\\n"));
      case PreTokenizer.Digits(boolean individual) ->
          patterns.add(individual ? "\\p{N}" : "\\p{N}+");
      case PreTokenizer.ByteLevel(boolean addPrefixSpace, boolean useRegex) when !addPrefixSpace ->
          !useRegex || patterns.add(KnownPattern.GPT_2.pattern());
      case PreTokenizer.Split _, PreTokenizer.ByteLevel _, PreTokenizer.Metaspace _ -> false;
    };
  }

  PreTokenizer steps() {
    List<PreTokenizer> steps = new ArrayList<>();
    patterns.forEach(pattern -> steps.add(PreTokenizer.Split.isolated(pattern)));
    steps.add(new PreTokenizer.ByteLevel(false, false));
    return new PreTokenizer.Sequence(steps);
  }
}
