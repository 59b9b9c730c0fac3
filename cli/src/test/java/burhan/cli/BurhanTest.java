package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.model.ModelCard;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command without a model: arguments, settings, streams, exit codes. */
class BurhanTest {
  private static final String TOKENIZER =
      """
      {"added_tokens": [{"id": 3, "content": "<end>", "special": true, "normalized": false,
                         "single_word": false, "lstrip": false, "rstrip": false}],
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false},
       "decoder": {"type": "ByteLevel"},
       "model": {"type": "BPE", "vocab": {"Ø": 0, "§": 1, "a": 2}, "merges": []}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
  }

  @Test
  void piecesAreTextAndPartsOfACharacterAreBytes() {
    Called called = Called.with("tokenize", "-m", folder.toString(), "aا<end>".substring(0, 2));
    assertEquals("{\"ids\":[2,0,1],\"pieces\":[\"a\",\"<0xD8>\",\"<0xA7>\"]}\n", called.out());
    assertEquals(0, called.code());
    assertEquals("", called.err());
  }

  @Test
  void aTextMayBeginWithAMinus() {
    Called called = Called.with("tokenize", "-m", folder.toString(), "-a", "- a");
    assertEquals(2, called.code());
    assertEquals(0, Called.with("tokenize", "-m", folder.toString(), "-1 a").code());
  }

  @Test
  void standardInputIsUtf8AndControlTokensOnlyOnRequest() {
    String[] args = {"tokenize", "-m", folder.toString(), "--special", "-"};
    assertEquals(
        "{\"ids\":[0,1,3],\"pieces\":[\"<0xD8>\",\"<0xA7>\",\"<end>\"]}\n",
        Called.with(Map.of(), "ا<end>", args).out());
  }

  @Test
  void aWrongCallIsOneSentenceAndTwo() {
    for (String[] args :
        new String[][] {
          {},
          {"tokenise"},
          {"tokenize", "--nonsense", "a"},
          {"show", "--nonsense"},
          {"tokenize"},
          {"tokenize", "a", "-f", "b"},
          {"logits", "--tokens", "1,x"},
          {"logits", "--tokens"},
          {"logits", "--kernels", "cuda", "--tokens", "1"},
          {"logits", "-m", "x", "--threads", "0", "--tokens", "1"},
        }) {
      Called called = Called.with(args);
      String what = String.join(" ", args) + " -> " + called;
      assertEquals(2, called.code(), what);
      assertEquals("", called.out(), what);
      assertTrue(called.err().startsWith("burhan: "), what);
      assertEquals(1, called.err().lines().count(), what);
    }
  }

  @Test
  void aTraceOnlyWithDebug() {
    Called plain = Called.with("show", "-m", "nothing/here");
    assertEquals(1, plain.code());
    assertEquals(1, plain.err().lines().count(), plain.err());
    Called debug = Called.with("show", "-m", "nothing/here", "--debug");
    assertEquals(1, debug.code());
    assertTrue(debug.err().contains("at burhan."), debug.err());
  }

  @Test
  void flagBeforeEnvironmentBeforeFile() throws IOException {
    Path config = folder.resolve("burhan").resolve("config.toml");
    Files.createDirectories(config.getParent());
    Files.writeString(config, "# where models are\nmodel = \"from/file\" # mine\n");
    Map<String, String> file = Map.of("XDG_CONFIG_HOME", folder.toString());
    Map<String, String> both =
        Map.of("XDG_CONFIG_HOME", folder.toString(), "BURHAN_MODEL", "from/environment");
    assertTrue(Called.with(file, "", "show").err().contains("from/file:"));
    assertTrue(Called.with(both, "", "show").err().contains("from/environment:"));
    assertTrue(Called.with(both, "", "show", "-m", "from/flag").err().contains("from/flag:"));
    // A variable of that name is somebody else's business.
    assertEquals(0, Called.with(Map.of("BURHAN_VERSION", "7"), "", "--help").code());
    Files.writeString(config, "model\n");
    Called broken = Called.with(file, "", "show");
    assertEquals(1, broken.code());
    assertTrue(broken.err().contains("line 1"), broken.err());
    assertEquals(1, broken.err().lines().count(), broken.err());
  }

  @Test
  void aReaderThatLeavesIsNoError() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    for (String[] args :
        new String[][] {{"tokenize", "-m", folder.toString(), "a"}, {"--version"}, {"--help"}}) {
      Console console =
          new Console(
              new ByteArrayInputStream(new byte[0]), closed, err, Map.of(), false, false, false);
      assertEquals(0, Burhan.run(console, args));
      assertEquals("", err.toString());
    }
  }

  @Test
  void aCardLeadsWithItsFirstParagraph() throws IOException {
    Path card = folder.resolve("README.md");
    Files.writeString(card, "---\nlicense: x\n---\n# Name\n\nThe fruit fly\nof models.\n\nMore.\n");
    assertEquals("The fruit fly\nof models.", ModelCard.lead(folder));
    assertEquals("", ModelCard.lead(folder.resolve("none")));
  }

  @Test
  void sizesForPeople() {
    assertEquals("999", ShowCommand.count(999));
    assertEquals("1.30 M", ShowCommand.count(1_300_000));
    assertEquals("671.0 B", ShowCommand.count(671_000_000_000L));
    assertEquals("20.0 MB", ShowCommand.bytes(20_000_000));
  }
}
