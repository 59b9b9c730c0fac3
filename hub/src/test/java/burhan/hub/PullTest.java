package burhan.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.hub.FakeHub.Seen;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from a server that speaks the hub's protocol, well and badly. */
class PullTest {
  static final String REPO = "org/model";
  private static final long MEMORY = 1L << 40;
  private static final Patience HASTY =
      new Patience(3, Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(2));

  @TempDir Path cache;
  private final FakeHub hub = new FakeHub(REPO);
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final AtomicLong arrived = new AtomicLong();

  @AfterEach
  void stop() throws IOException {
    hub.close();
  }

  private final PullListener listener =
      new PullListener() {
        @Override
        public void planned(PullPlan plan) {
          arrived.set(plan.hereBytes());
        }

        @Override
        public void arrived(long bytes) {
          arrived.addAndGet(bytes);
        }

        @Override
        public void notice(String sentence) {
          notices.add(sentence);
        }
      };

  private Pulled pull(String name) {
    return pull(name, hub.settings(cache, "hf_secret"));
  }

  private Pulled pull(String name, HubSettings settings) {
    try (Hub client = new Hub(settings, HASTY)) {
      return client.pull(HubName.parse(name), MEMORY, listener);
    }
  }

  /** Fails with one sentence that has all of these words. */
  private String fails(String name, String... words) {
    String sentence = assertThrows(BadInputException.class, () -> pull(name)).getMessage();
    for (String word : words) {
      assertTrue(sentence.contains(word), "'" + word + "' in " + sentence);
    }
    assertFalse(sentence.contains("hf_secret"), sentence);
    assertEquals(1, sentence.lines().count(), sentence);
    return sentence;
  }

  private Path folder() {
    return cache.resolve("models--org--model");
  }

  private Path blob(String name) {
    return folder().resolve("blobs").resolve(FakeHub.etag(hub.files.get(name)));
  }

  private Path partial(String name) {
    return Path.of(blob(name) + ".incomplete");
  }

  private Path placed(String name) {
    return folder().resolve("snapshots").resolve(FakeHub.COMMIT).resolve(name);
  }

  private void isRight(String name) throws IOException {
    assertArrayEquals(hub.files.get(name), Files.readAllBytes(placed(name)), name);
    assertFalse(Files.exists(partial(name)));
  }

  private FakeHub safetensors() {
    return hub.with("config.json", "{}")
        .with("generation_config.json", "{ }")
        .with("tokenizer.json", 3000)
        .with("tokenizer_config.json", "{  }")
        .with("chat_template.jinja", "{{ x }}")
        .with("LICENSE", "MIT")
        .with("README.md", "# A model")
        .with(".gitattributes", "x")
        .with("pytorch_model.bin", 5000)
        .with("model.safetensors.index.json", "{\"weight_map\": {}}")
        .with("model-00001-of-00002.safetensors", 200_000)
        .with("model-00002-of-00002.safetensors", 100_000)
        .with("consolidated.safetensors", 300_000)
        .with("original/model.safetensors", 2000)
        .with("figures/a.png", 2000);
  }

  @Test
  void aFolderOfSafetensorsInTheLayoutThatOthersRead() throws IOException {
    safetensors();
    Pulled pulled = pull(REPO);
    Path snapshot = folder().resolve("snapshots").resolve(FakeHub.COMMIT);
    assertEquals(snapshot, pulled.path());
    try (Stream<Path> files = Files.list(snapshot)) {
      assertEquals(
          List.of(
              "LICENSE",
              "README.md",
              "chat_template.jinja",
              "config.json",
              "generation_config.json",
              "model-00001-of-00002.safetensors",
              "model-00002-of-00002.safetensors",
              "model.safetensors.index.json",
              "tokenizer.json",
              "tokenizer_config.json"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    for (RepoFile file : pulled.plan().files()) {
      isRight(file.name());
      assertEquals(
          Path.of("../../blobs").resolve(FakeHub.etag(hub.files.get(file.name()))),
          Files.readSymbolicLink(placed(file.name())));
    }
    assertEquals(FakeHub.COMMIT, Files.readString(folder().resolve("refs/main")));
    assertEquals("mit", pulled.plan().license());
    assertEquals(pulled.plan().totalBytes(), pulled.fetchedBytes());
    assertEquals(pulled.plan().totalBytes(), arrived.get());
    assertEquals(List.of(), notices);
    assertEquals(
        snapshot, new HubCache(cache).model(HubName.parse(REPO)).orElseThrow().toAbsolutePath());
  }

  @Test
  void theTokenGoesToTheHubAlone() {
    safetensors();
    pull(REPO);
    for (Seen seen : hub.seen) {
      assertEquals(seen.server().equals("hub") ? "Bearer hf_secret" : "", seen.token());
    }
    assertTrue(hub.seen.stream().anyMatch(s -> s.server().equals("cdn")));
    assertFalse(hub.settings(cache, "hf_secret").toString().contains("hf_secret"));
  }

  @Test
  void whatIsThereIsNotFetchedAgain() throws IOException {
    safetensors();
    pull(REPO);
    hub.seen.clear();
    hub.with("model-00002-of-00002.safetensors", 100_001);
    hub.commit = "fedcba9876543210fedcba9876543210fedcba98";
    assertEquals(100_001, pull(REPO).fetchedBytes());
    assertEquals(1, hub.seen.stream().filter(s -> s.server().equals("cdn")).count());
    assertEquals(hub.commit, Files.readString(folder().resolve("refs/main")));
    hub.seen.clear();
    assertEquals(0, pull(REPO).fetchedBytes());
    assertEquals(1, hub.seen.size());
  }

  @Test
  void aCacheOfAnotherToolIsReused() throws IOException {
    hub.with("m-Q4_0.gguf", 50_000);
    Files.createDirectories(placed("m-Q4_0.gguf").getParent());
    Files.createDirectories(blob("m-Q4_0.gguf").getParent());
    Files.write(blob("m-Q4_0.gguf"), hub.files.get("m-Q4_0.gguf"));
    assertEquals(0, pull(REPO).fetchedBytes());
    isRight("m-Q4_0.gguf");
  }

  @Test
  void aCutConnectionGoesOnWhereItBroke() throws IOException {
    hub.with("m.gguf", 300_000);
    hub.fault("m.gguf", FakeHub.cut(100_000), hub.reset(0), FakeHub.cut(100_000));
    Pulled pulled = pull(REPO + ":m.gguf");
    isRight("m.gguf");
    assertEquals(300_000, pulled.fetchedBytes(), "no byte came twice");
    assertEquals(300_000, arrived.get());
    List<String> ranges = hub.seen("cdn", "m.gguf").stream().map(Seen::range).toList();
    assertEquals(List.of("", "bytes=100000-", "bytes=100000-", "bytes=200000-"), ranges);
    assertEquals(3, notices.size(), notices.toString());
  }

  @Test
  void aResetIsSurvived() throws IOException {
    hub.with("m.gguf", 200_000).fault("m.gguf", hub.reset(50_000), hub.reset(10));
    pull(REPO + ":m.gguf");
    isRight("m.gguf");
  }

  @Test
  void aServerThatIgnoresRangesSendsAllAgain() throws IOException {
    hub.with("m.gguf", 300_000);
    hub.fault("m.gguf", FakeHub.cut(100_000), FakeHub.ignoresRange());
    assertEquals(400_000, pull(REPO + ":m.gguf").fetchedBytes());
    isRight("m.gguf");
    assertEquals(300_000, arrived.get());
  }

  @Test
  void aServerThatAnswersAnotherRangeOrNoneIsNotBelieved() throws IOException {
    hub.with("m.gguf", 300_000);
    hub.fault(
        "m.gguf",
        FakeHub.cut(100_000),
        (exchange, content, from) -> FakeHub.part(exchange, content, from + 1),
        FakeHub.cut(150_000),
        FakeHub.status(416));
    pull(REPO + ":m.gguf");
    isRight("m.gguf");
  }

  @Test
  void aStalledConnectionIsGivenUp() throws IOException {
    hub.with("m.gguf", 100_000).fault("m.gguf", FakeHub.stall(40_000, 60_000));
    HubSettings usual = hub.settings(cache, null);
    HubSettings impatient =
        new HubSettings(
            usual.endpoint(),
            null,
            cache,
            false,
            usual.answerTimeout(),
            Duration.ofSeconds(1),
            usual.environment());
    pull(REPO + ":m.gguf", impatient);
    isRight("m.gguf");
    assertTrue(hub.seen("cdn", "m.gguf").size() >= 2);
  }

  @Test
  void aBusyServerIsAskedAgainAndNotForEver() throws IOException {
    hub.with("m.gguf", 100_000);
    hub.fault("m.gguf", FakeHub.status(503), FakeHub.status(429, "Retry-After", "0"));
    pull(REPO + ":m.gguf");
    isRight("m.gguf");
    hub.listFault = FakeHub.status(429);
    hub.seen.clear();
    fails(REPO, "429", "3 times");
    assertEquals(3, hub.seen.size());
    hub.listFault = FakeHub.status(503, "Retry-After", "1200");
    fails(REPO, "503", "20 minutes");
    hub.listFault = FakeHub.status(503, "Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT");
    fails(REPO, "503", "minutes");
  }

  @Test
  void aServerIsWaitedForAsLongAsItAsks() {
    hub.with("m.gguf", 2000).fault("m.gguf", FakeHub.status(503, "Retry-After", "1"));
    long began = System.nanoTime();
    pull(REPO + ":m.gguf");
    assertTrue(System.nanoTime() - began >= 1_000_000_000L);
    assertTrue(notices.getFirst().contains("1 s"), notices.toString());
  }

  @Test
  void nobodyThere() throws IOException {
    hub.close();
    fails(REPO, hub.endpoint(), "no connection", "3 times");
  }

  @Test
  void aWrongContentIsDeleted() {
    hub.with("m.gguf", 100_000).fault("m.gguf", FakeHub.wrongBytes());
    fails(REPO + ":m.gguf", "m.gguf", "checksum", FakeHub.etag(hub.files.get("m.gguf")));
    assertFalse(Files.exists(partial("m.gguf")));
    assertFalse(Files.exists(blob("m.gguf")));
    assertFalse(Files.exists(placed("m.gguf")));
    assertEquals("", new HubCache(cache).model(HubName.parse(REPO)).map(Path::toString).orElse(""));
  }

  @Test
  void aSmallFileIsCheckedAsGitDoes() {
    safetensors().fault("config.json", FakeHub.wrongBytes());
    fails(REPO, "config.json", "checksum");
    assertFalse(Files.exists(folder().resolve("refs/main")), "a model appears whole or not at all");
    assertFalse(Files.exists(folder().resolve("snapshots")));
  }

  @Test
  void aWrongBeginningIsFetchedAnewOnce() throws IOException {
    hub.with("m.gguf", 100_000);
    Files.createDirectories(partial("m.gguf").getParent());
    Files.write(partial("m.gguf"), new byte[60_000]);
    assertEquals(140_000, pull(REPO + ":m.gguf").fetchedBytes());
    isRight("m.gguf");
    assertTrue(notices.getFirst().contains("checksum"), notices.toString());
    assertEquals(100_000, arrived.get());
  }

  @Test
  void aPartThatIsTooLongIsNoBeginning() throws IOException {
    hub.with("m.gguf", 100_000);
    Files.createDirectories(partial("m.gguf").getParent());
    Files.write(partial("m.gguf"), new byte[200_000]);
    assertEquals(100_000, pull(REPO + ":m.gguf").fetchedBytes());
    isRight("m.gguf");
  }

  @Test
  void moreBytesThanAnnouncedAreRefused() {
    hub.with("m.gguf", 100_000);
    FakeHub.Fault endless =
        (exchange, content, from) -> {
          exchange.sendResponseHeaders(200, 0); // chunked
          for (int i = 0; i < 30; i++) {
            exchange.getResponseBody().write(content);
          }
        };
    hub.fault("m.gguf", endless, endless, endless, endless);
    fails(REPO + ":m.gguf", "m.gguf", "more than the 100000 bytes", "pull again later");
    assertFalse(Files.exists(blob("m.gguf")));
  }

  @Test
  void aFileThatChangesMeanwhileIsLookedUpAgain() throws IOException {
    hub.with("a.gguf", 50_000).with("m.gguf", 100_000);
    byte[] old = hub.files.get("m.gguf");
    hub.fault(
        "m.gguf",
        (exchange, content, from) -> {
          hub.with("m.gguf", 120_000);
          FakeHub.cut(1000).serve(exchange, content, from);
        });
    assertEquals(120_000 + 1000, pull(REPO + ":m.gguf").fetchedBytes() + 1000);
    isRight("m.gguf");
    assertFalse(java.util.Arrays.equals(old, Files.readAllBytes(placed("m.gguf"))));
    assertTrue(notices.getLast().contains("changed on the server"), notices.toString());
    assertEquals(120_000, arrived.get());
  }

  @Test
  void aServerThatKeepsChangingIsGivenUp() {
    hub.with("m.gguf", 100_000);
    hub.files.put("m.gguf", new byte[2000]);
    FakeHub.Fault grows =
        (exchange, content, from) -> {
          hub.files.put("m.gguf", new byte[content.length + 1]);
          FakeHub.cut(10).serve(exchange, content, from);
        };
    hub.fault("m.gguf", grows, grows, grows, grows, grows);
    fails(REPO + ":m.gguf", "changed", "pull again later");
  }

  @Test
  void whatMayNotBeReadSaysWhatToDo() {
    hub.listFault = FakeHub.status(401, "X-Error-Code", "GatedRepo");
    fails(REPO, "licence", hub.endpoint() + "/org/model", "HF_TOKEN");
    hub.listFault = FakeHub.status(403, "X-Error-Code", "GatedRepo");
    fails(REPO, "licence", "HF_TOKEN");
    hub.listFault = FakeHub.status(403);
    fails(REPO, "licence", "HF_TOKEN");
    hub.listFault = FakeHub.status(401);
    fails(REPO, "token is refused");
    HubSettings anonymous = hub.settings(cache, null);
    String sentence =
        assertThrows(BadInputException.class, () -> pull(REPO, anonymous)).getMessage();
    assertTrue(sentence.contains("no such repository, or it is private"), sentence);
    hub.listFault = FakeHub.status(401, "X-Error-Code", "GatedRepo");
    sentence = assertThrows(BadInputException.class, () -> pull(REPO, anonymous)).getMessage();
    assertTrue(sentence.contains("/settings/tokens"), sentence);
  }

  @Test
  void whatIsNotThereIsSaid() {
    hub.with("m.gguf", 2000);
    fails("org/other", "no such repository");
    hub.listFault = FakeHub.status(404, "X-Error-Code", "RevisionNotFound");
    fails(REPO + "@v9", "revision 'v9'");
    hub.listFault = FakeHub.status(418);
    fails(REPO, "418");
    hub.listFault = (exchange, content, from) -> FakeHub.part(exchange, "<html>".getBytes(), 0);
    fails(REPO, "JSON");
    hub.listFault = null;
    hub.fault("m.gguf", FakeHub.status(404));
    fails(REPO, "m.gguf", "listed but not there");
  }

  @Test
  void redirectsThatLeadNowhereEnd() {
    hub.listFault = FakeHub.status(302, "Location", "/api/models/org/model/revision/main");
    fails(REPO, "redirects");
    hub.listFault = FakeHub.status(302, "Location", "file:///etc/passwd");
    fails(REPO, "no web address");
  }

  @Test
  void anAddressWithCharactersThatBrowsersAcceptIsFollowed() throws IOException {
    hub.with("m.gguf", 2000);
    List<String> queries = new CopyOnWriteArrayList<>();
    hub.fault(
        "m.gguf",
        (exchange, content, from) -> {
          exchange
              .getResponseHeaders()
              .set("Location", "/cdn/m.gguf?name=\"a b\"|{x}&sign=a%2Fb%3D~");
          exchange.sendResponseHeaders(302, -1);
        },
        (exchange, content, from) -> {
          queries.add(exchange.getRequestURI().getRawQuery());
          FakeHub.part(exchange, content, from);
        });
    pull(REPO);
    isRight("m.gguf");
    assertEquals(List.of("name=%22a%20b%22%7C%7Bx%7D&sign=a%2Fb%3D~"), queries);
  }

  /** A file system of the JDK that has no links. */
  @Test
  void withoutLinksFilesAreCopied() throws IOException {
    URI zip = URI.create("jar:" + cache.resolve("cache.zip").toUri());
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      HubCache copies = new HubCache(files.getPath("/hub"));
      RepoFile file = new RepoFile("a/m.gguf", 5, "e");
      Path blob = copies.blob(REPO, "e");
      Files.createDirectories(blob.getParent());
      Files.writeString(blob, "hello");
      copies.place(REPO, FakeHub.COMMIT, file);
      Path placed = copies.snapshot(REPO, FakeHub.COMMIT).resolve("a/m.gguf");
      assertEquals("hello", Files.readString(placed));
      Files.delete(blob);
      assertTrue(copies.has(REPO, FakeHub.COMMIT, file), "others keep the copy alone");
      assertEquals(placed, copies.model(HubName.parse(REPO)).orElseThrow());
    }
  }

  @Test
  void aRepositoryThatMovedIsFollowed() throws IOException {
    hub.with("m.gguf", 2000);
    String moved = "/api/models/" + REPO + "/revision/main?blobs=true";
    FakeHub.Fault[] once = {FakeHub.status(307, "Location", moved)};
    hub.listFault =
        (exchange, content, from) -> {
          hub.listFault = null;
          once[0].serve(exchange, content, from);
        };
    pull(REPO);
    isRight("m.gguf");
  }

  @Test
  void whatTheListLeavesOutIsAsked() throws IOException {
    hub.describes = false;
    hub.with("m.gguf", 200_000).with("LICENSE", "MIT");
    pull(REPO);
    isRight("m.gguf");
    isRight("LICENSE");
    assertEquals("HEAD", hub.seen("hub", "m.gguf").getFirst().method());
    assertEquals(1, hub.seen("cdn", "m.gguf").size(), "asked at the hub, not behind it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.gguf",
        "a/../../evil.gguf",
        "/etc/evil.gguf",
        "a\\..\\evil.gguf",
        "C:/evil.gguf",
        "a//evil.gguf",
        "./evil.gguf",
        "evil\n.gguf",
        "evil\u0000.gguf",
        "evil\u202efugg.gguf",
        "evil\u009b31m.gguf",
        "",
        "a/",
        "m.gguf/evil.gguf"
      })
  void namesThatReachOutCondemnTheRepository(String name) throws IOException {
    hub.with("m.gguf", 2000).with(name, 2000);
    String sentence = fails(REPO + ":m.gguf", "nothing of this is fetched");
    assertTrue(sentence.chars().noneMatch(Character::isISOControl), sentence);
    try (Stream<Path> all = Files.walk(cache)) {
      assertEquals(List.of(cache), all.toList());
    }
    assertEquals(1, hub.seen.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nul.gguf", "COM1", "x/aux.gguf", "ab:c.gguf", "a.gguf.", "what?.gguf"})
  void namesThatNotEverySystemStoresAreNotFetched(String name) {
    hub.with("m.gguf", 2000).with(name, 2000);
    pull(REPO + ":m.gguf");
    assertThrows(BadInputException.class, () -> FileNames.checkStorable(REPO, List.of(name)));
  }

  @Test
  void namesThatDifferInCaseAloneAreRefused() {
    safetensors().with("readme.jinja", "a").with("README.jinja", "b");
    fails(REPO, "only in case");
  }

  @Test
  void aHostileListIsRefused() {
    for (String list :
        List.of(
            "{\"sha\": \"../../x\", \"siblings\": []}",
            "{\"sha\": \"abc\", \"siblings\": {}}",
            "{\"sha\": \"abc\", \"siblings\": [{\"rfilename\": 7}]}",
            "{\"sha\": \"abc\", \"siblings\": [{\"rfilename\": \"m.gguf\", \"size\": -1}]}",
            "{\"sha\": \"abc\", \"siblings\": [{\"rfilename\": \"m.gguf\", \"blobId\": \"../x\"}]}",
            "{\"sha\": \"abc\", \"siblings\": [{\"rfilename\": \"m.gguf\", \"lfs\": {\"sha256\": \"a/b\"}}]}",
            "{\"sha\": \"abc\", \"siblings\": [{\"rfilename\": \"m.gguf\"}, {\"rfilename\": \"m.gguf\"}]}",
            "[]")) {
      hub.listFault = (exchange, content, from) -> FakeHub.part(exchange, list.getBytes(), 0);
      fails(REPO, REPO);
    }
  }

  @Test
  void aFileThatNoDiskHoldsIsRefusedBeforeItIsFetched() {
    String list =
        "{\"sha\": \"abc\", \"siblings\": [{\"rfilename\": \"m-Q4_0.gguf\", \"size\": %d, \"lfs\": {\"sha256\": \"%s\"}}]}"
            .formatted(900L << 40, "a".repeat(64));
    hub.listFault = (exchange, content, from) -> FakeHub.part(exchange, list.getBytes(), 0);
    fails(REPO + ":Q4_0", "are needed", "are free");
    assertEquals(1, hub.seen.size());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    hub.with("m.gguf", 2000);
    Path file = Files.writeString(cache.resolve("file"), "x");
    HubSettings settings = hub.settings(file.resolve("cache"), null);
    String sentence =
        assertThrows(BadInputException.class, () -> pull(REPO, settings)).getMessage();
    assertTrue(sentence.contains("cannot be written"), sentence);
  }

  @Test
  void offlineNothingGoesOut() {
    HubSettings online = hub.settings(cache, null);
    HubSettings offline =
        new HubSettings(
            online.endpoint(),
            null,
            cache,
            true,
            online.answerTimeout(),
            online.idleTimeout(),
            online.environment());
    String sentence = assertThrows(BadInputException.class, () -> pull(REPO, offline)).getMessage();
    assertTrue(sentence.contains("HF_HUB_OFFLINE"), sentence);
    assertEquals(List.of(), hub.seen);
  }

  @Test
  void aBranchATagAndACommit() throws IOException {
    hub.with("m.gguf", 2000);
    pull(REPO + "@refs/pr/1");
    assertEquals(FakeHub.COMMIT, Files.readString(folder().resolve("refs/refs/pr/1")));
    assertEquals(
        "/api/models/org/model/revision/refs/pr/1", hub.seen.getFirst().path(), "decoded by it");
    pull(REPO + "@" + FakeHub.COMMIT);
    HubCache local = new HubCache(cache);
    assertTrue(local.model(HubName.parse(REPO + "@" + FakeHub.COMMIT)).isPresent());
    assertTrue(local.model(HubName.parse(REPO)).isPresent(), "the only snapshot there is");
    assertFalse(local.model(HubName.parse(REPO + "@other")).isPresent());
  }

  @Test
  void twoPullsOfTheSameFileFetchItOnce() throws Exception {
    hub.with("m.gguf", 200_000).fault("m.gguf", FakeHub.trickle(50_000, 100));
    Thread other = Thread.ofPlatform().start(() -> pull(REPO + ":m.gguf"));
    pull(REPO + ":m.gguf");
    other.join();
    isRight("m.gguf");
    assertEquals(1, hub.seen("cdn", "m.gguf").size());
    assertTrue(notices.getFirst().contains("another pull"), notices.toString());
  }

  @Test
  void oneFailureStopsTheOthers() throws IOException {
    hub.with("config.json", "{}")
        .with("model-00001-of-00002.safetensors", 100_000)
        .with("model-00002-of-00002.safetensors", 200_000)
        .with("model.safetensors.index.json", "{}");
    hub.fault("model-00001-of-00002.safetensors", FakeHub.wrongBytes());
    hub.fault("model-00002-of-00002.safetensors", FakeHub.trickle(1000, 100));
    fails(REPO, "checksum");
    Path partial = partial("model-00002-of-00002.safetensors");
    long left = Files.exists(partial) ? Files.size(partial) : 0;
    assertTrue(left < 200_000, "twenty seconds of trickling were not awaited");
    assertFalse(Files.exists(folder().resolve("refs")));
  }
}
