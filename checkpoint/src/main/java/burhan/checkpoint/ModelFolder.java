package burhan.checkpoint;

import burhan.tensor.BadInputException;
import burhan.tensor.DType;
import burhan.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model as Hugging Face lays it out: {@code config.json} beside one safetensors file, or beside
 * shards with {@code model.safetensors.index.json}. Knows files and tensors, no architecture.
 */
public final class ModelFolder implements Weights {
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final Json config;
  private final List<Safetensors> files;
  private final Set<String> names;
  private final Map<String, Tensor> tensors; // empty for a copy of the headers or of the index

  private ModelFolder(
      Path folder,
      Json config,
      List<Safetensors> files,
      Set<String> names,
      Map<String, Tensor> tensors) {
    this.folder = folder;
    this.config = config;
    this.files = files;
    this.names = names;
    this.tensors = tensors;
  }

  /**
   * @throws BadInputException if the folder, its config or a weight file is missing or damaged
   */
  public static ModelFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          "%s: %s; a model is a folder with config.json and model.safetensors"
              .formatted(folder, Files.exists(folder) ? "not a folder" : "no such file or folder"));
    }
    Path configFile = folder.resolve("config.json");
    if (!Files.isRegularFile(configFile)) {
      throw new BadInputException(
          "%s: no config.json in this folder; a model is a folder with config.json and model.safetensors"
              .formatted(folder));
    }
    Json config = Json.read(configFile);
    Set<String> names = new LinkedHashSet<>();
    List<Safetensors> files = openFiles(folder, names);
    try {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      boolean hasData = !files.isEmpty() && files.stream().allMatch(Safetensors::hasData);
      if (hasData) {
        files.forEach(file -> file.names().forEach(name -> tensors.put(name, file.get(name))));
        scale(tensors, config);
      }
      return new ModelFolder(folder, config, files, names, tensors);
    } catch (BadInputException e) {
      files.forEach(Safetensors::close);
      throw e;
    }
  }

  /** Joins each FP8 weight and the scales of its blocks, as DeepSeek publishes them. */
  private static void scale(Map<String, Tensor> tensors, Json config) {
    Json quantization = config.objectOrNull("quantization_config");
    if (quantization == null) {
      return;
    }
    String method = quantization.text("quant_method");
    if (!method.equals("fp8")) {
      throw quantization.bad(
          "quant_method",
          "is \"%s\", this version reads fp8 with block scales; use a GGUF of the model"
              .formatted(method));
    }
    long[] block =
        quantization.has("weight_block_size")
            ? quantization.sizes("weight_block_size")
            : new long[] {128, 128};
    if (block.length != 2
        || block[0] < 1
        || block[1] < 1
        || block[0] > 1 << 20
        || block[1] > 1 << 20) {
      throw quantization.bad("weight_block_size", "is not two sizes of at least 1");
    }
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor scales = tensors.get(entry.getKey() + "_scale_inv");
      if (scales != null) {
        entry.setValue(entry.getValue().scaledBy(scales, (int) block[0], (int) block[1]));
      } else if (entry.getValue().type() == DType.F8_E4M3) {
        throw new BadInputException(
            "%s: %s has no scales beside it ('%s_scale_inv')"
                .formatted(config.where(), entry.getValue(), entry.getKey()));
      }
    }
  }

  /** All weight files; none where only their index is there. */
  private static List<Safetensors> openFiles(Path folder, Set<String> names) {
    List<Safetensors> opened = new ArrayList<>();
    Path index = folder.resolve(INDEX);
    if (!Files.isRegularFile(index)) {
      opened.add(Safetensors.open(folder.resolve("model.safetensors")));
      names.addAll(opened.getFirst().names());
      return opened;
    }
    Json map = Json.read(index).object("weight_map");
    names.addAll(map.names());
    Set<String> shards = new LinkedHashSet<>();
    for (String name : map.names()) {
      String shard = map.text(name);
      if (!shard.matches("[\\w.-]+\\.safetensors")) {
        throw new BadInputException(
            "%s: tensor '%s' lies in '%s', which is not a file of this folder"
                .formatted(index, name, shard));
      }
      shards.add(shard);
    }
    if (shards.stream().noneMatch(shard -> Files.exists(folder.resolve(shard)))) {
      return opened;
    }
    try {
      shards.forEach(shard -> opened.add(Safetensors.open(folder.resolve(shard))));
      requireAll(index, map, opened);
      return opened;
    } catch (BadInputException e) {
      opened.forEach(Safetensors::close);
      throw e;
    }
  }

  private static void requireAll(Path index, Json map, List<Safetensors> files) {
    Map<String, Safetensors> byTensor = new HashMap<>();
    files.forEach(file -> file.names().forEach(name -> byTensor.put(name, file)));
    for (String name : map.names()) {
      Safetensors file = byTensor.get(name);
      if (file == null || !file.where().endsWith(map.text(name))) {
        throw new BadInputException(
            "%s: tensor '%s' is not in '%s', where the index says it is; the files are of different versions"
                .formatted(index, name, map.text(name)));
      }
    }
  }

  public Path folder() {
    return folder;
  }

  /** The content of {@code config.json}. */
  public Json config() {
    return config;
  }

  @Override
  public String where() {
    return folder.toString();
  }

  @Override
  public Collection<String> names() {
    return Collections.unmodifiableSet(names);
  }

  @Override
  public Collection<TensorInfo> infos() {
    return files.stream().flatMap(file -> file.infos().stream()).toList();
  }

  @Override
  public boolean hasData() {
    return !tensors.isEmpty();
  }

  @Override
  public Tensor get(String name) {
    if (files.isEmpty()) {
      String shard =
          Json.read(folder.resolve(INDEX)).object("weight_map").text(names.iterator().next());
      throw new BadInputException(
          "%s: no such file, nor any other that the index names; download the weights to run the model"
              .formatted(folder.resolve(shard)));
    }
    return Weights.super.get(name);
  }

  @Override
  public @Nullable Tensor find(String name) {
    return tensors.get(name);
  }

  /** Bytes of all weights. */
  public long byteSize() {
    return tensors.values().stream().mapToLong(Tensor::byteSize).sum();
  }

  @Override
  public void close() {
    files.forEach(Safetensors::close);
  }
}
