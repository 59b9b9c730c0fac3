package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and options that are wrong: one sentence that names what is, the exit code, no trace. */
class BadInputTest {
  @TempDir static Path good;
  @TempDir Path folder;
  private TinyModel model;

  @BeforeAll
  static void write() {
    TinyModel.write(good);
  }

  @BeforeEach
  void copy() throws IOException {
    model = new TinyModel(good).copy(folder.resolve("model"));
  }

  /** Fails with one sentence that contains all of {@code words}. */
  private static void fails(int code, Called called, String... words) {
    assertEquals(code, called.code(), called.toString());
    assertEquals("", called.out());
    assertEquals(1, called.err().lines().count(), called.err());
    assertTrue(called.err().startsWith("burhan: "), called.err());
    assertFalse(called.err().contains("Exception"), called.err());
    for (String word : words) {
      assertTrue(called.err().contains(word), "'" + word + "' in " + called.err());
    }
  }

  private Called logits() {
    return logits("--tokens", "1,2");
  }

  private Called logits(String... more) {
    List<String> args = new ArrayList<>(List.of("logits", "-m", model.folder().toString()));
    args.addAll(List.of("--kernels", "scalar"));
    args.addAll(List.of(more));
    return Called.with(args.toArray(String[]::new));
  }

  private Called ask(String... more) {
    List<String> args = new ArrayList<>(List.of("ask", "-m", model.folder().toString()));
    args.addAll(List.of("--kernels", "scalar", "--max-tokens", "2"));
    args.addAll(List.of(more));
    return Called.with(args.toArray(String[]::new));
  }

  @Test
  void theUndamagedModelAnswers() {
    Called called = logits();
    assertEquals(0, called.code(), called.err());
    assertTrue(called.out().startsWith("{\"tokens\":[1,2],\"positions\":[{\"position\":1,"));
    assertEquals("", called.err());
  }

  @Test
  void missingFolderAndFolderWithoutConfig() throws IOException {
    fails(1, Called.with("show", "-m", folder.resolve("nothing").toString()), "nothing", "no such");
    Files.delete(model.folder().resolve("config.json"));
    fails(1, logits(), "config.json");
  }

  @Test
  void missingWeightsAndMissingShard() throws IOException {
    Files.delete(model.folder().resolve("model.safetensors"));
    fails(1, logits(), "model.safetensors", "no such file");
    Files.writeString(
        model.folder().resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"model.norm.weight\": \"model-00001-of-00002.safetensors\"}}");
    fails(1, logits(), "model-00001-of-00002.safetensors", "no such file");
  }

  @Test
  void brokenConfigAndUnknownArchitecture() throws IOException {
    model.edit("config.json", text -> text.replace("deepseek_v3", "gpt_neo"));
    fails(1, logits(), "config.json", "gpt_neo", "DeepSeek");
    Files.writeString(model.folder().resolve("config.json"), "{\"model_type\": ");
    fails(1, logits(), "config.json", "JSON");
  }

  @Test
  void truncatedWeights() throws IOException {
    model.truncateWeights(100);
    fails(1, logits(), "model.safetensors");
    model.truncateWeights(Files.size(model.folder().resolve("model.safetensors")) - 5);
    fails(1, logits(), "model.safetensors");
  }

  @Test
  void headerLengthBeyondTheFile() throws IOException {
    for (long length : new long[] {1L << 40, -1, Long.MAX_VALUE, 0}) {
      model.writeHeaderLength(length);
      fails(1, logits(), "model.safetensors", "header length");
    }
  }

  @Test
  void offsetsThatOverlapOrLeaveTheFile() throws IOException {
    // The gain of 32 floats of the final norm moved over its neighbour, then out of the file.
    String norm = "\"model.norm.weight\":\\{[^}]*\"data_offsets\":\\[";
    model.editHeader(header -> header.replaceFirst("(" + norm + ")\\d+,\\d+", "$10,128"));
    fails(1, logits(), "model.safetensors", "model.norm.weight");
    TinyModel other = new TinyModel(good).copy(folder.resolve("other"));
    model = other;
    model.editHeader(
        header -> header.replaceFirst("(" + norm + ")\\d+,\\d+", "$1900000000000,900000000128"));
    fails(1, logits(), "model.safetensors", "model.norm.weight");
  }

  @Test
  void wrongShape() throws IOException {
    model.edit("config.json", text -> text.replaceFirst("(\"hidden_size\"\\s*:\\s*)32", "$164"));
    fails(1, logits(), "model.embed_tokens.weight", "[300, 32]", "[300, 64]");
  }

  @Test
  void unknownDtype() throws IOException {
    model.editHeader(header -> header.replaceFirst("\"F32\"", "\"F12\""));
    fails(1, logits(), "model.safetensors", "F12");
  }

  @Test
  void tokenizerThatIsMissingOrLacksTheTokenOfAMerge() throws IOException {
    model.edit(
        "tokenizer.json",
        text -> text.replaceFirst("\"merges\"\\s*:\\s*\\[\\s*\\]", "\"merges\": [\"a zz\"]"));
    String path = model.folder().toString();
    fails(1, Called.with("tokenize", "-m", path, "a"), "tokenizer.json", "zz");
    Files.delete(model.folder().resolve("tokenizer.json"));
    fails(1, Called.with("tokenize", "-m", path, "a"), "tokenizer.json");
  }

  @Test
  void promptLongerThanTheContext() {
    String text = "a".repeat(TinyModel.CONTEXT + 1);
    fails(1, logits(text), "65 tokens", "64");
    fails(1, ask(text), "tokens", "64");
  }

  @Test
  void samplingOutOfRange() {
    fails(2, ask("--temperature", "-1", "a"), "temperature", "-1");
    fails(2, ask("--temperature", "NaN", "a"), "temperature");
    fails(2, ask("--temperature", "warm", "a"), "temperature", "warm");
    fails(2, ask("--top-p", "0", "a"), "top-p");
    fails(2, ask("--top-k", "-3", "a"), "top-k");
    fails(2, ask("--max-tokens", "0", "a"), "max-tokens");
    fails(1, ask("--ctx", "65", "a"), "context", "65", "64");
  }

  @Test
  void unknownOptionsAndMissingTexts() {
    fails(2, ask("--frobnicate", "a"), "--frobnicate");
    fails(2, ask(), "text");
    fails(2, ask(" "), "empty");
    fails(1, ask("-f", folder.resolve("none.txt").toString()), "none.txt", "no such file");
  }

  @Test
  void tokenOutsideTheVocabulary() {
    fails(1, logits("--tokens", "1,300"), "300", "299");
    fails(1, logits("--tokens", "-1"), "-1");
  }
}
