package burhan.model;

import burhan.checkpoint.Json;
import burhan.kernel.AttentionMemory;
import burhan.nn.Rope;
import burhan.nn.RopeScaling;
import burhan.nn.YarnScaling;
import burhan.tensor.BadInputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the families with grouped attention share in {@code config.json}: Llama, Mistral, Qwen,
 * Granite, the first DeepSeekMoE. Every number is checked against the others here.
 *
 * @param intermediateSize width of a dense feed-forward; of an expert where all layers have experts
 * @param numKeyValueHeads key and value heads, a divisor of the query heads
 * @param experts routed experts per layer, 0 for none
 * @param expertsPerToken how many of them a token meets
 * @param slidingWindow positions that a windowed layer sees; 0 for all
 * @param fullAttentionLayers per layer whether it sees everything in spite of the window
 */
record DecoderConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int numKeyValueHeads,
    int headDim,
    int maxPositionEmbeddings,
    double ropeTheta,
    RopeScaling ropeScaling,
    Rope.Layout ropeLayout,
    double normEps,
    boolean tieWordEmbeddings,
    int experts,
    int expertsPerToken,
    int slidingWindow,
    List<Boolean> fullAttentionLayers) {

  static final int LARGEST = 1 << 24;

  // One field, three names, as the families came.
  private static final List<String> EXPERTS =
      List.of("n_routed_experts", "num_local_experts", "num_experts");

  /**
   * @throws BadInputException naming the field that is missing or impossible
   */
  static DecoderConfig parse(Json json) {
    int hidden = json.integer("hidden_size", 1, LARGEST);
    int layers = json.integer("num_hidden_layers", 1, 10_000);
    int heads = json.integer("num_attention_heads", 1, LARGEST);
    Json rope = json.objectOrNull("rope_parameters");
    int experts =
        EXPERTS.stream()
            .filter(json::has)
            .findFirst()
            .map(field -> json.integer(field, 0, 1 << 16))
            .orElse(0);
    DecoderConfig config =
        new DecoderConfig(
            json.text("model_type"),
            json.integer("vocab_size", 1, LARGEST),
            hidden,
            json.integer("intermediate_size", 1, LARGEST),
            layers,
            heads,
            json.integer("num_key_value_heads", 1, heads, heads),
            json.integer("head_dim", 2, LARGEST, Math.max(2, hidden / heads)),
            json.integer("max_position_embeddings", 1, 1 << 30),
            (rope == null ? json : rope).number("rope_theta", 10_000),
            ropeScaling(rope == null ? json.objectOrNull("rope_scaling") : rope),
            json.flag("rope_interleave", false) ? Rope.Layout.INTERLEAVED : Rope.Layout.HALF_SPLIT,
            json.number("rms_norm_eps", 1e-6),
            json.flag("tie_word_embeddings", false),
            experts,
            experts == 0 ? 0 : json.integer("num_experts_per_tok", 1, experts),
            json.flag("use_sliding_window", true)
                ? json.integer("sliding_window", 1, 1 << 30, 0)
                : 0,
            fullAttentionLayers(json, layers));
    config.validate(json);
    return config;
  }

  private static List<Boolean> fullAttentionLayers(Json json, int layers) {
    List<Boolean> full = new ArrayList<>(layers);
    List<String> types = json.has("layer_types") ? json.texts("layer_types") : List.of();
    // Qwen2 names the number of leading layers without a window instead.
    int leading = json.integer("max_window_layers", 0, 10_000, 0);
    for (int i = 0; i < layers; i++) {
      full.add(i < types.size() ? types.get(i).equals("full_attention") : i < leading);
    }
    return full;
  }

  private static RopeScaling ropeScaling(@Nullable Json json) {
    if (json == null) {
      return new RopeScaling.None();
    }
    String type = json.text("rope_type", json.text("type", "default"));
    return switch (type) {
      case "default", "none" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(positive(json, "factor"));
      case "llama3" ->
          new RopeScaling.Llama3(
              positive(json, "factor"),
              positive(json, "low_freq_factor"),
              positive(json, "high_freq_factor"),
              json.integer("original_max_position_embeddings", 1, 1 << 30));
      case "yarn" -> yarn(json);
      default ->
          throw json.bad(
              "rope_type",
              "is \"%s\", this version knows default, linear, llama3 and yarn".formatted(type));
    };
  }

  private static YarnScaling yarn(Json json) {
    double factor = positive(json, "factor");
    double mscale = json.number("mscale", 1);
    double mscaleAllDim = json.has("mscale") ? json.number("mscale_all_dim", 0) : 0;
    if (json.has("attention_factor") && factor > 1) {
      // The formula solved for the mscale that gives exactly this factor.
      mscale = (json.number("attention_factor") - 1) / (0.1 * Math.log(factor));
      mscaleAllDim = 0;
    }
    return new YarnScaling(
        factor,
        json.integer("original_max_position_embeddings", 1, 1 << 30),
        json.number("beta_fast", 32),
        json.number("beta_slow", 1),
        mscale,
        mscaleAllDim);
  }

  private static double positive(Json json, String field) {
    double value = json.number(field);
    if (value <= 0) {
      throw json.bad(field, "is " + value + ", expected more than 0");
    }
    return value;
  }

  void validate(Json json) {
    if (!json.text("hidden_act", "silu").equals("silu")) {
      throw json.bad(
          "hidden_act", "is \"%s\", expected \"silu\"".formatted(json.text("hidden_act")));
    }
    if (json.number("partial_rotary_factor", 1) != 1 || json.flag("mlp_bias", false)) {
      throw json.bad(
          json.flag("mlp_bias", false) ? "mlp_bias" : "partial_rotary_factor",
          "asks for what no family here has; this is a model of another family");
    }
    if (numAttentionHeads % numKeyValueHeads != 0) {
      throw json.bad(
          "num_key_value_heads",
          "is %d, expected a divisor of the %d heads"
              .formatted(numKeyValueHeads, numAttentionHeads));
    }
    if (headDim % 2 != 0) {
      throw json.bad("head_dim", "is %d, expected an even number".formatted(headDim));
    }
    if (!(ropeTheta > 1)) {
      throw json.bad("rope_theta", "is " + ropeTheta + ", expected more than 1");
    }
    if (!(normEps > 0)) {
      throw json.bad("rms_norm_eps", "is " + normEps + ", expected more than 0");
    }
  }

  /** Positions that layer {@code layer} sees; 0 for all. */
  int window(int layer) {
    return fullAttentionLayers.get(layer) ? 0 : slidingWindow;
  }

  /** What attention remembers in all layers. */
  AttentionMemory.Shape memory() {
    return new AttentionMemory.Shape(numHiddenLayers, numKeyValueHeads, headDim, headDim, false);
  }

  Summaries.Facts facts() {
    return new Summaries.Facts(
        modelType,
        numHiddenLayers,
        hiddenSize,
        maxPositionEmbeddings,
        vocabSize,
        experts,
        expertsPerToken,
        tieWordEmbeddings,
        memory());
  }
}
