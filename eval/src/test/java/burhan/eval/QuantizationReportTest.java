package burhan.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The numbers of a report, on distributions small enough to work out by hand. */
class QuantizationReportTest {
  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (Math.log(probabilities[i]) + 7);
    }
    return logits;
  }

  @Test
  void equalModelsAreNotApart() {
    QuantizationReport.Sums sums = new QuantizationReport.Sums();
    sums.add(logits(0.5, 0.25, 0.25), logits(0.5, 0.25, 0.25), 0);
    sums.add(logits(0.5, 0.25, 0.25), logits(0.5, 0.25, 0.25), 1);
    QuantizationReport report = sums.report();
    assertEquals(2, report.positions());
    assertEquals(0, report.meanDivergence(), 1e-9);
    assertEquals(1, report.sameTop());
    assertEquals(Math.sqrt(8), report.sourcePerplexity(), 1e-5);
    assertEquals(report.sourcePerplexity(), report.perplexity());
  }

  @Test
  void divergenceIsThatOfTheSourceFromTheQuantised() {
    QuantizationReport.Sums sums = new QuantizationReport.Sums();
    sums.add(logits(0.5, 0.5), logits(0.5, 0.5), 0);
    sums.add(logits(0.75, 0.25), logits(0.25, 0.75), QuantizationReport.Sums.NONE);
    double apart = 0.75 * Math.log(3) - 0.25 * Math.log(3);
    QuantizationReport report = sums.report();
    assertEquals(apart / 2, report.meanDivergence(), 1e-6);
    assertEquals(apart, report.worstDivergence(), 1e-6);
    assertEquals(0.5, report.sameTop());
    assertEquals(2, report.perplexity(), 1e-5);
  }

  @Test
  void whatIsImpossibleToOneModelIsVeryFarButFinite() {
    QuantizationReport.Sums sums = new QuantizationReport.Sums();
    sums.add(new float[] {0, 0}, new float[] {0, -200}, 0);
    assertEquals(100 - Math.log(2), sums.report().meanDivergence(), 1e-3);
  }
}
