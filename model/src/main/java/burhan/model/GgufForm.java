package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.TensorInfo;
import burhan.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's GGUF file holds, by its config alone: its keys, and names and shapes of its
 * tensors, all F32, experts stacked, latent attention's keys and values apart. Knows no values and
 * no tokenizer.
 *
 * @param metadata the keys as {@link burhan.checkpoint.GgufWriter} takes them
 */
public record GgufForm(Map<String, Object> metadata, List<TensorInfo> tensors) {
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.*)");
  private static final Pattern EXPERT =
      Pattern.compile("mlp\\.experts\\.(\\d+)\\.(gate|up|down)_proj\\.weight");

  /**
   * @param name of the model
   * @param config what its {@code config.json} says
   * @throws burhan.tensor.BadInputException if a field is missing or impossible, or GGUF cannot say
   *     it
   */
  public static GgufForm of(String name, Json config) {
    Map<String, Object> metadata = GgufKeys.of(name, config);
    Object experts = metadata.get(GgufKeys.architecture(config) + ".expert_count");
    List<TensorInfo> tensors = new ArrayList<>();
    for (TensorInfo own : ExpectedTensors.of(config, DType.F32)) {
      Matcher layer = LAYER.matcher(own.name());
      if (!layer.matches()) {
        add(tensors, Objects.requireNonNull(GgufNames.TOP.get(own.name())), own.shape());
        continue;
      }
      String to = "blk." + layer.group(1) + ".";
      String inLayer = layer.group(2);
      Matcher expert = EXPERT.matcher(inLayer);
      if (expert.matches()) {
        if (expert.group(1).equals("0") && experts instanceof Integer count) {
          long[] one = own.shape();
          add(tensors, to + "ffn_" + expert.group(2) + "_exps.weight", count, one[0], one[1]);
        }
      } else if (inLayer.equals("self_attn.kv_b_proj.weight")) {
        latent(tensors, to, DeepSeekConfig.parse(config));
      } else if (inLayer.equals("mlp.gate.e_score_correction_bias")) {
        add(tensors, to + "exp_probs_b.bias", own.shape());
      } else {
        int dot = inLayer.lastIndexOf('.');
        String stem = GgufNames.IN_LAYER.get(inLayer.substring(0, dot));
        add(tensors, to + Objects.requireNonNull(stem) + inLayer.substring(dot), own.shape());
      }
    }
    frequencies(tensors, config);
    return new GgufForm(metadata, List.copyOf(tensors));
  }

  private static void add(List<TensorInfo> tensors, String name, long... shape) {
    tensors.add(new TensorInfo(name, DType.F32, shape));
  }

  private static void latent(List<TensorInfo> tensors, String to, DeepSeekConfig c) {
    int heads = c.numAttentionHeads();
    add(tensors, to + "attn_k_b.weight", heads, c.kvLoraRank(), c.qkNopeHeadDim());
    add(tensors, to + "attn_v_b.weight", heads, c.vHeadDim(), c.kvLoraRank());
  }

  /** Llama 3's stretched context is a tensor here. */
  private static void frequencies(List<TensorInfo> tensors, Json config) {
    Json scaling = config.objectOrNull("rope_scaling");
    if (scaling != null && scaling.text("rope_type", "").equals("llama3")) {
      add(tensors, "rope_freqs.weight", DecoderConfig.parse(config).headDim() / 2);
    }
  }
}
