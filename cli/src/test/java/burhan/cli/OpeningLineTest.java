package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.kernel.ScalarKernels;
import burhan.model.LanguageModel;
import burhan.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningLineTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong(1);

  private Console console(boolean isTerminal) {
    return new Console(
        new ByteArrayInputStream(new byte[0]),
        new ByteArrayOutputStream(),
        err,
        Map.of(),
        false,
        false,
        isTerminal);
  }

  private void tell(OpeningLine line, long millis, long bytes) {
    nanos.set(1 + millis * 1_000_000);
    line.loaded(bytes, 1000);
  }

  @Test
  void aLineMovesAfterHalfASecondAndGoes() {
    try (OpeningLine line = new OpeningLine(console(true), "org/big:Q4_0", nanos::get)) {
      tell(line, 400, 100);
      assertEquals("", err.toString(StandardCharsets.UTF_8));
      tell(line, 1000, 250);
      tell(line, 1050, 260);
      tell(line, 1500, 500);
    }
    assertEquals(
        "\r\u001b[Kopening big:Q4_0: packing weights 25 %, 3 s left"
            + "\r\u001b[Kopening big:Q4_0: packing weights 50 %, 2 s left"
            + "\r\u001b[K",
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsOpenAtOnceOrSeenByNobodyIsSilent() {
    try (OpeningLine line = new OpeningLine(console(true), "small", nanos::get)) {
      tell(line, 499, 1000);
    }
    try (OpeningLine line = new OpeningLine(console(false), "big", nanos::get)) {
      tell(line, 5000, 500);
    }
    assertEquals("", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aNameCannotBreakTheLine() {
    String name = "\u001b[2J" + "m".repeat(60);
    try (OpeningLine line = new OpeningLine(console(true), name, nanos::get)) {
      tell(line, 1000, 999);
    }
    String shown = err.toString(StandardCharsets.UTF_8);
    assertTrue(
        shown.startsWith("\r\u001b[Kopening \ufffd[2J" + "m".repeat(35) + "…: packing"), shown);
    assertFalse(shown.contains("\u001b[2J"), shown);
  }

  @Test
  void aModelTellsWhatItHasLoaded(@TempDir Path folder) {
    TinyModel.write(folder);
    AtomicLong last = new AtomicLong();
    AtomicLong told = new AtomicLong();
    try (LanguageModel model =
        Models.open(
            folder,
            new ScalarKernels(),
            (bytes, all) -> {
              assertTrue(bytes >= last.getAndSet(bytes), "never goes back");
              assertTrue(bytes <= all);
              told.incrementAndGet();
            })) {
      assertEquals(model.summary().weightBytes(), last.get());
      assertTrue(told.get() > 10, "tensor by tensor");
    }
  }
}
