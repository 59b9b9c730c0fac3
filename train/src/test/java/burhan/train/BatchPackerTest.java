package burhan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class BatchPackerTest {

  @Test
  void everyDocumentIsThereOnceWithItsTargets() {
    List<Sample> documents = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      documents.add(Tiny.copying(i, 0));
    }
    int wanted = 0;
    for (Sample s : documents) {
      for (boolean learned : s.learn()) {
        wanted += learned ? 1 : 0;
      }
    }
    List<PackedBatch> batches = BatchPacker.pack(documents, 128);
    assertTrue(batches.size() > 2, "several micro-batches: " + batches.size());
    int seen = 0;
    int targets = 0;
    for (PackedBatch batch : batches) {
      seen += batch.lengths().length;
      int at = 0;
      for (PackedBatch.Group group : batch.groups()) {
        at += group.rows();
        assertEquals(0, group.length() % BatchPacker.ROUNDING);
      }
      assertEquals(batch.rows(), at, "groups cover the row");
      targets += (int) Arrays.stream(batch.targets()).filter(t -> t >= 0).count();
    }
    assertEquals(documents.size(), seen);
    assertEquals(wanted, targets, "every learned token is a target, no other is");
  }

  @Test
  void targetsAreTheNextTokensAndTheOneAfter() {
    Sample s =
        new Sample(new int[] {0, 7, 8, 9, 1}, new boolean[] {false, false, true, true, true});
    PackedBatch batch = BatchPacker.row(List.of(s), 8);
    assertArrayEquals(new int[] {0, 7, 8, 9, 1, 0, 0, 0}, batch.tokens());
    assertArrayEquals(new int[] {-1, 8, 9, 1, -1, -1, -1, -1}, batch.targets());
    assertArrayEquals(new int[] {8, 9, 1, -1, -1, -1, -1, -1}, batch.mtpTargets());
    assertArrayEquals(new int[] {7, 8, 9, 1, 0, 0, 0, 0}, batch.nextTokens());
    assertArrayEquals(new int[] {0, 0, 0, 0, 0, -1, -1, -1}, batch.document());
  }

  @Test
  void theLossOfARowIsTheSumOfItsDocumentsAlone() {
    List<Sample> documents = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      documents.add(Tiny.copying(i, 0));
    }
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      TrainingModel model =
          new TrainingModel(
              new Parameters(Tiny.shape(16, 0), ScalarType.Double, 0.3, 1), 64, ScalarType.Double);
      double alone = 0;
      for (Sample s : documents) {
        alone += loss(model, BatchPacker.row(List.of(s), 1));
      }
      double packed = 0;
      for (PackedBatch batch : BatchPacker.pack(documents, 48)) {
        packed += loss(model, batch);
      }
      assertEquals(alone, packed, 1e-9 * Math.abs(alone));
    }
  }

  private static double loss(TrainingModel model, PackedBatch batch) {
    return Loss.of(model.forward(batch, model.newRouting(), true), batch)
        .total(1, 0.3, 0.1)
        .item_double();
  }
}
