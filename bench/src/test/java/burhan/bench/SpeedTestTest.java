package burhan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import burhan.model.LanguageModel;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedTestTest {
  // 1000 weights of 2 bytes, 100 of them active, 50 of these in the head of 5 x 10.
  private static final LanguageModel.Summary MODEL =
      new LanguageModel.Summary(
          "x", 1000, 100, 0, 2000, Map.of(DType.BF16, 2000L), 1, 10, 64, 5, 8);
  private static final Roofline ROOFLINE = new Roofline(10_000, 40_000);

  @Test
  void sharesByHand() {
    // 200 bytes of weights and 8 x (6 + 4 / 2) of cache a token, 20 tokens a second.
    assertEquals(0.528, new SpeedTest(false, 4, 6).bandwidthShare(MODEL, 20, ROOFLINE), 1e-12);
    assertEquals(0.1, new SpeedTest(false, 4, 6).matrixPeakShare(MODEL, 20, ROOFLINE), 1e-12);
    // 2 (100 - 50 + 50 / 10) operations a token of a prompt of 10.
    assertEquals(0.055, new SpeedTest(true, 10, 0).matrixPeakShare(MODEL, 20, ROOFLINE), 1e-12);
    assertEquals(0.04, new SpeedTest(true, 10, 0).bandwidthShare(MODEL, 20, ROOFLINE), 1e-12);
  }

  @Test
  void namesAndContexts() {
    assertEquals("pp512", SpeedTest.of("pp512", 0).name());
    assertEquals("tg64", SpeedTest.of("tg128", 0).within(64).name());
    assertThrows(BadInputException.class, () -> SpeedTest.of("tg0", 0));
    assertThrows(BadInputException.class, () -> SpeedTest.of("xx1", 0));
    assertThrows(BadInputException.class, () -> SpeedTest.of("tg1", 64).within(64));
    assertThrows(BadInputException.class, () -> Shape.of("gpt"));
  }

  @Test
  void meanAndDeviation() {
    double[] values = {2, 4, 4, 6};
    assertEquals(4, SpeedTest.mean(values));
    assertEquals(Math.sqrt(8.0 / 3), SpeedTest.deviation(values, 4), 1e-12);
    assertEquals(0, SpeedTest.deviation(new double[] {3}, 3));
  }
}
