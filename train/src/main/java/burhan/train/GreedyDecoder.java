package burhan.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Continues prompts greedily by reading the whole text again for every token: slow and simple, for
 * a look at a model in training. The engine is what answers people.
 */
final class GreedyDecoder {
  private GreedyDecoder() {}

  /**
   * @param prompts token ids
   * @param limit longest text, prompt included
   * @param end id that ends a text
   * @return each prompt with its continuation
   */
  static List<int[]> decode(TrainingModel model, List<int[]> prompts, int limit, int end) {
    List<int[]> texts = new ArrayList<>(prompts);
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      open.add(i);
    }
    while (!open.isEmpty()) {
      List<Sample> rows = new ArrayList<>();
      for (int i : open) {
        rows.add(new Sample(texts.get(i), new boolean[texts.get(i).length]));
      }
      int[] next = next(model, rows);
      List<Integer> still = new ArrayList<>();
      for (int r = 0; r < next.length; r++) {
        int i = open.get(r);
        int[] text = Arrays.copyOf(texts.get(i), texts.get(i).length + 1);
        text[text.length - 1] = next[r];
        texts.set(i, text);
        if (next[r] != end && text.length < limit) {
          still.add(i);
        }
      }
      open = still;
    }
    return texts;
  }

  private static int[] next(TrainingModel model, List<Sample> rows) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      PackedBatch batch = BatchPacker.row(rows, BatchPacker.ROUNDING);
      TrainingModel.Hidden hidden = model.forward(batch, model.newRouting(), false);
      int[] last = new int[rows.size()];
      for (int r = 0; r < batch.rows(); r++) {
        if (batch.document()[r] >= 0) {
          last[batch.document()[r]] = r;
        }
      }
      Tensor picked = hidden.hidden().index_select(0, TrainingModel.longs(last));
      Tensor logits = TrainingModel.logits(picked, hidden.pass()).contiguous();
      int vocabulary = Math.toIntExact(logits.size(1));
      float[] values = new float[last.length * vocabulary];
      Parameters.bytes(logits).asFloatBuffer().get(values);
      int[] out = new int[last.length];
      for (int i = 0; i < out.length; i++) {
        int best = 0;
        for (int v = 1; v < vocabulary; v++) {
          if (values[i * vocabulary + v] > values[i * vocabulary + best]) {
            best = v;
          }
        }
        out[i] = best;
      }
      return out;
    }
  }
}
