package burhan.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.engine.Answer;
import burhan.engine.Answer.FinishReason;
import burhan.engine.AnswerListener;
import burhan.engine.Cancellation;
import burhan.engine.Sampling;
import burhan.kernel.KernelChoice;
import burhan.tensor.BadInputException;
import burhan.token.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  @TempDir private static Path models;

  @BeforeAll
  static void write() throws IOException {
    TinyModel.write(models.resolve("tiny"));
  }

  @AfterEach
  void forgetTheFolder() {
    System.clearProperty(ModelNames.FOLDER_PROPERTY);
  }

  private static Model open() {
    return Model.open(models.resolve("tiny").toString(), OpenOptions.DEFAULT.withThreads(1));
  }

  private static ChatRequest request() {
    return ChatRequest.of("17+25?").withMaxTokens(20).withSampling(Sampling.GREEDY);
  }

  @Test
  void answersAndStreamsTheSame() {
    try (Model model = open()) {
      assertTrue(model.kernelNames().matches("(vector|x86)-.*"), model.kernelNames());
      Answer answer = model.chat(request());
      StringBuilder thinking = new StringBuilder();
      StringBuilder text = new StringBuilder();
      AtomicReference<Answer> finished = new AtomicReference<>();
      Answer streamed =
          model.stream(
              request(),
              new AnswerListener() {
                @Override
                public void thinking(String piece) {
                  thinking.append(piece);
                }

                @Override
                public void text(String piece) {
                  text.append(piece);
                }

                @Override
                public void finish(Answer whole) {
                  finished.set(whole);
                }
              },
              new Cancellation());
      assertArrayEquals(answer.tokens(), streamed.tokens());
      assertEquals(answer.thinking(), thinking.toString());
      assertEquals(answer.text(), text.toString());
      assertEquals(streamed, finished.get());
      assertTrue(answer.usage().completionTokens() > 0);
      Answer turns =
          model.chat(
              ChatRequest.of(
                      List.of(
                          Message.system("be short"),
                          Message.user("hi"),
                          Message.assistant("hello"),
                          Message.user("17+25?")))
                  .withThinking(false)
                  .withMaxTokens(1));
      assertTrue(turns.usage().promptTokens() > answer.usage().promptTokens());
      assertEquals("", turns.thinking());
    }
  }

  @Test
  void scalarKernelsAgree() {
    Answer fast;
    try (Model model = open()) {
      fast = model.chat(request().withMaxTokens(5));
    }
    try (Model model =
        Model.open(
            models.resolve("tiny").toString(),
            OpenOptions.DEFAULT.withKernels(KernelChoice.SCALAR))) {
      assertEquals("scalar", model.kernelNames());
      assertArrayEquals(fast.tokens(), model.chat(request().withMaxTokens(5)).tokens());
    }
  }

  @Test
  void weightsThatStayWhereTheyLieAnswerTheSame() {
    Answer packed;
    try (Model model = open()) {
      packed = model.chat(request());
    }
    OpenOptions stored = OpenOptions.DEFAULT.withThreads(1).withRepack(false);
    String tiny = models.resolve("tiny").toString();
    try (Model model = Model.open(tiny, stored)) {
      assertTrue(model.kernelNames().startsWith("vector-"), model.kernelNames());
      assertArrayEquals(packed.tokens(), model.chat(request()).tokens());
    }
    OpenOptions emitted = stored.withKernels(KernelChoice.X86);
    BadInputException refusal =
        assertThrows(BadInputException.class, () -> Model.open(tiny, emitted));
    assertTrue(String.valueOf(refusal.getMessage()).contains("packed weights only"));
  }

  @Test
  @Timeout(30)
  void closingEndsAStreamCleanly() throws InterruptedException {
    Model model = open();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    AtomicReference<Answer> answer = new AtomicReference<>();
    Thread streaming =
        Thread.ofPlatform()
            .start(() ->
                answer.set(
                    model.stream(
                        request().withMaxTokens(200),
                        new AnswerListener() {
                          @Override
                          public void thinking(String piece) {
                            started.countDown();
                            awaitQuietly(closing);
                          }
                        },
                        new Cancellation())));
    started.await();
    Thread closer = Thread.ofPlatform().start(model::close);
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    closing.countDown();
    closer.join();
    streaming.join();
    assertEquals(FinishReason.CANCELLED, answer.get().finishReason());
    assertThrows(IllegalStateException.class, () -> model.chat("hi"));
    model.close();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void namesAreFoundInTheFolderOfModels() {
    System.setProperty(ModelNames.FOLDER_PROPERTY, models.toString());
    assertEquals(models.resolve("tiny"), ModelNames.path("tiny"));
    assertTrue(ModelNames.names().contains("tiny"));
    String message = assertThrows(BadInputException.class, () -> Model.open("nobody")).getMessage();
    assertTrue(
        message.startsWith("nobody: no such folder and no model of that name; there is"), message);
    assertTrue(message.contains("tiny"), message);
    assertTrue(
        assertThrows(BadInputException.class, () -> Model.open("./nobody"))
            .getMessage()
            .startsWith("./nobody: no such file or folder"));
  }

  @Test
  void aModelInTheJarIsUnpackedOnce(@TempDir Path cache) throws IOException {
    assertTrue(BoxedModel.isThere("test-box"));
    assertFalse(BoxedModel.isThere("other-box"));
    Path folder = BoxedModel.folder("test-box", cache);
    assertTrue(folder.getFileName().toString().matches("test-box-[0-9a-f]{12}"));
    assertEquals("{}\n", Files.readString(folder.resolve("config.json")));
    Files.writeString(folder.resolve("mark"), "untouched");
    assertEquals(folder, BoxedModel.folder("test-box", cache));
    assertTrue(Files.exists(folder.resolve("mark")));
    try (var files = Files.list(cache)) {
      assertEquals(List.of(folder), files.toList(), "no half-made folder stays");
    }
    Path file = Files.writeString(cache.resolve("file"), "");
    assertThrows(BadInputException.class, () -> BoxedModel.folder("test-box", file));
  }

  @Test
  void badOptionsAreRefused() {
    assertThrows(BadInputException.class, () -> OpenOptions.DEFAULT.withThreads(0));
    String message =
        assertThrows(
                BadInputException.class,
                () ->
                    Model.open(
                        models.resolve("tiny").toString(),
                        OpenOptions.DEFAULT.withContextLength(257)))
            .getMessage();
    assertEquals("context is 257 tokens, but this model holds 1 to 256", message);
    try (Model model =
        Model.open(models.resolve("tiny").toString(), OpenOptions.DEFAULT.withContextLength(30))) {
      assertEquals(30, model.engine().contextLength());
      assertThrows(BadInputException.class, () -> model.chat("x".repeat(40)));
    }
  }

  @Test
  void theExampleRuns() {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      Example.main(new String[] {models.resolve("tiny").toString()});
    } finally {
      System.setOut(before);
    }
    assertTrue(out.toString(StandardCharsets.UTF_8).lines().count() >= 2);
  }
}
