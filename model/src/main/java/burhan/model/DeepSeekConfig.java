package burhan.model;

import burhan.checkpoint.Json;
import burhan.kernel.AttentionMemory;
import burhan.nn.YarnScaling;
import burhan.tensor.BadInputException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code config.json} of DeepSeek-V2, V2-Lite, V3 and R1, with the field names of Hugging Face in
 * camel case. Every number is checked against the others here, so that the layers need not.
 *
 * @param modelType {@code deepseek_v2} or {@code deepseek_v3}
 * @param intermediateSize width of the dense layers' feed-forward
 * @param moeIntermediateSize width of one expert
 * @param numNextnPredictLayers depth of the multi-token prediction that the file holds
 * @param nRoutedExperts 0 for a model without experts
 * @param nGroup groups the experts are divided into; 1 for none
 * @param topkGroup groups that are kept
 * @param topkMethod {@code noaux_tc}, {@code group_limited_greedy} or {@code greedy}
 * @param scoringFunc {@code sigmoid} or {@code softmax}
 * @param firstKDenseReplace leading layers without experts
 * @param qLoraRank 0 for no query compression
 * @param ropeScaling null for none
 * @param eosTokenId -1 for none
 */
public record DeepSeekConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int moeIntermediateSize,
    int numHiddenLayers,
    int numNextnPredictLayers,
    int numAttentionHeads,
    int nSharedExperts,
    int nRoutedExperts,
    int numExpertsPerTok,
    int nGroup,
    int topkGroup,
    String topkMethod,
    String scoringFunc,
    boolean normTopkProb,
    double routedScalingFactor,
    int firstKDenseReplace,
    int qLoraRank,
    int kvLoraRank,
    int qkNopeHeadDim,
    int qkRopeHeadDim,
    int vHeadDim,
    int maxPositionEmbeddings,
    double ropeTheta,
    @Nullable YarnScaling ropeScaling,
    double rmsNormEps,
    boolean tieWordEmbeddings,
    int bosTokenId,
    int eosTokenId) {

  private static final int LARGEST = 1 << 24;

  /**
   * @throws BadInputException naming the field that is missing or impossible
   */
  public static DeepSeekConfig parse(Json json) {
    int routed = json.integer("n_routed_experts", 0, 1 << 16, 0);
    boolean v3 = json.text("model_type").equals("deepseek_v3");
    Json rope = json.objectOrNull("rope_parameters");
    Json scaling = rope == null ? json.objectOrNull("rope_scaling") : rope;
    int groups = json.integer("n_group", 1, 1 << 16, 1);
    DeepSeekConfig config =
        new DeepSeekConfig(
            json.text("model_type"),
            json.integer("vocab_size", 1, LARGEST),
            json.integer("hidden_size", 1, LARGEST),
            json.integer("intermediate_size", 1, LARGEST),
            routed == 0 ? 0 : json.integer("moe_intermediate_size", 1, LARGEST),
            json.integer("num_hidden_layers", 1, 10_000),
            json.integer("num_nextn_predict_layers", 0, 64, 0),
            json.integer("num_attention_heads", 1, LARGEST),
            json.integer("n_shared_experts", 0, 1 << 16, 0),
            routed,
            routed == 0 ? 0 : json.integer("num_experts_per_tok", 1, routed),
            groups,
            json.integer("topk_group", 1, groups, groups),
            json.text("topk_method", v3 ? "noaux_tc" : "greedy"),
            json.text("scoring_func", v3 ? "sigmoid" : "softmax"),
            json.flag("norm_topk_prob", v3),
            json.number("routed_scaling_factor", 1),
            json.integer("first_k_dense_replace", 0, 10_000, 0),
            json.integer("q_lora_rank", 0, LARGEST, 0),
            json.integer("kv_lora_rank", 1, LARGEST),
            json.integer("qk_nope_head_dim", 1, LARGEST),
            json.integer("qk_rope_head_dim", 2, LARGEST),
            json.integer("v_head_dim", 1, LARGEST),
            json.integer("max_position_embeddings", 1, 1 << 30),
            (rope == null ? json : rope).number("rope_theta", 10_000),
            scaling == null ? null : yarn(scaling),
            json.number("rms_norm_eps", 1e-6),
            json.flag("tie_word_embeddings", false),
            token(json, "bos_token_id"),
            token(json, "eos_token_id"));
    config.validate(json);
    return config;
  }

  /** The id, or the first of several. */
  private static int token(Json json, String field) {
    boolean isList = json.node().path(field).isArray();
    return isList
        ? Math.toIntExact(
            Math.min(LARGEST, LongStream.of(json.sizes(field)).findFirst().orElse(-1)))
        : json.integer(field, -1, LARGEST, -1);
  }

  private static @Nullable YarnScaling yarn(Json scaling) {
    String type = scaling.text("type", scaling.text("rope_type", "default"));
    if (type.equals("default")) {
      return null;
    }
    if (!type.equals("yarn")) {
      throw scaling.bad(
          "type", "is \"%s\", expected \"yarn\" for a DeepSeek model".formatted(type));
    }
    return new YarnScaling(
        scaling.number("factor"),
        scaling.integer("original_max_position_embeddings", 1, 1 << 30, 4096),
        scaling.number("beta_fast", 32),
        scaling.number("beta_slow", 1),
        scaling.number("mscale", 1),
        scaling.number("mscale_all_dim", 0));
  }

  private void validate(Json json) {
    require(
        modelType.equals("deepseek_v2") || modelType.equals("deepseek_v3"),
        json,
        "model_type",
        "is \"" + modelType + "\", expected \"deepseek_v2\" or \"deepseek_v3\"");
    require(qkRopeHeadDim % 2 == 0, json, "qk_rope_head_dim", "is odd, expected pairs");
    require(rmsNormEps > 0, json, "rms_norm_eps", "is " + rmsNormEps + ", expected more than 0");
    require(ropeTheta > 1, json, "rope_theta", "is " + ropeTheta + ", expected more than 1");
    require(
        scoringFunc.equals("sigmoid") || scoringFunc.equals("softmax"),
        json,
        "scoring_func",
        "is \"" + scoringFunc + "\", expected \"sigmoid\" or \"softmax\"");
    require(
        switch (topkMethod) {
          case "noaux_tc", "group_limited_greedy", "greedy" -> true;
          default -> false;
        },
        json,
        "topk_method",
        "is \"" + topkMethod + "\", expected \"noaux_tc\", \"group_limited_greedy\" or \"greedy\"");
    require(
        nRoutedExperts % nGroup == 0,
        json,
        "n_routed_experts",
        "is %d, which cannot be divided into %d groups".formatted(nRoutedExperts, nGroup));
    require(
        nRoutedExperts == 0 || numExpertsPerTok <= nRoutedExperts / nGroup * topkGroup,
        json,
        "num_experts_per_tok",
        "is %d, but the %d kept groups have fewer experts".formatted(numExpertsPerTok, topkGroup));
    require(
        !topkMethod.equals("noaux_tc") || nGroup == 1 || nRoutedExperts / nGroup >= 2,
        json,
        "topk_method",
        "is \"noaux_tc\", which scores a group by its two best experts, but a group has only one");
  }

  private static void require(boolean holds, Json json, String field, String problem) {
    if (!holds) {
      throw json.bad(field, problem);
    }
  }

  /** Width of a query or key head: the part without position and the rotated part. */
  public int qkHeadDim() {
    return qkNopeHeadDim + qkRopeHeadDim;
  }

  /** What attention remembers in that many layers. */
  AttentionMemory.Shape memory(int layers) {
    return new AttentionMemory.Shape(layers, 1, latentWidth(), kvLoraRank, true);
  }

  /** Numbers in the cache per token and layer. */
  public int latentWidth() {
    return kvLoraRank + qkRopeHeadDim;
  }

  /** Whether layer {@code layer} has experts. */
  public boolean isExpertLayer(int layer) {
    return nRoutedExperts > 0 && layer >= firstKDenseReplace;
  }

  /** {@code s = head dim ^ -0.5 * m^2}, with m from YaRN. */
  public double attentionScale() {
    return (ropeScaling == null ? 1 : ropeScaling.softmaxScale()) / Math.sqrt(qkHeadDim());
  }

  Summaries.Facts facts() {
    return new Summaries.Facts(
        modelType,
        numHiddenLayers,
        hiddenSize,
        maxPositionEmbeddings,
        vocabSize,
        nRoutedExperts,
        numExpertsPerTok,
        tieWordEmbeddings,
        memory(numHiddenLayers));
  }

  /** The config as Hugging Face writes it. */
  public ObjectNode toJson(String dtype) {
    ObjectNode json = Json.mapper().createObjectNode();
    boolean v3 = modelType.equals("deepseek_v3");
    json.putArray("architectures").add(v3 ? "DeepseekV3ForCausalLM" : "DeepseekV2ForCausalLM");
    json.put("model_type", modelType);
    json.put("attention_bias", false);
    json.put("bos_token_id", bosTokenId);
    json.put("eos_token_id", eosTokenId);
    json.put("first_k_dense_replace", firstKDenseReplace);
    json.put("hidden_act", "silu");
    json.put("hidden_size", hiddenSize);
    json.put("intermediate_size", intermediateSize);
    json.put("kv_lora_rank", kvLoraRank);
    json.put("max_position_embeddings", maxPositionEmbeddings);
    json.put("moe_intermediate_size", moeIntermediateSize);
    json.put("moe_layer_freq", 1);
    json.put("n_group", nGroup);
    json.put("n_routed_experts", nRoutedExperts);
    json.put("n_shared_experts", nSharedExperts);
    json.put("norm_topk_prob", normTopkProb);
    json.put("num_attention_heads", numAttentionHeads);
    json.put("num_experts_per_tok", numExpertsPerTok);
    json.put("num_hidden_layers", numHiddenLayers);
    json.put("num_key_value_heads", numAttentionHeads);
    json.put("num_nextn_predict_layers", numNextnPredictLayers);
    if (qLoraRank > 0) {
      json.put("q_lora_rank", qLoraRank);
    } else {
      json.putNull("q_lora_rank");
    }
    json.put("qk_nope_head_dim", qkNopeHeadDim);
    json.put("qk_rope_head_dim", qkRopeHeadDim);
    json.put("rms_norm_eps", rmsNormEps);
    putRopeScaling(json);
    json.put("rope_theta", ropeTheta);
    json.put("routed_scaling_factor", routedScalingFactor);
    json.put("scoring_func", scoringFunc);
    json.put("tie_word_embeddings", tieWordEmbeddings);
    json.put("topk_group", topkGroup);
    json.put("topk_method", topkMethod);
    json.put("torch_dtype", dtype);
    json.put("v_head_dim", vHeadDim);
    json.put("vocab_size", vocabSize);
    return json;
  }

  private void putRopeScaling(ObjectNode json) {
    if (ropeScaling == null) {
      json.putNull("rope_scaling");
      return;
    }
    json.putObject("rope_scaling")
        .put("type", "yarn")
        .put("factor", ropeScaling.factor())
        .put("original_max_position_embeddings", ropeScaling.originalContext())
        .put("beta_fast", ropeScaling.betaFast())
        .put("beta_slow", ropeScaling.betaSlow())
        .put("mscale", ropeScaling.mscale())
        .put("mscale_all_dim", ropeScaling.mscaleAllDim());
  }
}
