package burhan.model;

import burhan.checkpoint.Weights;
import burhan.tensor.BadInputException;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How GGUF calls its tensors, for all architectures: the layers' names to the file's. Experts lie
 * stacked in one tensor there; latent attention's {@code kv_b_proj} lies whole or in two parts.
 */
record GgufNames(String architecture) implements RenamedWeights.Naming {
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.*)");
  private static final Pattern EXPERT =
      Pattern.compile("mlp\\.experts\\.(\\d+)\\.(gate|up|down)_proj\\.weight");
  static final Map<String, String> TOP =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", "output.weight",
          "rope_freqs.weight", "rope_freqs.weight");

  static final Map<String, String> IN_LAYER =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.qkv_proj", "attn_qkv"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("self_attn.q_a_proj", "attn_q_a"),
          Map.entry("self_attn.q_a_layernorm", "attn_q_a_norm"),
          Map.entry("self_attn.q_b_proj", "attn_q_b"),
          Map.entry("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
          Map.entry("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
          Map.entry("self_attn.kv_b_proj", "attn_kv_b"),
          Map.entry("self_attn.k_b_proj", "attn_k_b"),
          Map.entry("self_attn.v_b_proj", "attn_v_b"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("mlp.gate", "ffn_gate_inp"),
          Map.entry("mlp.shared_experts.gate_proj", "ffn_gate_shexp"),
          Map.entry("mlp.shared_experts.up_proj", "ffn_up_shexp"),
          Map.entry("mlp.shared_experts.down_proj", "ffn_down_shexp"),
          Map.entry("eh_proj", "nextn.eh_proj"),
          Map.entry("enorm", "nextn.enorm"),
          Map.entry("hnorm", "nextn.hnorm"),
          Map.entry("shared_head.norm", "nextn.shared_head_norm"),
          Map.entry("shared_head.head", "nextn.shared_head_head"));

  @Override
  public @Nullable Tensor find(Weights file, String name) {
    Matcher layer = LAYER.matcher(name);
    if (layer.matches()) {
      String at = "blk." + layer.group(1) + ".";
      Matcher expert = EXPERT.matcher(layer.group(2));
      if (expert.matches()) {
        return expert(file, at, expert.group(2), Integer.parseInt(expert.group(1)));
      }
    }
    Tensor tensor = file.find(inFile(name));
    if (tensor == null && name.endsWith(".e_score_correction_bias")) {
      return file.find(inFile(name).replace(".bias", "")); // as some converters have it
    }
    return tensor == null && name.endsWith(".kv_b_proj.weight")
        ? joined(file, inFile(name).replace("attn_kv_b.weight", ""))
        : tensor;
  }

  @Override
  public String inFile(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return TOP.getOrDefault(name, name);
    }
    String at = "blk." + layer.group(1) + ".";
    Matcher expert = EXPERT.matcher(layer.group(2));
    if (expert.matches()) {
      return at + "ffn_" + expert.group(2) + "_exps.weight";
    }
    if (layer.group(2).equals("mlp.gate.e_score_correction_bias")) {
      return at + "exp_probs_b.bias";
    }
    int dot = layer.group(2).lastIndexOf('.');
    String stem = layer.group(2).substring(0, dot);
    // DBRX calls the norm in front of its experts by another name.
    String own =
        architecture.equals("dbrx") && stem.equals("post_attention_layernorm")
            ? "attn_output_norm"
            : IN_LAYER.getOrDefault(stem, stem);
    return at + own + layer.group(2).substring(dot);
  }

  private static @Nullable Tensor expert(Weights file, String at, String which, int index) {
    Tensor stacked = file.find(at + "ffn_" + which + "_exps.weight");
    Tensor both = stacked == null ? file.find(at + "ffn_gate_up_exps.weight") : null;
    if (both != null && !which.equals("down") && both.rank() == 3 && index < both.dim(0)) {
      long rows = both.dim(1) / 2; // the gate's, then the up projection's
      return both.slice(index).slice(which.equals("gate") ? 0 : rows, rows);
    }
    if (stacked == null) {
      // Files of early 2024 have a tensor for each expert.
      return file.find(at + "ffn_" + which + "." + index + ".weight");
    }
    if (stacked.rank() != 3 || index >= stacked.dim(0)) {
      throw new BadInputException(
          "%s: %s holds no expert %d, which the config needs"
              .formatted(file.where(), stacked, index));
    }
    return stacked.slice(index);
  }

  /**
   * {@code kv_b_proj} [H * (nope + v), R] from {@code attn_k_b} [H, R, nope], which is transposed
   * per head, and {@code attn_v_b} [H, v, R]. The copy is float32: one per cent of R1's file.
   */
  private static @Nullable Tensor joined(Weights file, String at) {
    Tensor keys = file.find(at + "attn_k_b.weight");
    Tensor values = file.find(at + "attn_v_b.weight");
    if (keys == null || values == null) {
      return null;
    }
    if (keys.rank() != 3
        || values.rank() != 3
        || keys.dim(0) != values.dim(0)
        || keys.dim(1) != values.dim(2)) {
      throw new BadInputException(
          "%s: %s and %s do not belong together".formatted(file.where(), keys, values));
    }
    int heads = Math.toIntExact(keys.dim(0));
    int rank = Math.toIntExact(keys.dim(1));
    int nope = Math.toIntExact(keys.dim(2));
    int value = Math.toIntExact(values.dim(1));
    float[] joined = new float[Math.multiplyExact(heads * (nope + value), rank)];
    float[] row = new float[nope];
    for (int h = 0; h < heads; h++) {
      int head = h * (nope + value) * rank;
      for (int r = 0; r < rank; r++) {
        Elements.decode(keys.type(), keys.data(), ((long) h * rank + r) * nope, row, 0, nope);
        for (int i = 0; i < nope; i++) {
          joined[head + i * rank + r] = row[i];
        }
      }
      Elements.decode(
          values.type(),
          values.data(),
          (long) h * value * rank,
          joined,
          head + nope * rank,
          value * rank);
    }
    return Tensor.of(at + "attn_k_b+attn_v_b", joined, (long) heads * (nope + value), rank);
  }
}
