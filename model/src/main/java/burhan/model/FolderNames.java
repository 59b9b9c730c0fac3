package burhan.model;

import burhan.checkpoint.Weights;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the Hugging Face classes whose names differ from Llama's and DeepSeek's call their tensors.
 */
final class FolderNames {
  private static final Pattern EXPERT =
      Pattern.compile("(model\\.layers\\.\\d+\\.)mlp\\.experts\\.(\\d+)\\.(\\w+)_proj\\.weight");
  private static final Pattern SHARED =
      Pattern.compile("(model\\.layers\\.\\d+\\.)mlp\\.(?:shared_experts\\.)?(\\w+)_proj\\.weight");
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.*)");
  private static final Map<String, String> MIXTRAL = Map.of("gate", "w1", "up", "w3", "down", "w2");
  private static final Map<String, String> DBRX =
      Map.of(
          "input_layernorm.weight", "norm_attn_norm.norm_1.weight",
          "post_attention_layernorm.weight", "norm_attn_norm.norm_2.weight",
          "self_attn.qkv_proj.weight", "norm_attn_norm.attn.Wqkv.weight",
          "self_attn.o_proj.weight", "norm_attn_norm.attn.out_proj.weight",
          "mlp.gate.weight", "ffn.router.layer.weight");

  private FolderNames() {}

  /** Mixtral: {@code block_sparse_moe} with w1, w2, w3. */
  static @Nullable Tensor mixtral(Weights file, String name) {
    Matcher expert = EXPERT.matcher(name);
    if (expert.matches()) {
      return file.find(
          "%sblock_sparse_moe.experts.%s.%s.weight"
              .formatted(expert.group(1), expert.group(2), MIXTRAL.get(expert.group(3))));
    }
    return file.find(name.replace(".mlp.gate.", ".block_sparse_moe.gate."));
  }

  /** GraniteMoE: gate and up of all experts stacked in one tensor, [E, 2m, D]. */
  static @Nullable Tensor graniteMoe(Weights file, String name) {
    Matcher expert = EXPERT.matcher(name);
    if (expert.matches()) {
      String at = expert.group(1) + "block_sparse_moe.";
      long index = Long.parseLong(expert.group(2));
      return expert.group(3).equals("down")
          ? part(file.find(at + "output_linear.weight"), index)
          : half(part(file.find(at + "input_linear.weight"), index), expert.group(3));
    }
    Matcher shared = SHARED.matcher(name);
    if (shared.matches() && file.find(name) == null) {
      String at = shared.group(1) + "shared_mlp.";
      return shared.group(2).equals("down")
          ? file.find(at + "output_linear.weight")
          : half(file.find(at + "input_linear.weight"), shared.group(2));
    }
    return file.find(name.replace(".mlp.gate.", ".block_sparse_moe.router.layer."));
  }

  private static @Nullable Tensor part(@Nullable Tensor stacked, long index) {
    return stacked == null || stacked.rank() != 3 || index >= stacked.dim(0)
        ? null
        : stacked.slice(index);
  }

  /** The gate's rows stand in front of the up projection's. */
  private static @Nullable Tensor half(@Nullable Tensor both, String which) {
    if (both == null || both.rank() != 2) {
      return null;
    }
    long rows = both.dim(0) / 2;
    return both.slice(which.equals("gate") ? 0 : rows, rows);
  }

  /** DBRX: {@code transformer.blocks}, all experts' rows in one tensor, the last one transposed. */
  static RenamedWeights.Naming dbrx(int experts) {
    return (file, name) -> {
      Matcher expert = EXPERT.matcher(name);
      if (expert.matches()) {
        String at = dbrxLayer(expert.group(1)) + "ffn.experts.mlp.";
        return dbrxExpert(file, at, expert.group(3), Long.parseLong(expert.group(2)), experts);
      }
      Matcher layer = LAYER.matcher(name);
      if (layer.matches()) {
        String own = DBRX.get(layer.group(2));
        return own == null ? null : file.find("transformer.blocks." + layer.group(1) + "." + own);
      }
      return switch (name) {
        case "model.embed_tokens.weight" -> file.find("transformer.wte.weight");
        case "model.norm.weight" -> file.find("transformer.norm_f.weight");
        default -> file.find(name);
      };
    };
  }

  private static String dbrxLayer(String at) {
    return at.replace("model.layers.", "transformer.blocks.");
  }

  private static @Nullable Tensor dbrxExpert(
      Weights file, String at, String which, long index, int experts) {
    String own =
        switch (which) {
          case "gate" -> "w1";
          case "up" -> "v1";
          default -> "w2";
        };
    Tensor all = file.find(at + own);
    if (all == null || all.rank() != 2 || all.dim(0) % experts != 0) {
      return null;
    }
    long rows = all.dim(0) / experts;
    Tensor one = all.slice(index * rows, rows);
    return own.equals("w2") ? transposed(one) : one;
  }

  /** A copy: the one place where a folder's weights are not used as they lie in the file. */
  private static Tensor transposed(Tensor tensor) {
    DType type = tensor.type();
    if (type.blockElements() != 1) {
      throw new BadInputException(tensor + " cannot be transposed");
    }
    long rows = tensor.dim(0);
    long cols = tensor.dim(1);
    int size = type.blockBytes();
    MemorySegment copy = Arena.ofAuto().allocate(tensor.byteSize(), 64);
    for (long r = 0; r < rows; r++) {
      for (long c = 0; c < cols; c++) {
        MemorySegment.copy(tensor.data(), (r * cols + c) * size, copy, (c * rows + r) * size, size);
      }
    }
    return new Tensor(tensor.name(), type, new long[] {cols, rows}, copy);
  }

  /** A text model inside a model that also sees: Ministral 3 and Mistral Small. */
  static @Nullable Tensor insideVision(Weights file, String name) {
    Tensor tensor = file.find("language_model." + name);
    if (tensor == null && name.startsWith("model.")) {
      tensor = file.find("model.language_model." + name.substring("model.".length()));
    }
    return tensor == null ? file.find(name) : tensor;
  }
}
