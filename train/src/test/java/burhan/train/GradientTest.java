package burhan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gradients of the whole loss (next token, MTP, balance) against central differences in float64,
 * with the expert choice frozen: a difference across a change of experts would compare two models.
 */
class GradientTest {
  private static final double STEP = 1e-5;

  @ParameterizedTest(name = "q_lora_rank {0}")
  @ValueSource(ints = {0, 12})
  void gradientsMatchDifferences(int qLora) {
    try (PointerScope _ = new PointerScope()) {
      Parameters parameters = new Parameters(Tiny.shape(16, qLora), ScalarType.Double, 0.3, 5);
      TrainingModel model = new TrainingModel(parameters, 64, ScalarType.Double);
      PackedBatch batch = BatchPacker.row(documents(), BatchPacker.ROUNDING);
      Routing routing = model.newRouting();
      Tensor loss = loss(model, batch, routing);
      loss.backward();
      Routing frozen = routing.frozen();
      List<ParameterLayout.Slot> slots = new ArrayList<>(parameters.layout().matrices());
      slots.addAll(parameters.layout().gains());
      SplittableRandom rng = new SplittableRandom(3);
      int moved = 0;
      for (ParameterLayout.Slot slot : slots) {
        Tensor flat = slot.matrix() ? parameters.matrices() : parameters.gains();
        DoubleBuffer gradient = Parameters.bytes(flat.grad()).asDoubleBuffer();
        DoubleBuffer values = Parameters.bytes(flat).asDoubleBuffer();
        for (int k = 0; k < 3; k++) {
          int at = (int) (slot.offset() + rng.nextLong(slot.size()));
          double difference = difference(model, batch, frozen, values, at);
          double expected = gradient.get(at);
          assertEquals(
              difference,
              expected,
              1e-8 + 1e-5 * Math.abs(expected),
              () -> slot.name() + " at " + (at - slot.offset()));
          if (expected != 0) {
            moved++;
          }
        }
      }
      assertTrue(moved > slots.size(), "most gradients are not zero: " + moved);
    }
  }

  private static double difference(
      TrainingModel model, PackedBatch batch, Routing frozen, DoubleBuffer values, int at) {
    double before = values.get(at);
    try (NoGradGuard _ = new NoGradGuard()) {
      values.put(at, before + STEP);
      double up = loss(model, batch, frozen).item_double();
      values.put(at, before - STEP);
      double down = loss(model, batch, frozen).item_double();
      values.put(at, before);
      return (up - down) / (2 * STEP);
    }
  }

  private static Tensor loss(TrainingModel model, PackedBatch batch, Routing routing) {
    return Loss.of(model.forward(batch, routing, true), batch).total(0.1, 0.05, 0.3);
  }

  private static List<Sample> documents() {
    List<Sample> documents = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      documents.add(Tiny.copying(i, 0));
    }
    return documents;
  }
}
