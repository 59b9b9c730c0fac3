package burhan.model;

import burhan.checkpoint.Json;
import burhan.checkpoint.ModelFolder;
import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.TensorSource;
import burhan.checkpoint.TypeMix;
import burhan.checkpoint.Weights;
import burhan.nn.RopeScaling;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A folder of safetensors as the GGUF file of the same model: {@link GgufNames} the other way
 * round. Rows of queries and keys are reordered where GGUF's readers expect it, experts are
 * stacked, latent attention's keys and values stand apart. Everything is read row by row.
 */
public final class GgufExport implements TensorSource, AutoCloseable {
  /** Reads part of one row of a tensor that is being put together. */
  @FunctionalInterface
  private interface Rows {
    void read(long row, int from, int count, float[] out, int at);
  }

  private record Planned(TensorInfo info, Rows rows) {
    int cols() {
      return Math.toIntExact(info.shape()[info.shape().length - 1]);
    }
  }

  /** What a thread remembers from one row to the next. */
  private static final class Recent {
    /** The tensor looked up last, under the folder's name; some are copies that took time. */
    private String name = "";

    private @Nullable Tensor tensor;

    /** The head decoded last, its keys transposed as GGUF has them: [rank, nope]. */
    private String headOf = "";

    private long head = -1;
    private float[] keys = {};

    /** A whole row, where part of one is wanted. */
    private float[] row = {};
  }

  private final Weights weights;
  private final Json config;
  private final String architecture;
  private final Map<String, Object> metadata;
  private final Map<String, Planned> planned = new LinkedHashMap<>();
  private final ThreadLocal<Recent> recent = ThreadLocal.withInitial(Recent::new);

  private GgufExport(Weights weights, Json config, String name) {
    this.weights = weights;
    this.config = config;
    this.architecture = GgufKeys.architecture(config);
    this.metadata = GgufKeys.of(name, config);
  }

  /**
   * @param folder with config.json and safetensors
   * @throws BadInputException if the folder cannot be used or GGUF has no form for its architecture
   */
  public static GgufExport open(Path folder) {
    ModelFolder files = ModelFolder.open(folder);
    try {
      Json config = ModelFiles.textConfig(files.config());
      Path name = folder.toAbsolutePath().normalize().getFileName();
      GgufExport export =
          new GgufExport(
              ModelFiles.named(files, config), config, name == null ? "model" : name.toString());
      export.plan();
      return export;
    } catch (BadInputException e) {
      files.close();
      throw e;
    }
  }

  /** The keys of the file, without those of the tokenizer. */
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public String where() {
    return weights.where();
  }

  @Override
  public Collection<TensorInfo> infos() {
    return planned.values().stream().map(Planned::info).toList();
  }

  @Override
  public @Nullable Tensor stored(String name) {
    return null;
  }

  @Override
  public void read(String name, long first, int count, float[] out, int at) {
    Planned plan = planned.get(name);
    if (plan == null) {
      throw new BadInputException("%s: has no tensor '%s'".formatted(where(), name));
    }
    int cols = plan.cols();
    long row = first / cols;
    int from = (int) (first % cols);
    for (int done = 0; done < count; row++, from = 0) {
      int part = Math.min(count - done, cols - from);
      plan.rows().read(row, from, part, out, at + done);
      done += part;
    }
  }

  @Override
  public void close() {
    weights.close();
  }

  private void plan() {
    GgufNames.TOP.forEach((own, theirs) -> {
      boolean isTiedHead =
          own.equals("lm_head.weight") && config.flag("tie_word_embeddings", false);
      if (!own.equals("rope_freqs.weight") && !isTiedHead) {
        add(theirs, own);
      }
    });
    int layers = layers();
    for (int i = 0; i < layers; i++) {
      planLayer(Layers.layer(i), "blk." + i + ".");
    }
    planFrequencies();
  }

  private int layers() {
    Object count = metadata.get(architecture + ".block_count");
    return count instanceof Integer number ? number : 0;
  }

  private void planLayer(String at, String to) {
    GgufNames.IN_LAYER.forEach((stem, own) -> {
      String theirs =
          architecture.equals("dbrx") && stem.equals("post_attention_layernorm")
              ? "attn_output_norm"
              : own;
      if (stem.equals("self_attn.kv_b_proj")) {
        planLatent(at + stem + ".weight", to);
      } else if (!isRepeatedHead(at, stem)) {
        add(to + theirs + ".weight", at + stem + ".weight");
        add(to + theirs + ".bias", at + stem + ".bias");
      }
    });
    add(to + "exp_probs_b.bias", at + "mlp.gate.e_score_correction_bias");
    for (String which : new String[] {"gate", "up", "down"}) {
      planExperts(
          to + "ffn_" + which + "_exps.weight",
          e -> at + "mlp.experts." + e + "." + which + "_proj.weight");
    }
  }

  /** The draft layer's head, where it is the main model's once more. */
  private boolean isRepeatedHead(String at, String stem) {
    if (!stem.equals("shared_head.head")) {
      return false;
    }
    Tensor own = weights.find(at + stem + ".weight");
    Tensor main = weights.find("lm_head.weight");
    return own != null && main != null && own.data().mismatch(main.data()) == -1;
  }

  /** A tensor that GGUF has in one piece, too, if the folder has it. */
  private void add(String name, String own) {
    Tensor tensor = weights.find(own);
    if (tensor == null) {
      return;
    }
    Rows rows = (row, from, count, out, to) -> part(find(own), row, from, count, out, to);
    int heads = permutedHeads(own);
    put(name, tensor, tensor.shape(), heads == 0 ? rows : interleaved(rows, tensor, heads));
  }

  private void put(String name, Tensor like, long[] shape, Rows rows) {
    DType type =
        switch (like.type()) {
          case F8_E4M3 -> DType.BF16;
          case F64 -> DType.F32;
          default -> like.type();
        };
    TensorInfo info = new TensorInfo(name, type, shape);
    if (!TypeMix.isQuantizable(info)) {
      info = new TensorInfo(name, DType.F32, shape);
    }
    planned.put(name, new Planned(info, rows));
  }

  /** Heads of a projection whose rows GGUF has in another order; 0 for the same order. */
  private int permutedHeads(String own) {
    boolean isPermuted =
        switch (architecture) {
          case "llama", "granite", "granitemoe", "deepseek" -> true;
          default -> false;
        };
    if (isPermuted && own.contains("self_attn.q_proj.")) {
      return DecoderConfig.parse(config).numAttentionHeads();
    }
    return isPermuted && own.contains("self_attn.k_proj.")
        ? DecoderConfig.parse(config).numKeyValueHeads()
        : 0;
  }

  /**
   * The two halves of a head's rows, shuffled into pairs. A bias is a single row here, so its
   * numbers move instead.
   */
  private Rows interleaved(Rows rows, Tensor tensor, int heads) {
    int size = Math.toIntExact(tensor.dim(0)) / heads;
    if (tensor.rank() == 1) {
      return (row, from, count, out, to) -> {
        for (int i = 0; i < count; i++) {
          rows.read(0, Math.toIntExact(paired(from + i, size)), 1, out, to + i);
        }
      };
    }
    return (row, from, count, out, to) -> rows.read(paired(row, size), from, count, out, to);
  }

  private static long paired(long row, int size) {
    long in = row % size;
    return row - in + in % 2 * (size / 2) + in / 2;
  }

  private void planExperts(String name, IntFunction<String> own) {
    Tensor first = weights.find(own.apply(0));
    if (first == null) {
      return;
    }
    Object count = metadata.get(architecture + ".expert_count");
    int experts = count instanceof Integer number ? number : 0;
    long rows = first.dim(0);
    long[] shape = {experts, rows, first.dim(1)};
    for (int e = 1; e < experts && !architecture.equals("dbrx"); e++) {
      weights.get(own.apply(e)).requireShape(rows, first.dim(1));
    }
    put(
        name,
        first,
        shape,
        (row, from, n, out, to) ->
            part(find(own.apply((int) (row / rows))), row % rows, from, n, out, to));
  }

  /** {@code kv_b_proj} [H * (nope + v), R]: keys transposed per head, and values. */
  private void planLatent(String own, String to) {
    Tensor both = weights.find(own);
    if (both == null) {
      return;
    }
    DeepSeekConfig c = DeepSeekConfig.parse(config);
    int heads = c.numAttentionHeads();
    int nope = c.qkNopeHeadDim();
    int value = c.vHeadDim();
    int rank = c.kvLoraRank();
    both.requireShape((long) heads * (nope + value), rank);
    put(
        to + "attn_k_b.weight",
        both,
        new long[] {heads, rank, nope},
        (row, from, n, out, at) ->
            System.arraycopy(
                keys(own, row / rank, nope, nope + value, rank),
                (int) (row % rank) * nope + from,
                out,
                at,
                n));
    put(
        to + "attn_v_b.weight",
        both,
        new long[] {heads, value, rank},
        (row, from, n, out, at) ->
            part(find(own), row / value * (nope + value) + nope + row % value, from, n, out, at));
  }

  private float[] keys(String own, long index, int nope, int rows, int rank) {
    Recent last = recent.get();
    if (last.head == index && last.headOf.equals(own)) {
      return last.keys;
    }
    float[] keys = new float[nope * rank];
    float[] row = new float[rank];
    for (int i = 0; i < nope; i++) {
      part(find(own), index * rows + i, 0, rank, row, 0);
      for (int r = 0; r < rank; r++) {
        keys[r * nope + i] = row[r];
      }
    }
    last.headOf = own;
    last.head = index;
    last.keys = keys;
    return keys;
  }

  /** Llama 3's stretched frequencies, which GGUF has as a divisor for each. */
  private void planFrequencies() {
    if (!architecture.equals("llama")) {
      return;
    }
    DecoderConfig c = DecoderConfig.parse(config);
    if (!(c.ropeScaling() instanceof RopeScaling.Llama3 scaling)) {
      return;
    }
    double[] stretched = new double[c.headDim() / 2];
    double[] plain = new double[stretched.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = Math.pow(c.ropeTheta(), -2.0 * i / c.headDim());
      stretched[i] = plain[i];
    }
    scaling.stretch(stretched, c.ropeTheta());
    float[] divisors = new float[plain.length];
    for (int i = 0; i < plain.length; i++) {
      divisors[i] = (float) (plain[i] / stretched[i]);
    }
    put(
        "rope_freqs.weight",
        Tensor.of("rope_freqs.weight", divisors, divisors.length),
        new long[] {divisors.length},
        (row, from, n, out, at) -> System.arraycopy(divisors, from, out, at, n));
  }

  private Tensor find(String own) {
    Recent last = recent.get();
    Tensor tensor = last.tensor;
    if (tensor == null || !last.name.equals(own)) {
      tensor = weights.get(own);
      last.name = own;
      last.tensor = tensor;
    }
    return tensor;
  }

  /** Part of a row; of a whole row where the row has scales. */
  private void part(Tensor tensor, long row, int from, int count, float[] out, int at) {
    int cols = Math.toIntExact(tensor.dim(tensor.rank() - 1));
    if (tensor.type() != DType.F8_E4M3) {
      Elements.decode(tensor.type(), tensor.data(), row * cols + from, out, at, count);
    } else if (count == cols) {
      tensor.row(row, out, at);
    } else {
      Recent last = recent.get();
      if (last.row.length < cols) {
        last.row = new float[cols];
      }
      tensor.row(row, last.row, 0);
      System.arraycopy(last.row, from, out, at, count);
    }
  }
}
