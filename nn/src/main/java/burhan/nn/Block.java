package burhan.nn;

import org.jspecify.annotations.Nullable;

/**
 * One pre-norm layer: {@code x += r Attention(Norm(x)); x += r FeedForward(Norm(x))}.
 *
 * @param index of the layer, for the probe
 * @param residualScale r, 1 for most families
 */
public record Block(
    int index,
    Norm attentionNorm,
    Attention attention,
    Norm ffnNorm,
    FeedForward ffn,
    float residualScale,
    Scratch scratch) {

  /**
   * @param x [rows, D], the residual stream, changed in place
   * @param probe null when nobody looks
   */
  public void forward(Batch batch, float[] x, @Nullable Probe probe) {
    int rows = batch.size();
    int width = attentionNorm.width();
    float[] normed = scratch.floats(Scratch.Slot.NORMED, rows * width);
    float[] branch = scratch.floats(Scratch.Slot.BRANCH, rows * width);

    attentionNorm.forward(x, rows, normed);
    attention.forward(batch, normed, branch);
    add(branch, x, rows * width);
    if (probe != null) {
      probe.saw(index, Probe.Value.ATTENTION_OUTPUT, branch, rows, width);
    }

    ffnNorm.forward(x, rows, normed);
    ffn.forward(batch.phase(), normed, rows, branch);
    add(branch, x, rows * width);
    if (probe != null) {
      probe.saw(index, Probe.Value.FFN_INPUT, normed, rows, width);
      showExperts(probe, rows);
      probe.saw(index, Probe.Value.FFN_OUTPUT, branch, rows, width);
      probe.saw(index, Probe.Value.BLOCK_OUTPUT, x, rows, width);
    }
  }

  private void showExperts(Probe probe, int rows) {
    if (ffn instanceof Experts experts) {
      int topK = experts.topK();
      float[] indices = new float[rows * topK];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = experts.lastIndices()[i];
      }
      probe.saw(
          index, Probe.Value.GATE_SCORES, experts.lastScores(rows), rows, experts.expertCount());
      probe.saw(index, Probe.Value.EXPERT_INDICES, indices, rows, topK);
      probe.saw(index, Probe.Value.EXPERT_WEIGHTS, experts.lastWeights(), rows, topK);
    }
  }

  private void add(float[] from, float[] to, int n) {
    // 1 * x is x, so one loop serves the families without a scale exactly.
    for (int i = 0; i < n; i++) {
      to[i] += residualScale * from[i];
    }
  }
}
