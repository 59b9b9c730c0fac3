package burhan.checks;

import burhan.bench.RandomContent;
import burhan.bench.RandomModel;
import burhan.bench.Shape;
import burhan.checkpoint.Json;
import burhan.checkpoint.SafetensorsWriter;
import burhan.checkpoint.TensorContent;
import burhan.checkpoint.TensorInfo;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * A folder as DeepSeek publishes R1, cut to a dense and an expert layer: 12 GB of FP8 weights in
 * the mapping, of which a fraction is on the disk. The experts are a sparse file; those that tokens
 * will choose are filled in with numbers of their own. All others stay zero, so whoever takes one
 * of them by mistake gets another sum. The vocabulary is cut as well; no layer has its size.
 */
final class Fp8SliceFolder {
  static final int VOCABULARY = 1024;

  private static final Pattern ROUTED = Pattern.compile(".*\\.mlp\\.experts\\.\\d+\\..*\\.weight");
  private static final String LAYERS = "model-00001-of-00002.safetensors";
  private static final String EXPERTS = "model-00002-of-00002.safetensors";

  private final Path folder;
  private final RandomContent content = new RandomContent(11);
  private final Map<String, Long> begins = new LinkedHashMap<>(); // of the experts, in their file
  private final Map<String, TensorInfo> experts = new LinkedHashMap<>();

  Fp8SliceFolder(Path folder) {
    this.folder = folder;
  }

  static Json config() {
    ObjectNode config = ((ObjectNode) Shape.DEEPSEEK_V3_2LAYERS.config().node()).deepCopy();
    return Json.of("slice", config.put("vocab_size", VOCABULARY));
  }

  /** Writes everything but the experts' numbers. */
  void write() throws IOException {
    Json config = config();
    List<TensorInfo> layers = new ArrayList<>();
    ObjectNode index = Json.mapper().createObjectNode();
    ObjectNode files = index.putObject("weight_map");
    for (TensorInfo tensor : RandomModel.tensors(config, DType.F8_E4M3)) {
      boolean isRouted = ROUTED.matcher(tensor.name()).matches();
      files.put(tensor.name(), isRouted ? EXPERTS : LAYERS);
      if (isRouted) {
        experts.put(tensor.name(), tensor);
      } else {
        layers.add(tensor);
      }
    }
    SafetensorsWriter.write(folder.resolve(LAYERS), layers, Map.of(), content);
    writeHoles();
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
    Files.writeString(folder.resolve("config.json"), RandomModel.config(config, DType.F8_E4M3));
  }

  private void writeHoles() throws IOException {
    ObjectNode header = Json.mapper().createObjectNode();
    long at = 0;
    for (TensorInfo tensor : experts.values()) {
      begins.put(tensor.name(), at);
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", "F8_E4M3");
      entry.putArray("shape").add(tensor.shape()[0]).add(tensor.shape()[1]);
      entry.putArray("data_offsets").add(at).add(at + tensor.byteSize());
      at += tensor.byteSize();
    }
    byte[] text = Json.mapper().writeValueAsBytes(header);
    long data = 8L + text.length;
    begins.replaceAll((name, begin) -> data + begin);
    try (FileChannel channel = open(StandardOpenOption.CREATE_NEW)) {
      ByteBuffer head = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
      TensorContent.writeFully(channel, head.putLong(text.length).put(text).flip());
      channel.position(data + at - 1);
      TensorContent.writeFully(channel, ByteBuffer.allocate(1));
    }
  }

  /** Gives an expert its numbers. */
  void fill(int expert) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel channel = open(StandardOpenOption.WRITE)) {
      for (TensorInfo tensor : experts.values()) {
        if (tensor.name().contains(".experts." + expert + ".")) {
          channel.position(begins.get(tensor.name()));
          TensorContent.write(channel, tensor, content, buffer);
        }
      }
    }
  }

  private FileChannel open(StandardOpenOption how) throws IOException {
    return FileChannel.open(folder.resolve(EXPERTS), how, StandardOpenOption.WRITE);
  }
}
