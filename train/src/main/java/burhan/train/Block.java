package burhan.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** One transformer block: x += Attention(norm(x)); x += FeedForward(norm(x)). Wiring only. */
final class Block {
  private final Parameters parameters;
  private final LatentAttention attention;
  private final Experts experts;

  Block(Parameters parameters) {
    this.parameters = parameters;
    attention = new LatentAttention(parameters.config());
    experts = new Experts(parameters.config());
  }

  /**
   * @param x [N, D] residual stream
   * @param layer number of the layer; the MTP layer counts after the main ones
   */
  Tensor forward(Tensor x, int layer, Pass pass, List<Tensor> losses) {
    String p = ParameterLayout.prefix(layer);
    Tensor attended =
        attention.forward(norm(x, p + "input_layernorm.weight", pass), p + "self_attn.", pass);
    x = x.add(attended);
    Tensor h = norm(x, p + "post_attention_layernorm.weight", pass);
    Tensor mixed =
        parameters.layout().isDense(layer)
            ? feedForward(h, p + "mlp.", pass)
            : experts.forward(h, p + "mlp.", layer, parameters.selectionBias(layer), pass, losses);
    return x.add(mixed);
  }

  Tensor norm(Tensor x, String gain, Pass pass) {
    return Layers.rmsNorm(x, pass.weight(gain), parameters.config().rmsNormEps(), pass.compute());
  }

  static Tensor feedForward(Tensor x, String p, Pass pass) {
    return Layers.swiGlu(
        x,
        pass.weight(p + "gate_proj.weight"),
        pass.weight(p + "up_proj.weight"),
        pass.weight(p + "down_proj.weight"));
  }
}
