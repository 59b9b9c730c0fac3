package burhan.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import burhan.checkpoint.TensorInfo;
import burhan.kernel.ScalarKernels;
import burhan.model.DeepSeekConfig;
import burhan.model.ExpectedTensors;
import burhan.model.LanguageModel;
import burhan.model.Models;
import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * R1's checkpoint fits no machine at hand, but its headers do: a copy of the index alone, or of the
 * shards' headers, says what the model is and what it needs.
 */
class HeaderOnlyTest {
  private static final String R1 =
      """
      {"architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3",
       "vocab_size": 129280, "hidden_size": 7168, "intermediate_size": 18432,
       "moe_intermediate_size": 2048, "num_hidden_layers": 61, "num_nextn_predict_layers": 1,
       "num_attention_heads": 128, "num_key_value_heads": 128, "n_shared_experts": 1,
       "n_routed_experts": 256, "num_experts_per_tok": 8, "n_group": 8, "topk_group": 4,
       "topk_method": "noaux_tc", "scoring_func": "sigmoid", "norm_topk_prob": true,
       "routed_scaling_factor": 2.5, "first_k_dense_replace": 3, "moe_layer_freq": 1,
       "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
       "qk_rope_head_dim": 64, "v_head_dim": 128, "max_position_embeddings": 163840,
       "rope_theta": 10000, "rms_norm_eps": 1e-06, "tie_word_embeddings": false,
       "bos_token_id": 0, "eos_token_id": 1, "torch_dtype": "bfloat16",
       "rope_scaling": {"type": "yarn", "factor": 40, "beta_fast": 32, "beta_slow": 1,
         "mscale": 1.0, "mscale_all_dim": 1.0, "original_max_position_embeddings": 4096},
       "quantization_config": {"quant_method": "fp8", "fmt": "e4m3",
         "activation_scheme": "dynamic", "weight_block_size": [128, 128]}}
      """;

  @TempDir private Path folder;

  /** Names and shapes as published: projections in FP8 with scales, the rest in bfloat16. */
  private List<TensorInfo> tensors() {
    DeepSeekConfig config = DeepSeekConfig.parse(Json.parse("config.json", R1));
    return ExpectedTensors.of(config, DType.BF16).stream()
        .map(tensor -> {
          boolean isBias = tensor.name().endsWith("bias");
          DType type = isScaled(tensor.name()) ? DType.F8_E4M3 : DType.BF16;
          return isBias ? tensor : new TensorInfo(tensor.name(), type, tensor.shape());
        })
        .toList();
  }

  private static boolean isScaled(String name) {
    return name.contains("_proj") && !name.contains("eh_proj");
  }

  private void writeIndex() throws IOException {
    Files.writeString(folder.resolve("config.json"), R1);
    ObjectNode index = Json.mapper().createObjectNode();
    index.putObject("metadata").put("total_size", 688_586_727_753L);
    ObjectNode map = index.putObject("weight_map");
    for (TensorInfo tensor : tensors()) {
      map.put(tensor.name(), "model-00001-of-000163.safetensors");
      if (isScaled(tensor.name())) {
        map.put(tensor.name() + "_scale_inv", "model-00001-of-000163.safetensors");
      }
    }
    for (String copy : List.of("embed_tokens.weight", "shared_head.head.weight")) {
      map.put("model.layers.61." + copy, "model-00001-of-000163.safetensors");
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"), Json.mapper().writeValueAsString(index));
  }

  /** All headers, and not one number. */
  private void writeHeaders() throws IOException {
    ObjectNode header = Json.mapper().createObjectNode();
    long at = 0;
    for (TensorInfo tensor : tensors()) {
      at = entry(header, tensor, at);
      if (isScaled(tensor.name())) {
        long rows = Math.ceilDiv(tensor.shape()[0], 128);
        long cols = Math.ceilDiv(tensor.shape()[1], 128);
        at = entry(header, new TensorInfo(tensor.name() + "_scale_inv", DType.F32, rows, cols), at);
      }
    }
    for (String copy : List.of("embed_tokens.weight", "shared_head.head.weight")) {
      at = entry(header, new TensorInfo("model.layers.61." + copy, DType.BF16, 129_280, 7168), at);
    }
    byte[] text = Json.mapper().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
    bytes.writeBytes(text);
    Files.write(folder.resolve("model-00001-of-000163.safetensors"), bytes.toByteArray());
  }

  private static long entry(ObjectNode header, TensorInfo tensor, long at) {
    ObjectNode node = header.putObject(tensor.name());
    node.put("dtype", tensor.type().name());
    ArrayNode shape = node.putArray("shape");
    for (long size : tensor.shape()) {
      shape.add(size);
    }
    node.putArray("data_offsets").add(at).add(at + tensor.byteSize());
    return at + tensor.byteSize();
  }

  private void check(Models.Description description) {
    LanguageModel.Summary summary = description.summary();
    assertFalse(description.hasData());
    assertEquals(671.026e9, summary.parameters(), 0.01e9);
    assertEquals(36.63e9, summary.activeParameters(), 0.9e9);
    assertEquals(11.61e9, summary.mtpParameters(), 0.05e9);
    assertEquals(DType.F8_E4M3, summary.dtype());
    // 61 layers of 576 float32 numbers.
    assertEquals(4L * 61 * 576, summary.cacheBytesPerToken(new ScalarKernels()));
    assertEquals(688.59e9, summary.weightBytes(), 0.2e9);
    assertEquals(163_840, summary.contextLength());
  }

  @Test
  void theIndexAlone() throws IOException {
    writeIndex();
    check(Models.describe(folder));
    String message =
        assertThrows(BadInputException.class, () -> Models.open(folder, new ScalarKernels()))
            .getMessage();
    assertTrue(message.contains("model-00001-of-000163.safetensors: no such file"), message);
  }

  @Test
  void theHeadersAlone() throws IOException {
    writeIndex();
    writeHeaders();
    check(Models.describe(folder));
    String message =
        assertThrows(BadInputException.class, () -> Models.open(folder, new ScalarKernels()))
            .getMessage();
    assertTrue(message.contains("holds the header alone"), message);
  }
}
