package burhan.token;

import burhan.checkpoint.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the vocabulary inside a GGUF file and puts a tokenizer together: byte-level BPE ({@code
 * gpt2}) or SentencePiece's BPE by scores ({@code llama}). Knows no tensors. What is not understood
 * is refused rather than skipped.
 *
 * <p>A control, unknown or user-defined token is never the result of merging: only an added token
 * that is recognised as such becomes one. The reference would merge to one too.
 */
final class GgufVocabulary {
  static final String MODEL = "tokenizer.ggml.model";
  static final String PRE = "tokenizer.ggml.pre";
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String SCORES = "tokenizer.ggml.scores";
  static final String MERGES = "tokenizer.ggml.merges";
  static final String JSON = "tokenizer.huggingface.json";
  static final String SPACE_PREFIX = "tokenizer.ggml.add_space_prefix";

  static final int NORMAL = 1;
  static final int UNKNOWN = 2;
  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int UNUSED = 5;
  static final int BYTE = 6;

  static final char SPACE = '▁';

  // Converters leave many of these without their type, and the reference recognises them in
  // templates by their spelling. Text becomes them still: "</s>" is HTML as well.
  private static final Set<String> CONTROL_BY_SPELLING =
      Set.of(
          ("<|eot_id|> <|eom_id|> <|im_end|> <|end|> <|return|> <|call|> <|flush|> <|calls|> </s>"
                  + " <end_of_turn> <|endoftext|> <|end_of_text|> <EOT> _<EOT> [EOT] [EOS] <eos>"
                  + " <end_of_utterance> <｜end▁of▁sentence｜> <|fim_prefix|> <fim-prefix>"
                  + " <fim_prefix> <｜fim▁begin｜> <PRE> ▁<PRE> <|code_prefix|> <|fim_suffix|>"
                  + " <fim-suffix> <fim_suffix> <｜fim▁hole｜> <SUF> ▁<SUF> <|code_suffix|>"
                  + " <|fim_middle|> <fim-middle> <fim_middle> <｜fim▁end｜> <MID> ▁<MID>"
                  + " <|code_middle|> <|fim_pad|> <fim-pad> <fim_pad> <PAD> [PAD] <|fim_repo|>"
                  + " <|repo_name|> <fim-repo> <REPO> <reponame> <|file_sep|>")
              .split(" "));

  private final GgufMetadata file;
  private final Vocabulary vocabulary;
  private final int[] types;

  private GgufVocabulary(GgufMetadata file, Vocabulary vocabulary, int[] types) {
    this.file = file;
    this.vocabulary = vocabulary;
    this.types = types;
  }

  static Tokenizer read(GgufMetadata file) {
    String model = file.text(MODEL);
    if (!model.equals("gpt2") && !model.equals("llama")) {
      throw file.bad(
          MODEL, "is '%s', expected gpt2 or llama, the kinds supported".formatted(shown(model)));
    }
    String[] tokens = texts(file, TOKENS);
    if (tokens.length == 0 || tokens.length - 1 > ModelJson.HIGHEST_ID) {
      throw file.bad(
          TOKENS,
          "has %d tokens, expected 1 to %d".formatted(tokens.length, ModelJson.HIGHEST_ID + 1));
    }
    int[] types = types(file, tokens.length);
    SpecialTokens.check(file, tokens.length);
    if (file.has(JSON)) {
      return fromJson(file, tokens.length);
    }
    GgufVocabulary reader = new GgufVocabulary(file, new Vocabulary(tokens), types);
    return model.equals("gpt2") ? reader.byteLevel() : reader.sentencePiece();
  }

  // A file may carry the whole tokenizer.json, for rules that the other keys cannot say.
  private static Tokenizer fromJson(GgufMetadata file, int size) {
    Tokenizer tokenizer = Tokenizer.parse(file.text(JSON), file.where() + ": key '" + JSON + "'");
    if (tokenizer.size() > size) {
      throw file.bad(
          JSON,
          "has %d tokens, but '%s' has %d; expected the same vocabulary"
              .formatted(tokenizer.size(), TOKENS, size));
    }
    return tokenizer;
  }

  // Several times as fast as a strict decoder for each of half a million strings.
  static String[] texts(GgufMetadata file, String key) {
    byte[][] bytes = file.bytes(key);
    String[] texts = new String[bytes.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = new String(bytes[i], StandardCharsets.UTF_8);
      if (texts[i].indexOf(Utf8.REPLACEMENT) >= 0
          && !Arrays.equals(bytes[i], texts[i].getBytes(StandardCharsets.UTF_8))) {
        throw file.bad(key, "is not UTF-8 text at %d; the file is damaged".formatted(i));
      }
    }
    return texts;
  }

  private static int[] types(GgufMetadata file, int count) {
    int[] types = new int[count];
    Arrays.fill(types, NORMAL);
    if (file.has(TYPES)) {
      long[] given = file.integers(TYPES);
      if (given.length < count) {
        throw file.bad(
            TYPES,
            "has %d entries, expected one for each of the %d tokens"
                .formatted(given.length, count));
      }
      for (int id = 0; id < count; id++) {
        types[id] = given[id] >= NORMAL && given[id] <= BYTE ? (int) given[id] : NORMAL;
      }
    }
    return types;
  }

  private Tokenizer byteLevel() {
    String pre = file.text(PRE, "default");
    NamedSplit split =
        NamedSplit.of(pre)
            .orElseThrow(() ->
                file.bad(
                    PRE,
                    "is '%s', which is not a known way to cut text; expected one such as llama-bpe, qwen2 or deepseek-v3"
                        .formatted(shown(pre))));
    Merges merges = merges();
    BitSet merged = new BitSet();
    for (int id : merges.joined()) {
      merged.set(id);
    }
    byte[][] bytes = new byte[vocabulary.size()][];
    int[] byteIds = new int[256];
    Arrays.fill(byteIds, -1);
    for (int id = bytes.length - 1; id >= 0; id--) {
      String token = vocabulary.token(id);
      byte[] own = isText(id) || merged.get(id) ? ByteAlphabet.readOrNull(token) : null;
      bytes[id] = own == null ? new byte[0] : own;
      if (bytes[id].length == 1) {
        byteIds[bytes[id][0] & 0xFF] = id;
      }
    }
    BpeModel model =
        new BpeModel(bytes, bytes.length, merges, byteIds, true, -1, false, split.ignoreMerges());
    return new Tokenizer(
        text -> text,
        split.steps().compile(),
        model,
        Decoder.BYTE_LEVEL,
        vocabulary,
        added(),
        text());
  }

  private Merges merges() {
    String[] written = texts(file, MERGES);
    Ids lefts = new Ids(written.length);
    Ids rights = new Ids(written.length);
    Ids joined = new Ids(written.length);
    for (int rank = 0; rank < written.length; rank++) {
      String merge = written[rank];
      int space = merge.indexOf(' ', 1);
      if (space < 0) {
        throw file.bad(
            MERGES,
            "holds '%s' at %d, expected two tokens with a space between them"
                .formatted(shown(merge), rank));
      }
      int left = hash(merge, 0, space);
      int right = hash(merge, space + 1, merge.length());
      int whole = left * Vocabulary.power31(merge.length() - space - 1) + right;
      int leftId = known(vocabulary.id(merge, 0, space, left), merge, rank);
      int rightId = known(vocabulary.id(merge, space + 1, merge.length(), right), merge, rank);
      int wholeId = known(vocabulary.idWithout(space, merge, whole), merge, rank);
      if (types[wholeId] != CONTROL && types[wholeId] != UNKNOWN) {
        lefts.add(leftId);
        rights.add(rightId);
        joined.add(wholeId);
      }
    }
    return Merges.ranked(lefts.toArray(), rights.toArray(), joined.toArray());
  }

  // As String.hashCode has it, for a part.
  private static int hash(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  private int known(int id, String merge, int rank) {
    if (id < 0) {
      throw file.bad(
          MERGES,
          "holds '%s' at %d, of which a part or the whole is not among the %d tokens"
              .formatted(shown(merge), rank, vocabulary.size()));
    }
    return id;
  }

  private Tokenizer sentencePiece() {
    int size = vocabulary.size();
    Vocabulary spelled = withCharacters();
    byte[][] bytes = new byte[spelled.size()][];
    int[] byteIds = new int[256];
    Arrays.fill(byteIds, -1);
    for (int id = bytes.length - 1; id >= 0; id--) {
      String token = spelled.token(id);
      bytes[id] = isText(id) ? token.getBytes(StandardCharsets.UTF_8) : new byte[0];
      int value = id < size && types[id] == BYTE ? Decoder.fallbackByte(token) : -1;
      if (value >= 0) {
        byteIds[value] = id;
      }
    }
    int unknown = SpecialTokens.unknown(file, size);
    Merges merges = new ScoredMerges(spelled, this::isText, scores(size), file).merges();
    BpeModel model = new BpeModel(bytes, size, merges, byteIds, false, unknown, false, false);
    boolean prefix = file.flag(SPACE_PREFIX, true);
    String space = String.valueOf(SPACE);
    List<Normalizer> steps = new ArrayList<>();
    if (prefix) {
      steps.add(new Normalizer.Prepend(space));
    }
    steps.add(new Normalizer.Replace(TextPattern.literal(" "), space));
    Decoder decoder = new Decoder(false, List.of(space, " "), true, " ", prefix ? 1 : 0);
    return new Tokenizer(
        new Normalizer.Sequence(steps).compile(),
        new PreTokenizer.Sequence(List.of()).compile(),
        model,
        decoder,
        vocabulary,
        added(),
        text());
  }

  // Characters join whether or not they are tokens themselves. Those that are none get a symbol
  // behind the last id.
  private Vocabulary withCharacters() {
    List<String> all = new ArrayList<>();
    TreeSet<Integer> missing = new TreeSet<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      all.add(token);
      if (isText(id)) {
        token
            .codePoints()
            .filter(point -> point >= 0x80 || vocabulary.id(Character.toString(point)) < 0)
            .forEach(missing::add);
      }
    }
    for (int point : missing) {
      if (vocabulary.id(Character.toString(point)) < 0) {
        all.add(Character.toString(point));
      }
    }
    return new Vocabulary(all.toArray(String[]::new));
  }

  private float[] scores(int count) {
    if (!file.has(SCORES)) {
      return new float[count];
    }
    float[] scores = file.numbers(SCORES);
    if (scores.length < count) {
      throw file.bad(
          SCORES,
          "has %d entries, expected one for each of the %d tokens".formatted(scores.length, count));
    }
    return scores;
  }

  /** Whether ordinary text can become this token. */
  private boolean isText(int id) {
    return id >= types.length || types[id] == NORMAL || types[id] == UNUSED;
  }

  private List<AddedToken> added() {
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < types.length; id++) {
      String token = vocabulary.token(id);
      boolean spelled = CONTROL_BY_SPELLING.contains(token);
      boolean special = spelled || types[id] == CONTROL || types[id] == UNKNOWN;
      // Of two tokens with one text only the first can be recognised.
      boolean isFirst = vocabulary.id(token) == id;
      if ((special || types[id] == USER_DEFINED) && isFirst) {
        added.add(new AddedToken(id, token, special, false, false, false, false));
      }
    }
    return added;
  }

  private BitSet text() {
    BitSet text = new BitSet();
    for (int id = 0; id < types.length; id++) {
      text.set(id, isText(id));
    }
    return text;
  }

  private static String shown(String text) {
    return TokenizerJson.shown(text);
  }
}
