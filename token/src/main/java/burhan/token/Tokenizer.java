package burhan.token;

import burhan.checkpoint.GgufMetadata;
import burhan.tensor.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Text to token ids and back, as a {@code tokenizer.json} says: added tokens, normalisation,
 * splitting, byte-pair merges. Knows no model, no chat and no begin-of-sentence: what a prompt
 * begins with is the template's business. Immutable and safe for use by many threads.
 */
public final class Tokenizer {
  private static final long LARGEST_FILE = 256L << 20;

  private static final int[] NOTHING = {};

  /** Which added tokens are recognised in a text. */
  public enum Recognise {
    /** None: the text is somebody's text, whatever it spells. */
    NONE,
    /** Only those that the file does not mark special. */
    ORDINARY,
    /** All of them: the text is a rendered template. */
    ALL
  }

  private final UnaryOperator<String> normalizer;
  private final PreTokenizer.Step preTokenizer;
  private final BpeModel model;
  private final Decoder decoder;
  private final String[] tokens; // by id; "" for an id without a token
  private final Vocabulary vocabulary; // without the added tokens
  private final Map<String, Integer> addedIds;
  private final BitSet special;
  private final BitSet added;
  private final AddedTokens inText;
  private final AddedTokens inNormalised;

  /**
   * @param text added tokens that a template may name but that are text when a model writes them
   */
  Tokenizer(
      UnaryOperator<String> normalizer,
      PreTokenizer.Step preTokenizer,
      BpeModel model,
      Decoder decoder,
      Vocabulary vocabulary,
      List<AddedToken> added,
      BitSet text) {
    this.normalizer = normalizer;
    this.preTokenizer = preTokenizer;
    this.model = model;
    this.decoder = decoder;
    this.special = new BitSet();
    this.added = new BitSet();
    this.vocabulary = vocabulary;
    int size = vocabulary.size();
    for (AddedToken token : added) {
      size = Math.max(size, token.id() + 1);
    }
    this.tokens = new String[size];
    for (int id = 0; id < size; id++) {
      tokens[id] = id < vocabulary.size() ? vocabulary.token(id) : "";
    }
    this.addedIds = HashMap.newHashMap(added.size());
    for (AddedToken token : added) {
      tokens[token.id()] = token.content();
      special.set(token.id(), token.special() && !text.get(token.id()));
      this.added.set(token.id());
      addedIds.merge(token.content(), token.id(), Math::min);
    }
    List<AddedToken> exact = added.stream().filter(token -> !token.normalized()).toList();
    List<AddedToken> loose = added.stream().filter(AddedToken::normalized).toList();
    this.inText = new AddedTokens(exact, exact.stream().map(AddedToken::content).toList());
    this.inNormalised =
        new AddedTokens(
            loose, loose.stream().map(token -> normalizer.apply(token.content())).toList());
  }

  /**
   * Reads a {@code tokenizer.json} with a BPE model.
   *
   * @throws BadInputException if the file cannot be read, is broken, or asks for something unknown
   */
  public static Tokenizer open(Path tokenizerJson) {
    try {
      long size = Files.size(tokenizerJson);
      if (size > LARGEST_FILE) {
        throw new BadInputException(
            tokenizerJson + ": " + size + " bytes, expected at most " + LARGEST_FILE);
      }
      return new TokenizerJson(tokenizerJson.toString()).read(Files.readAllBytes(tokenizerJson));
    } catch (IOException e) {
      throw new BadInputException(
          tokenizerJson + ": cannot read it (" + e.getMessage() + "); expected a tokenizer.json",
          e);
    }
  }

  /** Reads the text of a {@code tokenizer.json}; {@code name} stands in its errors. */
  public static Tokenizer parse(String json, String name) {
    return new TokenizerJson(name).read(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The vocabulary inside a GGUF file.
   *
   * @throws BadInputException if it is missing, broken, or of a kind that is not supported
   */
  public static Tokenizer of(GgufMetadata metadata) {
    return GgufVocabulary.read(metadata);
  }

  /** The ids of a text in which nothing is a control token, whatever it spells. */
  public int[] encode(String text) {
    return encode(text, Recognise.NONE);
  }

  /** The ids of a trusted text, such as a template's own, with all added tokens recognised. */
  public int[] encodeWithSpecials(String text) {
    return encode(text, Recognise.ALL);
  }

  /** The ids of a text; a lone surrogate counts as U+FFFD. */
  public int[] encode(String text, Recognise recognise) {
    return encode(Utf8.valid(text), recognise, false);
  }

  /**
   * The ids of a text in UTF-8 that may hold bytes which are none. A byte-level vocabulary takes
   * each of these for U+FFFD; one of characters spells it with its token for that byte, so that
   * {@link #bytes} gives it back.
   */
  public int[] encode(byte[] utf8, Recognise recognise) {
    boolean keepBytes = !decoder.ofBytes();
    return encode(Utf8.decode(utf8, keepBytes), recognise, keepBytes);
  }

  private int[] encode(String text, Recognise recognise, boolean keptBytes) {
    Encoding encoding = new Encoding(text.length(), keptBytes);
    if (recognise == Recognise.NONE) {
      encoding.plain(normalizer.apply(text), true);
      return encoding.out.toArray();
    }
    boolean ordinaryOnly = recognise == Recognise.ORDINARY;
    inText.split(
        text,
        ordinaryOnly,
        NOTHING,
        encoding.sink((from, to) -> encoding.normalised(text, from, to, ordinaryOnly)));
    return encoding.out.toArray();
  }

  /**
   * The ids of a rendered prompt. Control tokens are recognised only where they lie wholly in the
   * template's text; everything else is encoded as one text, so that where the conversation spells
   * no control token the ids are those of the whole text.
   */
  public int[] encode(List<Segment> segments) {
    StringBuilder all = new StringBuilder();
    Ids input = new Ids(2 * segments.size());
    for (Segment segment : segments) {
      int from = all.length();
      all.append(segment.text());
      if (!segment.fromTemplate() && !segment.text().isEmpty()) {
        input.add(from);
        input.add(all.length());
      }
    }
    String text = Utf8.valid(all.toString());
    int[] ranges = input.toArray();
    Encoding encoding = new Encoding(text.length(), false);
    inText.split(
        text, false, ranges, encoding.sink((from, to) -> encoding.mixed(text, from, to, ranges)));
    return encoding.out.toArray();
  }

  /** The pieces a text is cut into before merging; for tests and for the curious. */
  List<String> pieces(String text) {
    String normal = normalizer.apply(Utf8.valid(text));
    return preTokenizer.apply(Pieces.whole(normal, true)).strings();
  }

  /** The ids of one call in the making. */
  private final class Encoding {
    private final Ids out;
    private final BpeModel.Scratch scratch = new BpeModel.Scratch();
    private final boolean keptBytes;

    Encoding(int chars, boolean keptBytes) {
      this.keptBytes = keptBytes;
      this.out = new Ids(16 + chars / 3);
    }

    void plain(String text, boolean atStart) {
      Pieces pieces = preTokenizer.apply(Pieces.whole(text, atStart));
      String cut = pieces.text();
      for (int i = 0; i < pieces.count(); i++) {
        int from = pieces.from(i);
        int to = pieces.to(i);
        int n =
            Utf8.encode(cut, from, to, keptBytes, scratch.bytes(Math.multiplyExact(3, to - from)));
        model.encode(scratch, n, out);
      }
    }

    /** Text in which tokens of the normalised text are still to be found. */
    void normalised(String text, int from, int to, boolean ordinaryOnly) {
      String part = normalizer.apply(text.substring(from, to));
      inNormalised.split(
          part,
          ordinaryOnly,
          NOTHING,
          sink((a, b) -> plain(part.substring(a, b), from == 0 && a == 0)));
    }

    /** Likewise, but ranges of the text are input. */
    void mixed(String text, int from, int to, int[] input) {
      if (inNormalised.isEmpty()) {
        plain(normalizer.apply(text.substring(from, to)), from == 0);
        return;
      }
      // Normalisation moves places, so the stretches are normalised one by one. Merges across
      // their borders are lost, for the few vocabularies with such tokens.
      int done = from;
      for (int i = 0; i < input.length && done < to; i += 2) {
        int begin = Math.clamp(input[i], done, to);
        int end = Math.clamp(input[i + 1], begin, to);
        normalised(text, done, begin, false);
        plain(normalizer.apply(text.substring(begin, end)), begin == 0);
        done = end;
      }
      normalised(text, done, to, false);
    }

    AddedTokens.Sink sink(Gap gap) {
      return new AddedTokens.Sink() {
        @Override
        public void gap(int from, int to) {
          gap.accept(from, to);
        }

        @Override
        public void token(AddedToken token) {
          out.add(token.id());
        }
      };
    }
  }

  /** What to do with text between added tokens. */
  private interface Gap {
    void accept(int from, int to);
  }

  /** The text of ids, control tokens included; an id without a token gives nothing. */
  public String decode(int[] ids) {
    if (decoder.ofBytes()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * ids.length);
      for (int id : ids) {
        bytes.writeBytes(bytes(id));
      }
      StringBuilder text = new StringBuilder(bytes.size());
      Utf8.decode(bytes.toByteArray(), bytes.size(), true, text);
      return text.toString();
    }
    List<String> row = new ArrayList<>(ids.length);
    for (int id : ids) {
      if (isKnown(id)) {
        row.add(tokens[id]);
      }
    }
    return decoder.text(row);
  }

  /** The raw bytes a token stands for, which may be part of a character; none for an unknown id. */
  public byte[] bytes(int id) {
    if (!isKnown(id)) {
      return new byte[0];
    }
    // An added token is its own text even where its letters are stand-ins of bytes. Hugging Face's
    // Rust library reads "÷", which DeepSeek-Coder adds, as the byte F7 and prints U+FFFD; its
    // JavaScript library and llama.cpp print what was written, as we do.
    String token = tokens[id];
    return decoder.ofBytes() && added.get(id)
        ? token.getBytes(StandardCharsets.UTF_8)
        : decoder.bytes(token);
  }

  /** A decoder for ids that arrive one by one. */
  public StreamDecoder stream() {
    return new StreamDecoder(this, decoder.stripCount());
  }

  /** Whether the file marks the token special. DeepSeek's {@code <think>} is not. */
  public boolean isSpecial(int id) {
    return special.get(Math.max(id, 0)) && id >= 0;
  }

  /** The id of a token as written in the file, added tokens included. */
  public OptionalInt id(String token) {
    int own = vocabulary.id(token);
    int added = addedIds.getOrDefault(token, own);
    int id = own < 0 ? added : Math.min(own, added);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The token as written in the file.
   *
   * @throws BadInputException if no token has this id
   */
  public String token(int id) {
    if (!isKnown(id)) {
      throw new BadInputException(
          "token id " + id + " is not in the vocabulary; expected 0 to " + (size() - 1));
    }
    return tokens[id];
  }

  /** One more than the highest id; a model may have more rows. */
  public int size() {
    return tokens.length;
  }

  private boolean isKnown(int id) {
    return id >= 0 && id < tokens.length && !tokens[id].isEmpty();
  }
}
