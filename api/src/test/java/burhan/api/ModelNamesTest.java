package burhan.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of pulled models, in a cache as Hugging Face's tools lay it out. */
class ModelNamesTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path cache;

  private Path snapshot(String repo, String... files) throws IOException {
    Path repository = cache.resolve("models--" + repo.replace("/", "--"));
    Path snapshot = repository.resolve("snapshots").resolve(COMMIT);
    Files.createDirectories(repository.resolve("refs"));
    Files.createDirectories(repository.resolve("blobs"));
    Files.createDirectories(snapshot);
    Files.writeString(repository.resolve("refs/main"), COMMIT);
    for (String file : files) {
      Path blob =
          Files.writeString(repository.resolve("blobs").resolve("e" + file.hashCode()), "x");
      Path place = snapshot.resolve(file);
      Files.createDirectories(place.getParent());
      Files.createSymbolicLink(place, place.getParent().relativize(blob));
    }
    return snapshot;
  }

  private Path folder(String name) {
    return ModelNames.path(name, Map.of("HF_HUB_CACHE", cache.toString()));
  }

  private void fails(String name, String... words) {
    String sentence = assertThrows(BadInputException.class, () -> folder(name)).getMessage();
    for (String word : words) {
      assertTrue(sentence.contains(word), "'" + word + "' in " + sentence);
    }
  }

  @Test
  void aPulledFolderIsFoundByItsName() throws IOException {
    Path snapshot = snapshot("org/st", "config.json", "model.safetensors");
    assertEquals(snapshot, folder("org/st"));
    assertEquals(snapshot, folder("org/st@" + COMMIT));
    assertEquals(snapshot, folder("https://huggingface.co/org/st"));
    fails("org/st@v2", "burhan pull org/st@v2");
  }

  @Test
  void aPulledGgufIsFoundByItsQuantisation() throws IOException {
    Path snapshot = snapshot("org/g", "m-Q4_0.gguf", "big/m-Q8_0-00001-of-00002.gguf");
    assertEquals(snapshot.resolve("m-Q4_0.gguf"), folder("org/g:Q4_0"));
    assertEquals(snapshot.resolve("m-Q4_0.gguf"), folder("org/g"), "the only whole one");
    fails("org/g:Q8_0", "2 parts", "burhan pull org/g:Q8_0");
    Path rest = snapshot.resolve("big/m-Q8_0-00002-of-00002.gguf");
    Files.writeString(rest, "x");
    assertEquals(
        snapshot.resolve("big/m-Q8_0-00001-of-00002.gguf"),
        folder("org/g:m-Q8_0-00001-of-00002.gguf".replace(":m", ":big/m")));
    fails("org/g", "Q4_0", "Q8_0", "behind a colon");
    Files.delete(snapshot.resolve("m-Q4_0.gguf").toRealPath());
    fails("org/g:Q4_0", "burhan pull org/g:Q4_0");
  }

  @Test
  void aNameThatIsNotHereSaysHowToGetIt() {
    fails("org/none", "org/none", "'burhan pull org/none'");
    fails("org/none:Q4_K_M", "'burhan pull org/none:Q4_K_M'");
  }

  @Test
  void aPathWinsOverAName() {
    assertEquals(Path.of("src/main"), folder("src/main"));
    assertEquals(Path.of("no/such/folder"), folder("no/such/folder"));
  }

  @Test
  void aFolderStandsForItsOnlyFileAndAWeightFileForItsFolder(@TempDir Path place)
      throws IOException {
    Path weights = place.resolve("model.safetensors");
    Files.writeString(weights, "x");
    assertEquals(weights, folder(weights.toString()));
    Files.writeString(place.resolve("config.json"), "{}");
    assertEquals(place, folder(weights.toString()));
    Path ggufs = Files.createDirectory(place.resolve("ggufs"));
    Path first = Files.writeString(ggufs.resolve("a-00001-of-00002.gguf"), "x");
    Files.writeString(ggufs.resolve("a-00002-of-00002.gguf"), "x");
    assertEquals(first, folder(ggufs.toString()));
    Files.writeString(ggufs.resolve("b.gguf"), "x");
    fails(ggufs.toString(), "holds 2 models", "b.gguf");
  }
}
