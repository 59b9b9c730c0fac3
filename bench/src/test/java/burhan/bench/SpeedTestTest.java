package burhan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.kernel.AttentionMemory;
import burhan.model.LanguageModel;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedTestTest {
  private static final AttentionMemory.Shape MEMORY = new AttentionMemory.Shape(1, 1, 1, 1, false);
  // 1000 weights of 2 bytes, 100 of them active, 50 of these in the head of 5 x 10.
  private static final LanguageModel.Summary MODEL =
      new LanguageModel.Summary(
          "x", 1000, 100, 0, 2000, Map.of(DType.BF16, 2000L), 1, 10, 64, 5, MEMORY);
  private static final Roofline ROOFLINE = new Roofline(10_000, 40_000);

  @Test
  void sharesByHand() {
    // 200 bytes of weights and 8 x (6 + 4 / 2) of cache a token, 20 tokens a second.
    assertEquals(
        0.528, new SpeedTest(false, 4, 6, 1).bandwidthShare(MODEL, 8, 20, ROOFLINE), 1e-12);
    assertEquals(0.1, new SpeedTest(false, 4, 6, 1).matrixPeakShare(MODEL, 20, ROOFLINE), 1e-12);
    // 2 (100 - 50 + 50 / 10) operations a token of a prompt of 10.
    assertEquals(0.055, new SpeedTest(true, 10, 0, 1).matrixPeakShare(MODEL, 20, ROOFLINE), 1e-12);
    assertEquals(0.04, new SpeedTest(true, 10, 0, 1).bandwidthShare(MODEL, 8, 20, ROOFLINE), 1e-12);
  }

  @Test
  void aBatchSharesWhatItReads() {
    // 950 parameters without the embedding of 5 x 10, each read with 1 - (1 - 100/950)^2.
    double read = 950 * (1 - Math.pow(850 / 950.0, 2));
    double perToken = 2 * read / 2 + 8 * (6 + 4 / 2.0);
    assertEquals(
        perToken * 20 / 10_000,
        new SpeedTest(false, 4, 6, 2).bandwidthShare(MODEL, 8, 20, ROOFLINE),
        1e-12);
    assertEquals(3, SpeedTest.of("tg4", 0, 3).batch());
    assertEquals(1, SpeedTest.of("pp4", 0, 3).batch());
  }

  @Test
  void namesAndContexts() {
    assertEquals("pp512", SpeedTest.of("pp512", 0, 1).name());
    assertEquals("tg64", SpeedTest.of("tg128", 0, 1).within(64).name());
    assertThrows(BadInputException.class, () -> SpeedTest.of("tg0", 0, 1));
    assertThrows(BadInputException.class, () -> SpeedTest.of("xx1", 0, 1));
    assertThrows(BadInputException.class, () -> SpeedTest.of("tg1", 64, 1).within(64));
    assertThrows(BadInputException.class, () -> Shape.of("gpt"));
  }

  @Test
  void energyByHand() {
    assertEquals(1_800_000, new Energy.Joules(2, true).tokensPerKwh());
    Energy energy = Energy.meter();
    if (energy.isEstimated()) {
      assertEquals(3 * Energy.WATTS_PER_CORE, energy.joules(energy.read(), 3));
    }
  }

  @Test
  void theRooflineIsThatOfAMachine() {
    Roofline one = Roofline.measure(1);
    assertTrue(one.bytesPerSecond() > 5e8 && one.bytesPerSecond() < 1e12, one.toString());
    assertTrue(one.flopsPerSecond() > 1e9 && one.flopsPerSecond() < 1e12, one.toString());
  }

  @Test
  void meanAndDeviation() {
    double[] values = {2, 4, 4, 6};
    assertEquals(4, SpeedTest.mean(values));
    assertEquals(3.5, SpeedTest.median(new double[] {9, 3, 4, 1}));
    assertEquals(3, SpeedTest.median(new double[] {9, 3, 1}));
    assertEquals(Math.sqrt(8.0 / 3), SpeedTest.deviation(values, 4), 1e-12);
    assertEquals(0, SpeedTest.deviation(new double[] {3}, 3));
  }
}
