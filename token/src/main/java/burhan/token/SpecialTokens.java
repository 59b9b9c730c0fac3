package burhan.token;

import burhan.checkpoint.GgufMetadata;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tokens that a GGUF file names by id, and what it says about beginning and end. Knows no text.
 *
 * @param beginOfText {@code bos}
 * @param endOfText {@code eos}
 * @param endOfTurn {@code eot}, where a chat model ends its turn with another token than {@code
 *     eos}
 * @param endOfMessage {@code eom}, after which a tool is to answer
 * @param unknown what stands for text that the vocabulary cannot spell
 * @param padding {@code pad}
 * @param addBegin whether a text without template begins with {@code bos}
 * @param addEnd whether a text for training ends with {@code eos}
 * @param ends every id that ends an answer: those named above, and control tokens that are known to
 *     end a turn and that files often leave unnamed
 */
public record SpecialTokens(
    OptionalInt beginOfText,
    OptionalInt endOfText,
    OptionalInt endOfTurn,
    OptionalInt endOfMessage,
    OptionalInt unknown,
    OptionalInt padding,
    boolean addBegin,
    boolean addEnd,
    Set<Integer> ends) {
  static final String BEGIN = "tokenizer.ggml.bos_token_id";
  static final String END = "tokenizer.ggml.eos_token_id";
  static final String TURN = "tokenizer.ggml.eot_token_id";
  static final String MESSAGE = "tokenizer.ggml.eom_token_id";
  static final String UNKNOWN = "tokenizer.ggml.unknown_token_id";
  static final String PADDING = "tokenizer.ggml.padding_token_id";
  static final String ADD_BEGIN = "tokenizer.ggml.add_bos_token";
  static final String ADD_END = "tokenizer.ggml.add_eos_token";

  private static final Set<String> KNOWN_ENDS =
      Set.of(
          "<|eot_id|>",
          "<|eom_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<end_of_turn>",
          "<｜end▁of▁sentence｜>",
          "<|EOT|>");

  public SpecialTokens {
    ends = Set.copyOf(ends);
  }

  /**
   * Reads them.
   *
   * @throws burhan.tensor.BadInputException if there is no vocabulary, or an id is not in it
   */
  public static SpecialTokens of(GgufMetadata file) {
    String model = file.text(GgufVocabulary.MODEL);
    int size = Math.toIntExact(Math.min(file.count(GgufVocabulary.TOKENS), Integer.MAX_VALUE));
    boolean isSentencePiece = model.equals("llama");
    OptionalInt begin = id(file, BEGIN, isSentencePiece ? 1 : -1, size);
    OptionalInt end = id(file, END, isSentencePiece ? 2 : -1, size);
    OptionalInt turn = id(file, TURN, -1, size);
    OptionalInt message = id(file, MESSAGE, -1, size);
    boolean wholeWords =
        NamedSplit.of(file.text(GgufVocabulary.PRE, "default"))
            .map(NamedSplit::ignoreMerges)
            .orElse(false);
    return new SpecialTokens(
        begin,
        end,
        turn,
        message,
        id(file, UNKNOWN, isSentencePiece ? 0 : -1, size),
        id(file, PADDING, -1, size),
        // Files of these two kinds that say nothing want it, as the reference has it.
        file.flag(ADD_BEGIN, begin.isPresent() && (isSentencePiece || wholeWords)),
        file.flag(ADD_END, false),
        ends(file, List.of(end, turn, message)));
  }

  /** Refuses ids that are not in the vocabulary. */
  static void check(GgufMetadata file, int size) {
    for (String key : List.of(BEGIN, END, TURN, MESSAGE, UNKNOWN, PADDING)) {
      id(file, key, -1, size);
    }
  }

  /** The unknown token of a SentencePiece vocabulary, or -1. */
  static int unknown(GgufMetadata file, int size) {
    return id(file, UNKNOWN, 0, size).orElse(-1);
  }

  private static OptionalInt id(GgufMetadata file, String key, int absent, int size) {
    int fallback = absent < size ? absent : -1;
    int id = (int) file.integer(key, 0, size - 1L, fallback);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  private static Set<Integer> ends(GgufMetadata file, List<OptionalInt> named) {
    Set<Integer> ends = new TreeSet<>();
    named.forEach(id -> id.ifPresent(ends::add));
    if (file.has(GgufVocabulary.TYPES)) {
      long[] types = file.integers(GgufVocabulary.TYPES);
      String[] tokens = GgufVocabulary.texts(file, GgufVocabulary.TOKENS);
      for (int id = 0; id < Math.min(types.length, tokens.length); id++) {
        if (types[id] == GgufVocabulary.CONTROL && KNOWN_ENDS.contains(tokens[id])) {
          ends.add(id);
        }
      }
    }
    return ends;
  }
}
