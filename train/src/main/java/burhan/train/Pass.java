package burhan.train;

import java.util.Map;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What all layers of one forward pass share: the bound parameters, the batch, its rotations, and
 * what the routers chose. Lives inside one PointerScope.
 *
 * @param weights by checkpoint name
 * @param batch the row of documents
 * @param queryRotation complex [N, 1, (nope + rope) / 2]
 * @param keyRotation complex [N, rope / 2]
 * @param softmaxScale factor on attention scores
 * @param compute element type of products
 * @param routing what the routers chose, or choices to repeat
 */
record Pass(
    Map<String, Tensor> weights,
    PackedBatch batch,
    Tensor queryRotation,
    Tensor keyRotation,
    double softmaxScale,
    ScalarType compute,
    Routing routing) {

  static Pass of(
      Parameters parameters,
      RotaryTable rotary,
      PackedBatch batch,
      ScalarType compute,
      Routing routing) {
    long[] positions = new long[batch.rows()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = batch.positions()[i];
    }
    Tensor rows = AbstractTensor.create(positions);
    return new Pass(
        parameters.bind(compute),
        batch,
        rotary.query().index_select(0, rows),
        rotary.key().index_select(0, rows),
        rotary.softmaxScale(),
        compute,
        routing);
  }

  Tensor weight(String name) {
    Tensor w = weights.get(name);
    if (w == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return w;
  }
}
