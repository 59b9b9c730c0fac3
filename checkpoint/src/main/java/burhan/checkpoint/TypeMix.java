package burhan.checkpoint;

import burhan.tensor.DType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which tensor of a model gets which type. The rules are those that llama.cpp has made usual (its
 * version of September 2026, without an importance matrix), so that a file named Q4_K_M is what its
 * reader expects: more bits for the output, for values and for the down projections of some layers.
 * Knows names and shapes, no numbers.
 */
public final class TypeMix {
  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\..*");

  /** What a tensor is for, as far as the rules care. */
  private enum Role {
    OUTPUT,
    EMBEDDING,
    VALUES,
    KEYS,
    ATTENTION_OUTPUT,
    FEED_FORWARD_DOWN,
    OTHER
  }

  private final FileType file;
  private final Facts model;
  private boolean isTied = true;
  private int valueTensors;
  private int valuesSeen;
  private int downsSeen;

  private TypeMix(FileType file, Facts model) {
    this.file = file;
    this.model = model;
  }

  /**
   * What the rules ask of a model.
   *
   * @param sharing query heads to a key-value head
   * @param experts 0 or 1 for a dense model
   */
  public record Facts(String architecture, int layers, int sharing, int experts) {
    /** From the keys of a GGUF file. */
    public static Facts of(Map<String, Object> metadata) {
      String architecture = String.valueOf(metadata.get("general.architecture"));
      int heads = first(metadata.get(architecture + ".attention.head_count"));
      int keyHeads = first(metadata.get(architecture + ".attention.head_count_kv"));
      return new Facts(
          architecture,
          first(metadata.get(architecture + ".block_count")),
          heads / Math.max(1, keyHeads == 0 ? heads : keyHeads),
          first(metadata.get(architecture + ".expert_count")));
    }

    private static int first(@Nullable Object value) {
      return switch (value) {
        case Number number -> number.intValue();
        case int[] numbers when numbers.length > 0 -> numbers[0];
        case null, default -> 0;
      };
    }

    /** Llama's and Qwen's with 80 layers, whose values are an eighth of the queries. */
    private boolean isSeventyBillion() {
      return layers == 80
          && sharing > 1
          && (architecture.equals("llama") || architecture.equals("qwen2"));
    }
  }

  /**
   * The tensors of the new file, in its order: by layer, then by name.
   *
   * @param pure one type for all, without a mix
   */
  public static List<TensorInfo> choose(
      FileType file, boolean pure, Facts model, Collection<TensorInfo> tensors) {
    TypeMix mix = new TypeMix(file, model);
    for (TensorInfo tensor : tensors) {
      mix.isTied &= role(tensor.name()) != Role.OUTPUT;
      mix.valueTensors += role(tensor.name()) == Role.VALUES ? 1 : 0;
    }
    List<TensorInfo> chosen = new ArrayList<>();
    tensors.stream()
        .sorted(Comparator.comparingInt(TypeMix::layer).thenComparing(TensorInfo::name))
        .forEach(tensor -> chosen.add(mix.with(tensor, pure)));
    return chosen;
  }

  private static int layer(TensorInfo tensor) {
    Matcher matcher = LAYER.matcher(tensor.name());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  private TensorInfo with(TensorInfo tensor, boolean pure) {
    if (!isQuantizable(tensor)) {
      return tensor;
    }
    DType type = file.base();
    if (file.isQuantized()) {
      type = fitting(pure ? type : mixed(tensor), columns(tensor));
    }
    return new TensorInfo(tensor.name(), type, tensor.shape());
  }

  /** Matrices only, but no norms and no routers: few bytes that decide much. */
  public static boolean isQuantizable(TensorInfo tensor) {
    String name = tensor.name();
    return tensor.shape().length >= 2
        && tensor.type().isFloat()
        && name.endsWith("weight")
        && !name.contains("_norm.weight")
        && !name.contains("ffn_gate_inp.weight");
  }

  private static long columns(TensorInfo tensor) {
    return tensor.shape()[tensor.shape().length - 1];
  }

  /** A type whose blocks fill rows of that many numbers, with about as many bits. */
  private static DType fitting(DType type, long columns) {
    if (columns % type.blockElements() == 0) {
      return type;
    }
    DType smaller =
        switch (type) {
          case Q2_K, Q3_K -> DType.Q4_0;
          case Q4_K -> DType.Q5_0;
          case Q5_K -> DType.Q5_1;
          case Q6_K -> DType.Q8_0;
          case IQ4_XS -> DType.IQ4_NL;
          default -> DType.F16;
        };
    return columns % smaller.blockElements() == 0 ? smaller : DType.F16;
  }

  private static Role role(String name) {
    if (name.equals("output.weight")) {
      return Role.OUTPUT;
    } else if (name.equals("token_embd.weight")) {
      return Role.EMBEDDING;
    } else if (name.contains("attn_v.weight")
        || name.contains("attn_qkv.weight")
        || name.contains("attn_kv_b.weight")) {
      return Role.VALUES;
    } else if (name.contains("attn_k.weight")) {
      return Role.KEYS;
    } else if (name.contains("attn_output.weight")) {
      return Role.ATTENTION_OUTPUT;
    }
    return name.contains("ffn_down") ? Role.FEED_FORWARD_DOWN : Role.OTHER;
  }

  private DType mixed(TensorInfo tensor) {
    return switch (role(tensor.name())) {
      case OUTPUT -> output(tensor);
      case EMBEDDING -> isTied ? output(tensor) : file.base();
      case VALUES -> values();
      case KEYS -> model.experts() == 8 ? DType.Q8_0 : file.base();
      case ATTENTION_OUTPUT -> attentionOutput();
      case FEED_FORWARD_DOWN -> down(tensor);
      case OTHER -> file.base();
    };
  }

  private DType output(TensorInfo tensor) {
    return file.base() == DType.Q8_0 || columns(tensor) % file.base().blockElements() != 0
        ? DType.Q8_0
        : DType.Q6_K;
  }

  private DType values() {
    int at = valuesSeen++;
    if (model.experts() == 8) {
      return DType.Q8_0; // small beside eight experts
    }
    DType type =
        switch (file) {
          case Q2_K -> model.sharing() >= 4 ? DType.Q4_K : DType.Q3_K;
          case Q3_K_M -> at < 2 ? DType.Q5_K : DType.Q4_K;
          case Q3_K_L -> DType.Q5_K;
          case Q4_K_S -> at < 4 ? DType.Q5_K : DType.Q4_K;
          case Q4_K_M, Q5_K_M -> deservesMore(at, valueTensors) ? DType.Q6_K : file.base();
          case IQ4_NL, IQ4_XS -> model.sharing() >= 4 ? DType.Q5_K : file.base();
          default -> file.base();
        };
    boolean isCheap = model.isSeventyBillion() && (type == DType.Q3_K || type == DType.Q4_K);
    return isCheap ? DType.Q5_K : type;
  }

  private DType attentionOutput() {
    if (model.experts() == 8) {
      return switch (file) {
        case Q2_K, Q3_K_S, Q3_K_M, Q4_K_S, Q4_K_M, IQ4_NL, IQ4_XS -> DType.Q5_K;
        default -> file.base();
      };
    }
    return switch (file) {
      case Q2_K -> DType.Q3_K;
      case Q3_K_M -> DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      default -> file.base();
    };
  }

  private DType down(TensorInfo tensor) {
    // A dense model's are counted, as the rules' author did; with experts the name says the layer.
    int at = model.experts() > 1 ? layer(tensor) : downsSeen++;
    boolean isEarly = at < model.layers() / 8;
    return switch (file) {
      case Q2_K -> DType.Q3_K;
      case Q3_K_M -> at < model.layers() / 16 ? DType.Q5_K : DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      case Q4_K_M, Q5_K_M -> deservesMore(at, model.layers()) ? DType.Q6_K : file.base();
      case Q4_K_S, IQ4_NL, IQ4_XS -> isEarly ? DType.Q5_K : file.base();
      default -> file.base();
    };
  }

  /** The first and the last eighth, and every third of those between. */
  private static boolean deservesMore(int at, int of) {
    return at < of / 8 || at >= 7 * of / 8 || (at - of / 8) % 3 == 2;
  }
}
