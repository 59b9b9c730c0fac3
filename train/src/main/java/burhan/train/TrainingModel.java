package burhan.train;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.linear;

import burhan.model.DeepSeekConfig;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * DeepSeek-V3 (and V2) in libtorch, with its multi-token-prediction layer. Knows no loss, no
 * optimiser, no data.
 *
 * <p>Shapes: N tokens of the packed row, D width, V vocabulary.
 */
final class TrainingModel {
  private final Parameters parameters;
  private final Block block;
  private final RotaryTable rotary;
  private final ScalarType compute;

  /**
   * @param positions longest document
   * @param compute element type of products
   */
  TrainingModel(Parameters parameters, int positions, ScalarType compute) {
    this.parameters = parameters;
    this.compute = compute;
    block = new Block(parameters);
    rotary = new RotaryTable(parameters.config(), positions, parameters.precision());
  }

  /**
   * What a forward pass leaves behind.
   *
   * @param hidden [N, D] after the final norm
   * @param mtpHidden [N, D] after the MTP layer's head norm, or null without MTP
   * @param balance one balance term per expert layer, before alpha, summed over documents
   * @param pass for the head and the routing
   */
  record Hidden(Tensor hidden, @Nullable Tensor mtpHidden, List<Tensor> balance, Pass pass) {}

  Parameters parameters() {
    return parameters;
  }

  Routing newRouting() {
    DeepSeekConfig c = parameters.config();
    return new Routing(c.numHiddenLayers() + c.numNextnPredictLayers(), c.nRoutedExperts());
  }

  Hidden forward(PackedBatch batch, Routing routing, boolean withMtp) {
    DeepSeekConfig config = parameters.config();
    Pass pass = Pass.of(parameters, rotary, batch, compute, routing);
    List<Tensor> balance = new ArrayList<>();
    Tensor x = embed(batch.tokens(), pass);
    for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
      x = block.forward(x, layer, pass, balance);
    }
    Tensor hidden = block.norm(x, "model.norm.weight", pass);
    Tensor mtp = null;
    if (withMtp && config.numNextnPredictLayers() > 0) {
      mtp = predictFurther(hidden, pass, balance);
    }
    return new Hidden(hidden, mtp, balance, pass);
  }

  /**
   * The MTP layer: [norm(embedding of the next token) ; norm(hidden after the final norm)] through
   * eh_proj, one block, the head's norm. The paper writes the halves the other way round; released
   * weights expect the embedding first.
   */
  private Tensor predictFurther(Tensor hidden, Pass pass, List<Tensor> balance) {
    int layer = parameters.config().numHiddenLayers();
    String p = ParameterLayout.prefix(layer);
    Tensor next = embed(pass.batch().nextTokens(), pass);
    Tensor joined =
        cat(
            new TensorVector(
                block.norm(next, p + "enorm.weight", pass),
                block.norm(wide(hidden), p + "hnorm.weight", pass)),
            1);
    Tensor x = wide(linear(joined, pass.weight(p + "eh_proj.weight")));
    x = block.forward(x, layer, pass, balance);
    return block.norm(x, p + "shared_head.norm.weight", pass);
  }

  /** [rows, V]; the head is shared by the main model and the MTP layer. */
  static Tensor logits(Tensor hidden, Pass pass) {
    return wide(linear(hidden, pass.weight("lm_head.weight")));
  }

  private static Tensor embed(int[] tokens, Pass pass) {
    return wide(embedding(pass.weight("model.embed_tokens.weight"), longs(tokens)));
  }

  /** The residual stream and logits stay in float32 where products use bf16. */
  private static Tensor wide(Tensor x) {
    return x.scalar_type().intern() == ScalarType.BFloat16 ? x.to(ScalarType.Float) : x;
  }

  static Tensor longs(int[] values) {
    long[] out = new long[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return AbstractTensor.create(out);
  }
}
