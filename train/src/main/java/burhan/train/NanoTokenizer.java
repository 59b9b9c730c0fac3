package burhan.train;

import burhan.checkpoint.AtomicFile;
import burhan.checkpoint.Json;
import burhan.task.Problem;
import burhan.task.Skill;
import burhan.task.Split;
import burhan.task.Tasks;
import burhan.token.AddedToken;
import burhan.token.BpeTrainer;
import burhan.token.Normalizer;
import burhan.token.PreTokenizer;
import burhan.token.TextPattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes burhan-nano's tokenizer: 256 bytes, one token per Arabic letter, frequent words of the task
 * texts, and the control tokens of R1. Digits and signs stay single, so that a trace reads the same
 * column by column; what a keyboard may add to a text (vowel marks, Arabic-Indic and Persian
 * digits, Arabic punctuation, typographic signs) is normalised away, so that it costs the model
 * nothing.
 */
public final class NanoTokenizer {
  /** Ids of the vocabulary, control tokens included. */
  public static final int SIZE = 512;

  private static final int TEXTS_PER_SKILL = 3000;
  private static final String LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى";

  private NanoTokenizer() {}

  /**
   * Writes {@code tokenizer.json}, {@code tokenizer_config.json} and {@code chat_template.jinja}.
   */
  public static void write(Path folder) throws IOException {
    store(folder.resolve("tokenizer.json"), train(texts()));
    store(folder.resolve("chat_template.jinja"), NanoTemplate.JINJA);
    ObjectNode config = Json.mapper().createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("add_bos_token", false).put("add_eos_token", false);
    config.put("bos_token", NanoTemplate.BEGIN).put("eos_token", NanoTemplate.END);
    config.put("pad_token", NanoTemplate.PAD);
    config.put("clean_up_tokenization_spaces", false);
    config.put("chat_template", NanoTemplate.JINJA);
    store(
        folder.resolve("tokenizer_config.json"),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n");
  }

  static String train(Iterable<String> texts) {
    List<AddedToken> added = new ArrayList<>();
    for (String control : List.of(NanoTemplate.BEGIN, NanoTemplate.END, NanoTemplate.PAD)) {
      added.add(AddedToken.control(0, control));
    }
    for (String marker :
        List.of(
            NanoTemplate.USER,
            NanoTemplate.ASSISTANT,
            NanoTemplate.THINK,
            NanoTemplate.THINK_END)) {
      added.add(new AddedToken(0, marker, false, false, false, false, false));
    }
    BpeTrainer.Recipe recipe =
        new BpeTrainer.Recipe(
            SIZE - added.size(),
            LETTERS.codePoints().mapToObj(Character::toString).toList(),
            normalizers(),
            splits(),
            added,
            2);
    return BpeTrainer.train(recipe, texts);
  }

  /** A word with the space before it, or one character: signs and digits never join. */
  private static List<PreTokenizer> splits() {
    return List.of(
        new PreTokenizer.Split(
            TextPattern.regex(" ?\\p{L}+|[^\\p{L}]"), PreTokenizer.Behavior.ISOLATED, false));
  }

  private static List<Normalizer> normalizers() {
    List<Normalizer> steps = new ArrayList<>();
    // Vowel marks, the stretching stroke, invisible direction and joining marks.
    steps.add(
        replace(
            "[\\u0640\\u064B-\\u065F\\u0670\\u200B-\\u200F\\u202A-\\u202E\\u2066-\\u2069\\uFEFF]",
            ""));
    for (int digit = 0; digit < 10; digit++) {
      steps.add(
          replace(
              "[%c%c%c]"
                  .formatted(
                      (char) (0x660 + digit), (char) (0x6F0 + digit), (char) (0xFF10 + digit)),
              Integer.toString(digit)));
    }
    steps.add(replace("[\\u060C\\u066C]", ","));
    steps.add(replace("\\u061B", ";"));
    steps.add(replace("\\u061F", "?"));
    steps.add(replace("\\u066B", "."));
    steps.add(replace("[\\u00D7\\u2715\\u2217]", "*"));
    steps.add(replace("\\u00F7", "/"));
    steps.add(replace("[\\u2010-\\u2015\\u2212]", "-"));
    steps.add(replace("[\\u2018\\u2019]", "'"));
    // Persian keyboards give these two letters other code points.
    steps.add(replace("\\u06A9", "\u0643"));
    steps.add(replace("\\u06CC", "\u064A"));
    // Not the line feed: it separates the lines of a trace.
    steps.add(replace("[ \\t\\r\\u00A0\\u2000-\\u200A\\u202F\\u3000]+", " "));
    return steps;
  }

  private static Normalizer replace(String regex, String content) {
    return new Normalizer.Replace(TextPattern.regex(regex), content);
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Skill skill : Skill.values()) {
      // Story problems have most of the words; the other skills repeat a few.
      boolean wordy = skill == Skill.WORD_EN || skill == Skill.WORD_AR;
      int count = wordy ? 4 * TEXTS_PER_SKILL : TEXTS_PER_SKILL;
      for (int i = 0; i < count; i++) {
        Problem problem = Tasks.problem(skill, i, Split.TRAIN);
        texts.add(problem.prompt());
        if (skill == Skill.CHAT) {
          texts.add(problem.answer());
        }
      }
    }
    return texts;
  }

  private static void store(Path file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer all = ByteBuffer.wrap(bytes);
          while (all.hasRemaining()) {
            channel.write(all);
          }
        });
  }
}
