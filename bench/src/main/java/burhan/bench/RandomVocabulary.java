package burhan.bench;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import burhan.token.AddedToken;
import burhan.token.BpeTrainer;
import burhan.token.PreTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The tokenizer of random models, in both forms: the 256 bytes, DeepSeek's control tokens, and no
 * merges. A GGUF file needs a token for every row; those without a meaning are marked unused.
 */
final class RandomVocabulary {
  static final int BOS_ID = 256;
  static final int EOS_ID = 257;

  private static final String BOS = "<｜begin▁of▁sentence｜>";
  private static final String EOS = "<｜end▁of▁sentence｜>";

  // A conversation in DeepSeek's tokens, with the thinking opened for the model.
  private static final String TEMPLATE =
      "{{ bos_token }}"
          + "{% for message in messages %}"
          + "{% if message['role'] == 'system' %}{{ message['content'] }}"
          + "{% elif message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}"
          + "{% elif message['role'] == 'assistant' %}"
          + "{{ '<｜Assistant｜>' + message['content'] + eos_token }}"
          + "{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}";

  // Numbers of tokenizer.ggml.token_type.
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int UNUSED = 5;

  private RandomVocabulary() {}

  /**
   * {@code tokenizer.json}.
   *
   * @throws BadInputException if the vocabulary is too small
   */
  static String tokenizer(int vocabSize) {
    List<AddedToken> added =
        List.of(
            AddedToken.control(0, BOS),
            AddedToken.control(0, EOS),
            AddedToken.control(0, "<｜User｜>"),
            AddedToken.control(0, "<｜Assistant｜>"),
            AddedToken.control(0, "<think>"),
            AddedToken.control(0, "</think>"));
    int bytes = 256;
    if (vocabSize < bytes + added.size()) {
      throw new BadInputException(
          "a random model with a vocabulary of %d, expected at least %d: bytes and control tokens"
              .formatted(vocabSize, bytes + added.size()));
    }
    return BpeTrainer.train(
        new BpeTrainer.Recipe(
            bytes, List.of(), List.of(), List.of(PreTokenizer.Split.qwen2()), added, 1),
        List.of());
  }

  /** {@code tokenizer_config.json}. */
  static String config() {
    return Json.mapper()
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(Map.of("bos_token", BOS, "eos_token", EOS, "chat_template", TEMPLATE));
  }

  /** The same as keys of a GGUF file. */
  static Map<String, Object> keys(int vocabSize) {
    String[] tokens = new String[vocabSize];
    int[] types = new int[vocabSize];
    Json json = Json.parse("tokenizer", tokenizer(vocabSize));
    JsonNode vocabulary = json.object("model").object("vocab").node();
    for (String token : vocabulary.propertyNames()) {
      tokens[vocabulary.get(token).intValue()] = token;
      types[vocabulary.get(token).intValue()] = NORMAL;
    }
    for (JsonNode token : json.node().get("added_tokens")) {
      tokens[token.get("id").intValue()] = token.get("content").stringValue();
      types[token.get("id").intValue()] = CONTROL;
    }
    for (int id = 0; id < vocabSize; id++) {
      if (types[id] == 0) {
        tokens[id] = "<unused" + id + ">";
        types[id] = UNUSED;
      }
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("tokenizer.ggml.model", "gpt2");
    keys.put("tokenizer.ggml.pre", "qwen2");
    keys.put("tokenizer.ggml.tokens", new ArrayList<>(Arrays.asList(tokens)));
    keys.put("tokenizer.ggml.token_type", types);
    keys.put("tokenizer.ggml.merges", List.of());
    keys.put("tokenizer.ggml.bos_token_id", BOS_ID);
    keys.put("tokenizer.ggml.eos_token_id", EOS_ID);
    keys.put("tokenizer.ggml.add_bos_token", false);
    keys.put("tokenizer.chat_template", TEMPLATE);
    return keys;
  }
}
